"""Building blocks of the sets we write: segments checked against the lengths of the standard, parties, item ids.

A value that does not fit is an error with its place, never cut: half a reference matches nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from textwrap import wrap
from types import MappingProxyType
from typing import NamedTuple

from translators.canonical import Item, Party, Reference
from translators.profile import Profile
from translators.x12.sets.code_meanings import LOT, PARTY_CODES, REFERENCE_CODES, SERIAL
from translators.x12.writer import effective_delimiters

Place = tuple[str, int]
"""Segment id and element number: ("N9", 2)."""

Lengths = Mapping[Place, tuple[int, int]]
"""Least and most characters of the elements that a writer fills with data; fixed codes are not listed."""


class Limits(NamedTuple):
    """What the elements of one set hold: `lengths` in X12 004010, those that `since_005010` differ, and which are
    `numbers`, of which sign and point do not count.
    """

    lengths: Lengths
    since_005010: Lengths = MappingProxyType({})
    numbers: frozenset[Place] = frozenset()


# Segments that every set we write has alike. From 005010 on reference identifications (DE 127) hold 50 characters.
SHARED: Lengths = {
    ("N9", 1): (2, 3),
    ("N9", 2): (1, 30),
    ("N1", 2): (1, 60),
    ("N1", 3): (1, 2),
    ("N1", 4): (2, 80),
    ("N3", 1): (1, 55),
    ("N3", 2): (1, 55),
    ("N4", 1): (2, 30),
    ("N4", 2): (2, 2),
    ("N4", 3): (3, 15),
    ("N4", 4): (2, 3),
    ("NTE", 2): (1, 80),
}
SHARED_005010: Lengths = {("N9", 2): (1, 50)}

GTIN_QUALIFIERS = {8: "EO", 12: "UP", 13: "EN", 14: "UK"}
DEFAULT_ID_QUALIFIER = "93"
"""N103 where a party has an id but nobody said whose: assigned by the sender of the set."""

N3_USES, N9_USES = 2, 10


class UnwritableValue(ValueError):
    """A value that the set cannot carry, and where it should have stood."""

    def __init__(self, segment: str, element: int, value: str, message: str) -> None:
        super().__init__(f"{segment}{element:02d}: {message}")
        self.segment = segment
        self.element = element
        self.value = value


class ValueTooLong(UnwritableValue):
    """The value has more characters than the element holds."""

    def __init__(self, segment: str, element: int, value: str, maximum: int) -> None:
        super().__init__(segment, element, value, f"{value!r} is longer than the {maximum} characters allowed")
        self.maximum = maximum


class ValueTooShort(UnwritableValue):
    """The value has fewer characters than the element needs."""

    def __init__(self, segment: str, element: int, value: str, minimum: int) -> None:
        super().__init__(segment, element, value, f"{value!r} is shorter than the {minimum} characters needed")
        self.minimum = minimum


class MissingValue(UnwritableValue):
    """The set must have a value here, and the document has none."""

    def __init__(self, segment: str, element: int, what: str) -> None:
        super().__init__(segment, element, "", f"{what} is missing")


class Composer:
    """Collects the segments of one outbound set, each element checked against the release's lengths.

    `limits` are those of the set's own segments; N1, N3, N4, N9 and NTE are known.
    """

    def __init__(self, profile: Profile, limits: Limits) -> None:
        self.profile = profile
        self.segments: list[list[str]] = []
        self._numbers = limits.numbers
        self._lengths = {**SHARED, **limits.lengths}
        if profile.envelope.version[:6] >= "005010":
            self._lengths |= {**SHARED_005010, **limits.since_005010}
        delimiters = effective_delimiters(profile.envelope, profile.envelope.version)
        marks = {delimiters.element, delimiters.component, delimiters.repetition, delimiters.segment} - {""}
        self._blanks = str.maketrans(dict.fromkeys(marks, " "))

    def add(self, segment_id: str, *elements: str) -> None:
        """One segment. Raises ValueTooLong or ValueTooShort."""
        segment = [segment_id, *elements]
        while len(segment) > 1 and not segment[-1]:
            segment.pop()
        for number, value in enumerate(segment[1:], 1):
            if value:
                self._check(segment_id, number, value)
        self.segments.append(segment)

    def _check(self, segment_id: str, number: int, value: str) -> None:
        place = (segment_id, number)
        limits = self._lengths.get(place)
        if limits is None:
            return
        minimum, maximum = limits
        length = sum(character.isdigit() for character in value) if place in self._numbers else len(value)
        if length > maximum:
            raise ValueTooLong(segment_id, number, value, maximum)
        if length < minimum:
            raise ValueTooShort(segment_id, number, value, minimum)

    def free_text(self, value: str) -> str:
        """Text for people: the envelope's delimiters, line ends and runs of blanks become single blanks."""
        return " ".join(value.translate(self._blanks).split())

    def longest(self, place: Place) -> int:
        """The most characters that an element holds. KeyError for one without limits."""
        return self._lengths[place][1]

    def lines_of(self, value: str, place: Place) -> list[str]:
        """Free text in lines that fit the element, broken between words."""
        return wrap(self.free_text(value), self.longest(place))

    def references(self, references: Sequence[Reference], *, room: int = N9_USES) -> None:
        """N9 segments, each number once, as many as the loop may repeat: callers put what matters first.

        The partner's crosswalk `reference_qualifier` says with which qualifier, else the standard's.
        """
        own = self.profile.crosswalk("reference_qualifier")
        written: dict[tuple[str, str], None] = {}
        for reference in references:
            qualifier = own.theirs(reference.kind) or reference_qualifier(reference.kind)
            if qualifier and reference.value:
                written[(qualifier, reference.value)] = None
        for qualifier, value in list(written)[:room]:
            self.add("N9", qualifier, value)

    def units(self, serials: Sequence[str], lots: Sequence[str], *, room: int) -> None:
        """N9 segments with the serials and lots of a line, as many as the loop may repeat; lots, which are few, first.

        The partner's crosswalk `reference_qualifier` says with which qualifiers, else SE and LT.
        """
        own = self.profile.crosswalk("reference_qualifier")
        numbers = [(own.theirs("lot") or LOT, lot) for lot in lots]
        numbers += [(own.theirs("serial") or SERIAL, serial) for serial in serials]
        for qualifier, value in numbers[:room]:
            self.add("N9", qualifier, value)

    def party(self, code: str, party: Party) -> None:
        """N1 with the N3 and N4 it needs."""
        qualifier = (party.qualifier or DEFAULT_ID_QUALIFIER) if party.id else ""
        name = self.free_text(party.name)
        if not name and not party.id:
            raise MissingValue("N1", 2, f"name or id of the {party.role}")
        self.add("N1", code, name, qualifier, party.id)
        address = [self.free_text(line) for line in party.address if line.strip()]
        if len(address) > 2 * N3_USES:
            raise ValueTooLong("N3", 1, "; ".join(address), 2 * N3_USES * self.longest(("N3", 1)))
        for start in range(0, len(address), 2):
            self.add("N3", *address[start : start + 2])
        if party.city or party.region or party.postal_code or party.country:
            self.add("N4", self.free_text(party.city), party.region, party.postal_code, party.country)

    def parties(self, parties: Sequence[Party], roles: Sequence[str]) -> list[str]:
        """The parties that have one of `roles`, in that order; the roles written."""
        written = []
        for role in roles:
            for party in parties:
                if party.role == role:
                    self.party(PARTY_CODES[role], party)
                    written.append(role)
        return written


