"""The status page as an ASGI application: server-rendered, every page with its JSON twin; and the API for returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from gateway.clock import Clock, SystemClock
from gateway.home import Home
from gateway.partners import PartnerBook
from gateway.store import Store
from gateway.web import api, downloads, health, pages, troubles
from gateway.web.guard import SecurityHeaders
from gateway.web.reading import Reading

STATIC = Path(__file__).parent / "static"

Book = PartnerBook | Callable[[], PartnerBook | None] | None


def create_app(
    store: Store,
    home: Home,
    book: Book = None,
    clock: Clock | None = None,
    *,
    heartbeat: health.Heartbeat | None = None,
    wake: api.Wake | None = None,
    hosts: Sequence[str] | None = None,
) -> FastAPI:
    """The application over one store and home. It reads, and leaves what the API asks for as a row.

    `book`: the partners as configured, or a function that gives them as they are now. `heartbeat`: seconds since the
    main loop last went round, for /livez. `wake`: tells the main loop that there is something to do. `hosts`: names the
    page answers to (against DNS rebinding); None for any.
    """
    app = FastAPI(title="returns-gateway", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.reading = Reading(store, home, _current(book), clock or SystemClock())
    templates = pages.Templates()
    if hosts is not None:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    app.add_middleware(SecurityHeaders)  # the last one added is the outermost: refusals carry the headers too
    app.include_router(health.router(heartbeat))
    app.include_router(downloads.router)
    app.include_router(api.router(wake or _nobody))
    app.include_router(pages.router(templates))
    app.mount("/static", _Static(directory=STATIC), name="static")
    troubles.install(app, templates)
    return app


def _current(book: Book) -> Callable[[], PartnerBook | None]:
    if isinstance(book, PartnerBook) or book is None:
        return lambda: book
    return book


def _nobody() -> None:
    """Wakes nobody: the next tick finds the request by itself."""


class _Static(StaticFiles):
    """Our own style sheet and mark: kept by the browser, but asked for again, so that an upgrade shows at once."""

    def file_response(self, *args: object, **kwargs: object):  # type: ignore[no-untyped-def] # as its parent's
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type] # passed on as they came
        response.headers["Cache-Control"] = "no-cache"
        return response
