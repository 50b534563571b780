"""The parameters of a page's address: numbers of things, and what a list may be narrowed to. Lengths are capped."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from gateway.store.read.holds import HoldPage
from gateway.store.read.returns import ReturnPage
from gateway.store.read.rows import FilePage

Id = Annotated[int, Path(ge=0, le=2**53)]
Text = Annotated[str, Field(max_length=100)]
Number = Annotated[int, Field(ge=0, le=2**53)]
PageSize = Annotated[int, Field(ge=1, le=200)]

PAGE_SIZE = 50


class Filter(BaseModel):
    """What lists have in common: `size`, the rows of a page.

    Parameters that a page does not know are not an error: links of older versions stay good.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    size: PageSize = PAGE_SIZE

    def asked(self) -> dict[str, object]:
        """The filters by name, without where the page begins: for the form, and for the link to the next page."""
        filters = self.model_dump(by_alias=True, exclude={"before", "after", "line", "size"})
        return filters | ({"size": self.size} if self.size != PAGE_SIZE else {})

    def narrowed(self) -> bool:
        """Does a filter leave anything out that the page shows without filters?"""
        no_filters = {"before", "after", "line", "size", "direction"}
        return bool(self.model_dump(exclude_defaults=True, exclude=no_filters))


class ReturnFilter(Filter):
    """`before`: the return number after which (going down) the page begins."""

    partner: Text = ""
    status: Text = ""
    blocked_at: Text = ""
    q: Text = ""
    before: Text = ""

    def page(self) -> ReturnPage:
        """The page of the list, as the store is asked for it."""
        return ReturnPage(self.partner, self.status, self.blocked_at, self.q, self.before, self.size)


class FileFilter(Filter):
    """`before`: the file's number after which (going down) the page begins."""

    direction: Literal["received", "sent"] = "received"
    partner: Text = ""
    state: Text = ""
    q: Text = ""
    before: Number = 0

    def page(self) -> FilePage:
        """The page of the list, as the store is asked for it."""
        return FilePage(self.partner, self.state, self.q, self.before, self.size)


class HoldFilter(Filter):
    """`after`: the hold's number after which the page begins."""

    state: Literal["open", "resolved", "all"] = "open"
    class_: Annotated[str, Field(max_length=100, alias="class")] = ""
    owner: Text = ""
    partner: Text = ""
    after: Number = 0

    def page(self) -> HoldPage:
        """The page of the list, as the store is asked for it."""
        state = "" if self.state == "all" else self.state
        return HoldPage(state, self.class_, self.owner, self.partner, self.after, self.size)


class SetPage(Filter):
    """`after`: the ordinal of the set after which the page of a file's sets begins; `line` the first line explained."""

    after: Annotated[int, Field(ge=-1, le=2**53)] = -1
    line: Number = 0
