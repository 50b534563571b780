"""The errors of one segment's elements: each with its code, its place and its value."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where in a segment a value stands: the element, in a composite its component, of a repeated element its
    occurrence. All count from 1; 0 means the whole element, or an element that does not repeat."""

    element: int
    component: int = 0
    repeat: int = 0


class ElementError(NamedTuple):
    """One error. `code` is one of `findings.CATALOGUE`, `data_element` the number of the data element or "".

    `message` is "" where the catalogue's title says it all. `trigger` is the element (of a composite, the component)
    whose presence asks for this one or forbids it; 0 if there is none.
    """

    code: str
    place: Place
    data_element: str = ""
    value: str = ""
    message: str = ""
    trigger: int = 0


class ElementErrors:
    """The errors of one segment. One code counts once at a place, however many notes the place breaks."""

    __slots__ = ("_errors",)

    def __init__(self) -> None:
        self._errors: dict[tuple[Place, str], ElementError] = {}

    def add(
        self, code: str, place: Place, data_element: str = "", value: str = "", message: str = "", trigger: int = 0
    ) -> None:
        """Note an error, unless this code is noted at this place already."""
        self._errors.setdefault((place, code), ElementError(code, place, data_element, value, message, trigger))

    def in_order(self) -> list[ElementError]:
        """All errors in the order of their places; errors of one place in the order in which they were noted."""
        return sorted(self._errors.values(), key=lambda error: error.place)
