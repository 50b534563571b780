"""The routes of every page and of its JSON twin, made from the table of pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse

from gateway.web.page import Page
from gateway.web.rendering import Templates


def page_router(pages: Sequence[Page], templates: Templates) -> APIRouter:
    """A GET and HEAD route for each page's HTML and for its JSON."""
    router = APIRouter()
    for page in pages:
        router.add_api_route(
            page.address, _html_route(page, templates), methods=["GET", "HEAD"], response_class=HTMLResponse
        )
        router.add_api_route(page.twin, _json_route(page), methods=["GET", "HEAD"])
    return router


def _html_route(page: Page, templates: Templates) -> Callable[..., HTMLResponse]:
    read = Depends(page.read)  # as a default: an annotation could not see this function's own names

    def show_page(
        request: Request,
        data: Mapping[str, object] = read,
        refresh: Annotated[str, Query(max_length=1)] = "",
    ) -> HTMLResponse:
        del refresh  # read from the request; named here so that it is checked
        return templates.render_page(page, request, request.app.state.sources.now(), data)

    return show_page


def _json_route(page: Page) -> Callable[..., JSONResponse]:
    read = Depends(page.read)

    def send_data(data: Mapping[str, object] = read) -> JSONResponse:
        return JSONResponse(data)

    return send_data
