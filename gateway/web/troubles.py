"""What a reader is told when a page cannot be shown: what happened, in words, and never how we are built inside."""

from __future__ import annotations

import uuid

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from gateway.faults import DiskFull, StoreBusy
from gateway.store import DatabaseUnusable
from gateway.web.guard import HEADERS
from gateway.web.pages import API, Templates
from gateway.web.reading import NotHere

log = structlog.get_logger("gateway.web")

TITLES = {
    400: "This cannot be asked",
    404: "Not here",
    405: "Only for reading",
    500: "Something of ours is broken",
    503: "The store cannot be used now",
}


def install(app: FastAPI, templates: Templates) -> None:
    """Make every failure of a request a page, or JSON under /api."""

    def tell(request: Request, status: int, message: str) -> Response:
        title = TITLES.get(status, "This did not work")
        if request.url.path.startswith(API):
            return JSONResponse({"status": status, "title": title, "message": message}, status)
        data = {"title": title, "message": message}
        return templates.page("trouble.html", request, app.state.reading.now(), "", data, status)

    def not_here(request: Request, error: Exception) -> Response:
        return tell(request, 404, str(error))

    def wrong_question(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        said = [f"{'.'.join(str(part) for part in each['loc'][1:])}: {each['msg']}" for each in error.errors()]
        return tell(request, 400, "; ".join(said) + ".")

    def by_status(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        message = "There is no such page." if error.status_code == 404 else str(error.detail)
        return tell(request, error.status_code, message)

    def busy(request: Request, error: Exception) -> Response:
        log.warning("web.store_busy", path=request.url.path, error=str(error))
        return tell(request, 503, "Another process keeps it locked. Try again in a moment.")

    def full(request: Request, error: Exception) -> Response:
        log.warning("web.disk_full", path=request.url.path, error=str(error))
        return tell(request, 503, "There is no room for anything new. Nothing of this was kept: ask again later.")

    def unreadable(request: Request, error: Exception) -> Response:
        assert isinstance(error, DatabaseUnusable)
        log.warning("web.store_unreadable", path=request.url.path, error=str(error.orig))
        return tell(request, 503, "The database does not answer as it should. The log says how.")

    def broken(request: Request, error: Exception) -> Response:
        # The server logs the traceback itself; this line ties it to what the reader was told.
        reference = uuid.uuid4().hex[:12]
        log.error("web.failed", path=request.url.path, reference=reference, error=type(error).__name__)
        answer = tell(request, 500, f"The log has the details under the reference {reference}.")
        for name, value in HEADERS:  # this answer is made outside the middleware that adds them elsewhere
            answer.headers.setdefault(name, value)
        return answer

    app.add_exception_handler(NotHere, not_here)
    app.add_exception_handler(RequestValidationError, wrong_question)
    app.add_exception_handler(HTTPException, by_status)
    app.add_exception_handler(StoreBusy, busy)
    app.add_exception_handler(DiskFull, full)
    app.add_exception_handler(DatabaseUnusable, unreadable)
    app.add_exception_handler(Exception, broken)