def reference_qualifier(kind: str) -> str:
    """A reference's kind → DE 128; "" for a kind that a segment N9 has no qualifier for (a carton, QTY parts)."""
    if kind.startswith("x12:"):
        qualifier = kind.removeprefix("x12:")
        return qualifier if qualifier.isalnum() and 2 <= len(qualifier) <= 3 else ""
    return REFERENCE_CODES.get(kind, "")


def item_ids(item: Item, profile: Profile, fields: Sequence[str], *, ours: str = "SK") -> Iterator[tuple[str, str]]:
    """Item → qualifier/id pairs (DE 235) in the order of `fields`, each id once.

    Fields are sku, buyer_sku, vendor_sku, gtin, other. Qualifiers come from the crosswalk `item_qualifier` (theirs →
    field); without it they are `ours` for our SKU, IN, VN, and for a GTIN the one of its length.
    """
    known = profile.crosswalk("item_qualifier")
    defaults = {"sku": ours, "buyer_sku": "IN", "vendor_sku": "VN"}
    seen: set[str] = set()
    for field in fields:
        if field == "other":
            pairs = [pair for pair in item.other if len(pair[0]) == 2]
        else:
            value: str = getattr(item, field)
            default = GTIN_QUALIFIERS.get(len(value), "UP") if field == "gtin" else defaults[field]
            pairs = [(known.theirs(field) or default, value)]
        for qualifier, value in pairs:
            if value and value not in seen:
                seen.add(value)
                yield qualifier, value


def number(value: Decimal) -> str:
    """A quantity as X12 type R: no exponent, no zeros after the point that say nothing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def partners_unit(unit: str, profile: Profile) -> str:
    """Our unit → the partner's."""
    return profile.crosswalk("unit").theirs(unit) or unit
