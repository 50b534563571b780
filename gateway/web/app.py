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
from gateway.web.endpoints import downloads, events_api, health, portal_api, returns_api
from gateway.web.error_pages import install_error_pages
from gateway.web.pages import PAGES
from gateway.web.rendering import Templates
from gateway.web.routes import page_router
from gateway.web.security_headers import SecurityHeaders
from gateway.web.sources import Sources

STATIC = Path(__file__).parent / "static"

Book = PartnerBook | Callable[[], PartnerBook | None] | None


def create_app(
    store: Store,
    home: Home,
    book: Book = None,
    clock: Clock | None = None,
    *,
    heartbeat: health.Heartbeat | None = None,
    wake: returns_api.Wake | None = None,
    hosts: Sequence[str] | None = None,
) -> FastAPI:
    """The application over one store and home. It reads, and leaves what the API asks for as a row.

    `book`: the partners as configured, or a function that gives them as they are now. `heartbeat`: seconds since the
    main loop last went round, for /livez. `wake`: tells the main loop that there is something to do. `hosts`: names the
    page answers to (against DNS rebinding); None for any.
    """
    app = FastAPI(title="returns-gateway", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.sources = Sources(store, home, _book_reader(book), clock or SystemClock())
    templates = Templates(PAGES)
    if hosts is not None:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    app.add_middleware(SecurityHeaders)  # the last one added is the outermost: refusals carry the headers too
    app.include_router(health.health_router(heartbeat))
    app.include_router(downloads.router)
    app.include_router(returns_api.returns_api_router(wake or _wake_nobody))
    app.include_router(portal_api.portal_api_router())
    app.include_router(events_api.events_api_router())
    app.include_router(page_router(PAGES, templates))
    app.mount("/static", _StaticFiles(directory=STATIC), name="static")
    install_error_pages(app, templates)
    return app


def _book_reader(book: Book) -> Callable[[], PartnerBook | None]:
    if isinstance(book, PartnerBook) or book is None:
        return lambda: book
    return book


def _wake_nobody() -> None:
    """Do nothing: the next tick finds the request by itself."""


class _StaticFiles(StaticFiles):
    """Our own style sheet and mark: kept by the browser, but asked for again, so that an upgrade shows at once."""

    def file_response(self, *args: object, **kwargs: object):  # type: ignore[no-untyped-def] # as its parent's
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type] # passed on as they came
        response.headers["Cache-Control"] = "no-cache"
        return response
