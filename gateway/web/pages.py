"""Every page and its JSON twin: one view function each, shown as HTML at its address and as JSON under /api/v1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from gateway.web import present
from gateway.web.reading import Data
from gateway.web.state_words import plain, state_of, word
from gateway.web.views.files import document, files, received_file, sent_file
from gateway.web.views.glossary import words
from gateway.web.views.holds import holds
from gateway.web.views.overview import overview
from gateway.web.views.partners import partners
from gateway.web.views.returns import one_return, returns

API = "/api/v1"
REFRESH_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Page:
    """One page: where it is, which template shows it, which view knows it, and which heading it stands under."""

    path: str
    template: str
    view: Callable[..., Data]
    section: str
    twin: str = ""


PAGES: tuple[Page, ...] = (
    Page("/", "overview.html", overview, "overview", twin="/overview"),
    Page("/returns", "returns.html", returns, "returns"),
    Page("/returns/{return_no}", "return.html", one_return, "returns"),
    Page("/files", "files.html", files, "files"),
    Page("/files/in/{intake_id}", "file_in.html", received_file, "files"),
    Page("/files/out/{dispatch_id}", "file_out.html", sent_file, "files"),
    Page("/documents/{document_id}", "document.html", document, "files"),
    Page("/holds", "holds.html", holds, "holds"),
    Page("/partners", "partners.html", partners, "partners"),
    Page("/words", "words.html", words, "words"),
)


def environment() -> Environment:
    """The templates, everything in them escaped; an unknown name in one is an error, never an empty space."""
    made = Environment(
        loader=PackageLoader("gateway.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        visible=present.visible,
        file_name=present.file_name,
        quantity=present.quantity,
        size=present.size,
        subject_link=present.subject_link,
        plain=plain,
    )
    made.globals.update(word=word, state_of=state_of, link=present.link)
    return made


class Templates:
    """Renders a page with the things that every page has: heading, moment, refresh."""

    def __init__(self) -> None:
        self._environment = environment()

    def page(
        self, template: str, request: Request, now: datetime, section: str, data: Data, status: int = 200
    ) -> HTMLResponse:
        """The page as a response. Ages in it are counted to `now`."""
        asked = request.query_params.get("refresh") == "1"
        text = self._environment.get_template(template).render(
            **data,
            section=section,
            now=now.strftime("%Y-%m-%d %H:%M:%S"),
            refresh=REFRESH_SECONDS if asked else 0,
            twin=_twin_address(request) if status == 200 else "",
            when=lambda text: present.time_tag(text, present.when(text)),
            second=lambda text: present.time_tag(text, present.to_the_second(text)),
            age=lambda text: present.time_tag(text, present.age(text, now)),
        )
        return HTMLResponse(text, status_code=status)


def _twin_address(request: Request) -> str:
    path = request.url.path
    query = f"?{request.url.query}" if request.url.query else ""
    return API + ("/overview" if path == "/" else path) + query


def router(templates: Templates) -> APIRouter:
    """Routes of every page and every JSON twin."""
    made = APIRouter()
    for page in PAGES:
        made.add_api_route(page.path, _shown(page, templates), methods=["GET", "HEAD"], response_class=HTMLResponse)
        made.add_api_route(API + (page.twin or page.path), _told(page), methods=["GET", "HEAD"])
    return made


def _shown(page: Page, templates: Templates) -> Callable[..., HTMLResponse]:
    known = Depends(page.view)  # as a default: an annotation could not see this function's own names

    def show(
        request: Request,
        data: Data = known,
        refresh: Annotated[str, Query(max_length=1)] = "",
    ) -> HTMLResponse:
        del refresh  # read from the request; named here so that it is checked
        return templates.page(page.template, request, request.app.state.reading.now(), page.section, data)

    return show


def _told(page: Page) -> Callable[..., JSONResponse]:
    known = Depends(page.view)

    def tell(data: Data = known) -> JSONResponse:
        return JSONResponse(data)

    return tell
