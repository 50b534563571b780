"""What many sets have alike: parties, references, items, notes, charges, line numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypedDict

from translators.bindings import Located, Provenance, read_decimal, read_implied
from translators.canonical import Charge, Item, Party, Purpose, Reference
from translators.profile import Crosswalk, Profile
from translators.provenance import Source
from translators.x12.sets.code_meanings import (
    CHARGE_KINDS,
    ITEM_FIELDS,
    ITEM_LOTS,
    ITEM_ORDER_LINE,
    ITEM_SERIAL,
    LOT,
    PARTY_ROLES,
    PURPOSES,
    REFERENCE_KINDS,
    SERIAL,
)
from translators.x12.sets.context import SetContext
from translators.x12.sets.reading.scopes import at


def purpose_of(code: str) -> Purpose:
    """DE 353 → our word; "other" for a code that says nothing about a return."""
    return PURPOSES.get(code, "other" if code else "original")


class _PartyFields(TypedDict, total=False):
    """A party while its N1 loop is read."""

    role: str
    name: str
    qualifier: str
    id: str
    address: tuple[str, ...]
    city: str
    region: str
    postal_code: str
    country: str


class IdentifierFields(TypedDict):
    """What identifies the goods of a canonical line, as its keywords."""

    references: tuple[Reference, ...]
    serials: tuple[str, ...]
    lots: tuple[str, ...]


def parties(located: Iterable[Located], provenance: Provenance) -> tuple[Party, ...]:
    """N1 loops (N1 with the N2, N3, N4 after it) → parties, in order."""
    found: list[_PartyFields] = []
    current: _PartyFields | None = None
    for position, segment in located:
        segment_id = segment[0]
        if segment_id == "N1":
            code = at(segment, 1)
            current = {
                "role": PARTY_ROLES.get(code, f"x12:{code}"),
                "name": at(segment, 2),
                "qualifier": at(segment, 3),
                "id": at(segment, 4),
                "address": (),
            }
            provenance[f"parties.{len(found)}"] = Source(segment="N1", position=position)
            found.append(current)
        elif current is None:
            continue
        elif segment_id == "N2":
            current["name"] = " ".join(filter(None, [current["name"], at(segment, 1), at(segment, 2)]))
        elif segment_id == "N3":
            current["address"] += tuple(filter(None, (at(segment, 1), at(segment, 2))))
        elif segment_id == "N4":
            current["city"], current["region"] = at(segment, 1), at(segment, 2)
            current["postal_code"], current["country"] = at(segment, 3), at(segment, 4)
            current = None
        elif segment_id not in {"PER", "REF"}:
            current = None
    return tuple(Party(**fields) for fields in found)


class Identifiers:
    """References, serials and lots gathered for one document or line, each once, in order of appearance."""

    def __init__(self, provenance: Provenance, prefix: str = "") -> None:
        self.references: list[Reference] = []
        self.serials: list[str] = []
        self.lots: list[str] = []
        self._provenance = provenance
        self._prefix = prefix
        self._seen: set[tuple[str, str]] = set()

    def add(self, kind: str, value: str, source: Source | None = None) -> None:
        """A reference; empty values and those known already are left out."""
        if value and self._new(kind, value):
            if source is not None:
                self._provenance[f"{self._prefix}references.{len(self.references)}"] = source
            self.references.append(Reference(kind=kind, value=value))

    def add_serial(self, value: str, source: Source) -> None:
        """A serial number; empty values and those known already are left out."""
        if value and self._new("serial", value):
            self._provenance[f"{self._prefix}serials.{len(self.serials)}"] = source
            self.serials.append(value)

    def add_lot(self, value: str, source: Source) -> None:
        """A lot number; empty values and those known already are left out."""
        if value and self._new("lot", value):
            self._provenance[f"{self._prefix}lots.{len(self.lots)}"] = source
            self.lots.append(value)

    def _new(self, kind: str, value: str) -> bool:
        known = (kind, value) in self._seen
        self._seen.add((kind, value))
        return not known

    def add_references(
        self, located: Iterable[Located], context: SetContext, *, seals_are_serials: bool = False
    ) -> None:
        """N9 and REF segments: the qualified number, else its free text, and the further pairs of C040.

        The partner's crosswalk `reference_qualifier` (theirs → rma, request, …) goes before the standard's meanings.
        `seals_are_serials`: where only serial numbers make sense, SN (a seal, by the standard) is taken for one.
        """
        own = context.profile.crosswalks.get("reference_qualifier")
        for position, segment in located:
            segment_id = segment[0]
            value, element = at(segment, 2), 2
            if not value:
                value, element = at(segment, 3), 3
            qualifier = at(segment, 1)
            if seals_are_serials and qualifier == "SN":
                qualifier = SERIAL
            self._qualified(qualifier, value, Source(segment=segment_id, position=position, element=element), own)
            composite = 7 if segment_id == "N9" else 4
            more = at(segment, composite)
            if more:
                pairs = context.components(more)
                for number in range(0, len(pairs) - 1, 2):
                    source = Source(segment=segment_id, position=position, element=composite, component=number + 2)
                    self._qualified(pairs[number].strip(), pairs[number + 1].strip(), source, own)

    def add_qualified(self, qualifier: str, value: str, source: Source, context: SetContext) -> None:
        """A number with its DE 128 qualifier from a segment that is neither N9 nor REF (L11)."""
        self._qualified(qualifier, value, source, context.profile.crosswalks.get("reference_qualifier"))

    def _qualified(self, qualifier: str, value: str, source: Source, own: Crosswalk | None) -> None:
        kind = own.ours(qualifier) if own is not None and qualifier else None
        if kind == "serial" or (kind is None and qualifier == SERIAL):
            self.add_serial(value, source)
        elif kind == "lot" or (kind is None and qualifier == LOT):
            self.add_lot(value, source)
        elif qualifier:
            self.add(kind or REFERENCE_KINDS.get(qualifier) or f"x12:{qualifier}", value, source)

    @property
    def as_fields(self) -> IdentifierFields:
        """The keywords of a canonical line."""
        return {
            "references": tuple(self.references),
            "serials": tuple(self.serials),
            "lots": tuple(self.lots),
        }


ITEM_IDS = frozenset({"sku", "buyer_sku", "vendor_sku", "gtin"})

Pair = tuple[str, str, int]
"""Item id qualifier (DE 235), id, and the element the id stands in."""


def pairs_of(segment: list[str], starts: Iterable[int]) -> Iterator[Pair]:
    """The qualifier/id pairs of BLI, LIN, W07 or W04, given the elements the qualifiers stand in."""
    for start in starts:
        if start >= len(segment):
            return
        qualifier, value = at(segment, start), at(segment, start + 1)
        if qualifier and value:
            yield qualifier, value, start + 1


def item_fields(profile: Profile) -> Mapping[str, str]:
    """Item id qualifier → field of Item, for what this partner sends.

    A bare SKU is the sender's: a retailer's is the buyer's number, a warehouse keeps our stock under ours. The
    crosswalk `item_qualifier` (theirs → sku, buyer_sku, vendor_sku or gtin; any other word: `other`) says otherwise.
    """
    fields = dict(ITEM_FIELDS)
    if profile.role == "retailer":
        fields["SK"] = "buyer_sku"
    for row in profile.crosswalk("item_qualifier").rows:
        fields[row.theirs] = row.ours if row.ours in ITEM_IDS else ""
    return fields


class ItemReader:
    """Item ids of one set: the table of qualifiers is looked up once per set, not per line."""

    def __init__(self, profile: Profile) -> None:
        plain = profile.role != "retailer" and "item_qualifier" not in profile.crosswalks
        self._fields = ITEM_FIELDS if plain else item_fields(profile)
        self._skus = profile.crosswalks.get("sku")

    def read(
        self,
        pairs: Iterable[Pair],
        located: Located,
        identifiers: Identifiers,
        provenance: Provenance,
        prefix: str,
        description: str = "",
    ) -> tuple[Item, tuple[str, Source] | None]:
        """Qualifier/id pairs → Item, and the order line number if one of the pairs is that.

        Serial and lot numbers among the pairs go to `identifiers`. A second id of the same kind goes to `other`.
        The crosswalk `sku` gives our SKU for the first id that it knows.
        """
        position, segment = located
        fields: dict[str, str] = {}
        other: list[tuple[str, str]] = []
        order_line: tuple[str, Source] | None = None
        for qualifier, value, element in pairs:
            source = Source(segment=segment[0], position=position, element=element)
            if qualifier == ITEM_SERIAL:
                identifiers.add_serial(value, source)
            elif qualifier in ITEM_LOTS:
                identifiers.add_lot(value, source)
            elif qualifier == ITEM_ORDER_LINE:
                order_line = (value, source)
            else:
                field = self._fields.get(qualifier, "")
                if field and field not in fields:
                    fields[field] = value
                    provenance[f"{prefix}item.{field}"] = source
                else:
                    other.append((qualifier, value))
        if self._skus is not None and "sku" not in fields:
            known = (self._skus.ours(value) for value in (*fields.values(), *(value for _, value in other)))
            fields["sku"] = next((sku for sku in known if sku), "")
        return Item(description=description, other=tuple(other), **fields), order_line


def notes(located: Iterable[Located]) -> str:
    """NTE segments → one text, a line each."""
    return "\n".join(filter(None, (at(segment, 2) for _, segment in located)))


def description(located: Sequence[Located] | None, element: int) -> str:
    """PID05 or G6901 of several segments → one text."""
    return " ".join(filter(None, [at(segment, element) for _, segment in located])) if located else ""


def charges(located: Iterable[Located], provenance: Provenance, prefix: str = "") -> tuple[Charge, ...]:
    """SAC segments → charges and allowances, amounts as positive numbers; SAC01 says which.

    SAC05 has two implied decimals; a written point is taken literally. Without an amount, rate times quantity
    (SAC08, SAC10) stands in; a bare percentage has no amount we could know and becomes text on an amount of 0.
    """
    found: list[Charge] = []
    for position, segment in located:
        indicator, code = at(segment, 1), at(segment, 2) or at(segment, 4)
        kind = "allowance" if indicator == "A" else CHARGE_KINDS.get(code, "other")
        amount, text, element = read_implied(at(segment, 5), 2), at(segment, 15), 5
        if amount is None:
            rate, quantity, element = read_decimal(at(segment, 8)), read_decimal(at(segment, 10)), 8
            if rate is not None:
                amount = rate * (Decimal(1) if quantity is None else quantity)
            elif at(segment, 7):
                amount, element = Decimal(0), 7
                text = " ".join(filter(None, [text, f"{at(segment, 7)} %"]))
            else:
                continue
        provenance[f"{prefix}charges.{len(found)}"] = Source(segment="SAC", position=position, element=element)
        found.append(Charge(kind=kind, amount=abs(amount), code=code, text=text))
    return tuple(found)


def line_numbers(claimed: Sequence[str]) -> list[str]:
    """The numbers that lines say they have ("" for none), each line with one of its own.

    Two lines with the same number make the numbers useless: then all count 1, 2, 3, … A line without a number gets
    its place, or the next free number after the last line where another line has taken that.
    """
    stated = [number for number in claimed if number]
    taken = set(stated)
    if len(taken) != len(stated):
        return [str(place) for place in range(1, len(claimed) + 1)]
    numbers, spare = [], len(claimed)
    for place, own in enumerate(claimed, 1):
        number = own or str(place)
        while not own and number in taken:
            spare += 1
            number = str(spare)
        taken.add(number)
        numbers.append(number)
    return numbers
