"""What a reader is told when a page cannot be shown: what happened, in words, and never how we are built inside."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from gateway.faults import DiskFull, StoreBusy
from gateway.store import DatabaseUnusable
from gateway.web.page import API
from gateway.web.rendering import Templates
from gateway.web.security_headers import HEADERS
from gateway.web.sources import NotHere

log = structlog.get_logger("gateway.web")

TITLES = {
    400: "This cannot be asked",
    404: "Not here",
    405: "Only for reading",
    500: "Something of ours is broken",
    503: "The store cannot be used now",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """The HTTP status of an error, and what the reader is told."""

    status: int
    message: str

    @property
    def title(self) -> str:
        """The heading of the error page."""
        return TITLES.get(self.status, "This did not work")


Explain = Callable[[Request, Exception], Refusal]


def install_error_pages(app: FastAPI, templates: Templates) -> None:
    """Make every failure of a request a page, or JSON under /api. Failures that are ours are logged."""
    for kind, explain in _EXPLANATIONS:
        app.add_exception_handler(kind, _handler(explain, templates))


def _handler(explain: Explain, templates: Templates) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        refusal = explain(request, error)
        response = _response(request, refusal, templates)
        if refusal.status == 500:
            for name, value in HEADERS:  # this answer is made outside the middleware that adds them elsewhere
                response.headers.setdefault(name, value)
        return response

    return answer


def _response(request: Request, refusal: Refusal, templates: Templates) -> Response:
    status, title, message = refusal.status, refusal.title, refusal.message
    if request.url.path.startswith(API):
        return JSONResponse({"status": status, "title": title, "message": message}, status)
    return templates.render_error(request, request.app.state.sources.now(), title, message, status)


def _not_here(_request: Request, error: Exception) -> Refusal:
    return Refusal(404, str(error))


def _wrong_parameters(_request: Request, error: Exception) -> Refusal:
    assert isinstance(error, RequestValidationError)
    problems = [f"{'.'.join(str(part) for part in entry['loc'][1:])}: {entry['msg']}" for entry in error.errors()]
    return Refusal(400, "; ".join(problems) + ".")


def _http_status(_request: Request, error: Exception) -> Refusal:
    assert isinstance(error, HTTPException)
    message = "There is no such page." if error.status_code == 404 else str(error.detail)
    return Refusal(error.status_code, message)


def _store_busy(request: Request, error: Exception) -> Refusal:
    log.warning("web.store_busy", path=request.url.path, error=str(error))
    return Refusal(503, "Another process keeps it locked. Try again in a moment.")


def _disk_full(request: Request, error: Exception) -> Refusal:
    log.warning("web.disk_full", path=request.url.path, error=str(error))
    return Refusal(503, "There is no room for anything new. Nothing of this was kept: ask again later.")


def _store_unreadable(request: Request, error: Exception) -> Refusal:
    assert isinstance(error, DatabaseUnusable)
    log.warning("web.store_unreadable", path=request.url.path, error=str(error.orig))
    return Refusal(503, "The database does not answer as it should. The log says how.")


def _unexpected(request: Request, error: Exception) -> Refusal:
    # The server logs the traceback itself; this line ties it to what the reader was told.
    reference = uuid.uuid4().hex[:12]
    log.error("web.failed", path=request.url.path, reference=reference, error=type(error).__name__)
    return Refusal(500, f"The log has the details under the reference {reference}.")


_EXPLANATIONS: tuple[tuple[type[Exception], Explain], ...] = (
    (NotHere, _not_here),
    (RequestValidationError, _wrong_parameters),
    (HTTPException, _http_status),
    (StoreBusy, _store_busy),
    (DiskFull, _disk_full),
    (DatabaseUnusable, _store_unreadable),
    (Exception, _unexpected),
)
