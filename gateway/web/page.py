"""What a page is: its address, its title, its template and the function that reads its data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Page:
    """One page and its JSON twin.

    `address`: the path of the HTML page, with FastAPI's parameters ("/returns/{return_no}").
    `title`: the text in the browser's tab, and in the menu if the page is there. A template may say a closer title.
    `template`: a file of gateway/web/templates. `read`: a FastAPI dependency that gives the page's data, a TypedDict
    of values that JSON knows; the template and the twin are both made from it.
    `under`: the title of the menu's page that this page belongs to; a page of the menu has none.
    `json_address`: the path of the twin of a page whose address cannot stand behind /api/v1; without parameters.
    """

    address: str
    title: str
    template: str
    read: Callable[..., Mapping[str, object]]
    under: str = ""
    json_address: str = ""

    @property
    def twin(self) -> str:
        """The path of the JSON twin."""
        return self.json_address or API + self.address

    @property
    def menu_title(self) -> str:
        """The title of the menu's page that is marked as the current one."""
        return self.under or self.title
