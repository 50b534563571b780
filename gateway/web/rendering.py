"""Render a page's template with its data and with what every page has: the menu, the moment, the reload."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from gateway.web.display import formatting
from gateway.web.display.state_words import plain, state_of, word
from gateway.web.page import API, Page

REFRESH_SECONDS = 30


def template_environment() -> Environment:
    """The templates, everything in them escaped; an unknown name in one is an error, never an empty space."""
    environment = Environment(
        loader=PackageLoader("gateway.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        visible=formatting.visible,
        file_name=formatting.file_name,
        quantity=formatting.quantity,
        size=formatting.size,
        subject_link=formatting.subject_link,
        plain=plain,
    )
    environment.globals.update(word=word, state_of=state_of, link=formatting.link)
    return environment


class Templates:
    """Renders pages. `pages`: the table of pages, whose menu stands at the head of each."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._environment = template_environment()
        self._environment.globals.update(menu=[page for page in pages if not page.under])

    def render_page(self, page: Page, request: Request, now: datetime, data: Mapping[str, object]) -> HTMLResponse:
        """A page as a response. Ages in it are counted to `now`."""
        query = f"?{request.url.query}" if request.url.query else ""
        twin = (page.json_address or API + request.url.path) + query
        return self._render(page.template, request, now, data, title=page.title, current=page.menu_title, twin=twin)

    def render_error(self, request: Request, now: datetime, title: str, message: str, status: int) -> HTMLResponse:
        """The page that says why there is no other one."""
        data = {"message": message}
        return self._render("error.html", request, now, data, title=title, current="", twin="", status=status)

    def _render(
        self,
        template: str,
        request: Request,
        now: datetime,
        data: Mapping[str, object],
        *,
        title: str,
        current: str,
        twin: str,
        status: int = 200,
    ) -> HTMLResponse:
        wants_reload = request.query_params.get("refresh") == "1"
        text = self._environment.get_template(template).render(
            **data,
            title=title,
            current=current,
            twin=twin,
            now=now.strftime("%Y-%m-%d %H:%M:%S"),
            refresh=REFRESH_SECONDS if wants_reload else 0,
            when=lambda text: formatting.time_tag(text, formatting.when(text)),
            second=lambda text: formatting.time_tag(text, formatting.to_the_second(text)),
            age=lambda text: formatting.time_tag(text, formatting.age(text, now)),
        )
        return HTMLResponse(text, status_code=status)
