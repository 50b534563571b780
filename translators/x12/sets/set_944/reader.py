"""944 Warehouse Stock Transfer Receipt Advice → Receipt.

Both shapes are read whatever the release says: W07 under the header (004010) and W07 in LX loops (004020 and later).
`ReceiptLine.quantity` is always everything that came of the item; a warehouse whose W07 counts good pieces only
(`w07_includes_exceptions` false) has its W13 quantities added.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import chain

from translators.bindings import Bindings, Located, Provenance
from translators.canonical import Code, Inbound, Purpose, Receipt, ReceiptException, ReceiptLine
from translators.provenance import Source
from translators.x12.sets.context import SetContext
from translators.x12.sets.reading.receipts import received
from translators.x12.sets.reading.scopes import (
    ADDRESS,
    Loops,
    ScopeValues,
    at,
    bindings_for,
    locate,
    scope_of,
    split_at,
)
from translators.x12.sets.reading.segments import (
    Identifiers,
    ItemReader,
    Pair,
    description,
    line_numbers,
    notes,
    pairs_of,
    parties,
)

HEADER_LOOPS: Loops = {"N1": ADDRESS}
LINE_LOOPS: Loops = {"W13": {"N9": None}}
EXCEPTION_LOOPS: Loops = {}
ITEM_STARTS = (4, 6, 10)
CASE_CODE, CASE_CODE_ELEMENT = "UA", 3

# W1701 (DE 514).
CUSTOMER_RETURN = "C"
PURPOSES: Mapping[str, Purpose] = {"A": "change", "R": "replace"}


def read_944(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """One 944 (split segments, ST first, SE last) → one Receipt.

    W1703 is its number, W1704 (the depositor's order number, which our 943 filled with the RMA) and N9*RZ/QJ its RMA,
    W1705 the shipment. Raises BindingError when the partner's bindings table is wrong; never for what is in the set.
    """
    return [_Reading(locate(segments, context), context).document()]


class _Reading:
    """One 944 being read."""

    def __init__(self, located: list[Located], context: SetContext) -> None:
        self.context = context
        self.bindings: Bindings = bindings_for("944", context.profile)
        self.items = ItemReader(context.profile)
        self.provenance: Provenance = {}
        self.header_run, self.line_runs = _header_and_lines(located)
        self.scope = scope_of(self.header_run, HEADER_LOOPS)
        self.header = self._read("header", self.scope, on="")
        issued = self.header.fields.get("issued_on")
        self.on = issued.isoformat() if issued else ""

    def _read(self, scope_name: str, scope: dict[str, list[Located]], on: str) -> ScopeValues:
        component = self.context.delimiters.component
        return ScopeValues(*self.bindings.read(scope_name, scope, self.scope, on=on, component=component))

    def document(self) -> Inbound:
        names = (
            "number",
            "purpose_code",
            "issued_on",
            "warehouse",
            "received_on",
            "final",
            "total_quantity",
            "damaged_quantity",
        )
        header, provenance = self.header, self.provenance
        header.trace(provenance, "", *names)
        code = header.text("purpose_code")
        identifiers = Identifiers(provenance)
        identifiers.add("rma", header.text("rma"), header.provenance.get("rma"))
        for position, segment in self.scope.get("W17", ()):
            identifiers.add("rma", at(segment, 4), Source(segment="W17", position=position, element=4))
            identifiers.add("x12:W1708", at(segment, 8), Source(segment="W17", position=position, element=8))
        identifiers.add("shipment", header.text("shipment"), header.provenance.get("shipment"))
        identifiers.add_references(self.scope.get("N9", ()), self.context)
        return Receipt(
            purpose=PURPOSES.get(code, "original"),
            is_return=True if code == CUSTOMER_RETURN else None,
            references=tuple(identifiers.references),
            parties=parties(self.header_run, provenance),
            note=notes(self.scope.get("NTE", ())),
            lines=self._lines(),
            provenance=provenance,
            **header.keywords(*names),
        )

    def _lines(self) -> tuple[ReceiptLine, ...]:
        scopes = [scope_of(run, LINE_LOOPS) for _, run in self.line_runs]
        for (shared, _), scope in zip(self.line_runs, scopes, strict=True):
            for entry in shared:
                scope.setdefault(f"LX/{entry[1][0]}", []).append(entry)
        line_values = [self._read("line", scope, self.on) for scope in scopes]
        claimed = [values.text("line_no") for values in line_values]
        return tuple(
            self._line(index, number, scopes[index], line_values[index], traced=number == claimed[index])
            for index, number in enumerate(line_numbers(claimed))
        )

    def _line(
        self, index: int, number: str, scope: dict[str, list[Located]], values: ScopeValues, *, traced: bool
    ) -> ReceiptLine:
        prefix, provenance = f"lines.{index}.", self.provenance
        run = self.line_runs[index][1]
        w07 = run[0]
        identifiers = Identifiers(provenance, prefix)
        values.trace(provenance, prefix, "quantity", "unit")
        if traced:
            values.trace(provenance, prefix, "line_no")
        if "lot" in values.fields and "lot" in values.provenance:
            identifiers.add_lot(values.text("lot"), values.provenance["lot"])
        item, order_line = self.items.read(
            _item_pairs(w07[1]), w07, identifiers, provenance, prefix, description(scope.get("G69"), 1)
        )
        if order_line:
            identifiers.add("x12:PL", *order_line)
        identifiers.add_references(scope.get("N9", ()), self.context)
        identifiers.add_references(scope.get("LX/N9", ()), self.context)
        for position, segment in scope.get("LX/MAN", ()):
            identifiers.add("carton", at(segment, 2), Source(segment="MAN", position=position, element=2))
        exceptions = self._exceptions(prefix, split_at(run, "W13")[1:], identifiers)
        return ReceiptLine(
            line_no=number,
            item=item,
            quantity=received(
                values.fields.get("quantity", Decimal(0)),
                exceptions,
                includes_exceptions=self.context.profile.w07_includes_exceptions,
            ),
            exceptions=exceptions,
            note=notes(scope.get("NTE", ())),
            **values.keywords("unit"),
            **identifiers.as_fields,
        )

    def _exceptions(
        self, prefix: str, runs: list[list[Located]], identifiers: Identifiers
    ) -> tuple[ReceiptException, ...]:
        exceptions = []
        for index, run in enumerate(runs):
            scope = scope_of(run, EXCEPTION_LOOPS)
            values = self._read("exception", scope, self.on)
            names = ("condition", "quantity", "unit", "lot", "damage")
            values.trace(self.provenance, f"{prefix}exceptions.{index}.", *names)
            identifiers.add_references(scope.get("N9", ()), self.context)
            exceptions.append(
                ReceiptException(**{"condition": Code(), "quantity": Decimal(0), **values.keywords(*names)})
            )
        return tuple(exceptions)


def _item_pairs(segment: list[str]) -> chain[Pair]:
    """W07's three qualifier/id pairs, then the bare case code W0703."""
    code = at(segment, CASE_CODE_ELEMENT)
    case: list[Pair] = [(CASE_CODE, code, CASE_CODE_ELEMENT)] if code else []
    return chain(pairs_of(segment, ITEM_STARTS), case)


def _header_and_lines(located: list[Located]) -> tuple[list[Located], list[tuple[list[Located], list[Located]]]]:
    """Header and summary segments, and for each W07 loop what its LX shares with it and the loop itself."""
    header: list[Located] = []
    lines: list[tuple[list[Located], list[Located]]] = []
    shared: list[Located] | None = None
    current: list[Located] | None = None
    for entry in located:
        segment_id = entry[1][0]
        if segment_id == "LX":
            shared, current = [], None
        elif segment_id == "W07":
            current = [entry]
            lines.append((shared or [], current))
        elif segment_id == "W14":
            shared, current = None, None
            header.append(entry)
        elif current is not None:
            current.append(entry)
        elif shared is not None:
            shared.append(entry)
        else:
            header.append(entry)
    return header, lines
