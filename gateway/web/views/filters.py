"""What a list may be asked for in its address. Lengths and page sizes are capped."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(max_length=100)]
Number = Annotated[int, Field(ge=0, le=2**53)]
PageSize = Annotated[int, Field(ge=1, le=200)]

PAGE_SIZE = 50


class Filter(BaseModel):
    """Parameters that a page does not know are not an error: links of older versions stay good."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    size: PageSize = PAGE_SIZE

    def asked(self) -> dict[str, object]:
        """What was asked for, wherever the page begins: for the form, and for the link to the next page."""
        said = self.model_dump(by_alias=True, exclude={"before", "after", "line", "size"})
        return said | ({"size": self.size} if self.size != PAGE_SIZE else {})

    def narrowed(self) -> bool:
        """Does it leave anything out that the page shows by itself?"""
        where = {"before", "after", "line", "size", "direction"}
        return bool(self.model_dump(exclude_defaults=True, exclude=where))


class ReturnFilter(Filter):
    """`before`: the return number after which (going down) the page begins."""

    partner: Text = ""
    status: Text = ""
    blocked_at: Text = ""
    q: Text = ""
    before: Text = ""


class FileFilter(Filter):
    """`before`: the file's number after which (going down) the page begins."""

    direction: Literal["received", "sent"] = "received"
    partner: Text = ""
    state: Text = ""
    q: Text = ""
    before: Number = 0


class HoldFilter(Filter):
    """`after`: the hold's number after which the page begins."""

    state: Literal["open", "resolved", "all"] = "open"
    class_: Annotated[str, Field(max_length=100, alias="class")] = ""
    owner: Text = ""
    partner: Text = ""
    after: Number = 0


class SetPage(Filter):
    """`after`: the ordinal of the set after which the page of a file's sets begins; `line` the first line explained."""

    after: Annotated[int, Field(ge=-1, le=2**53)] = -1
    line: Number = 0
