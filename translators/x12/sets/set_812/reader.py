"""812 Credit/Debit Adjustment → CreditNote. Loops are those of X12 004010 and 005010 (CDD with LIN, N9, SAC)."""

from __future__ import annotations

from translators.bindings import Bindings, Located, Provenance
from translators.canonical import CreditNote, CreditNoteLine, Inbound
from translators.provenance import Source
from translators.x12.sets.context import SetContext
from translators.x12.sets.reading.scopes import (
    ADDRESS,
    CODE_SOURCE,
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
    charges,
    line_numbers,
    pairs_of,
    parties,
    purpose_of,
)

PARTY: Loops = {**ADDRESS, "N9": None, "AMT": None}
HEADER_LOOPS: Loops = {"N1": PARTY, "LM": CODE_SOURCE, "FA1": {"FA2": None}}
LINE_LOOPS: Loops = {"SAC": {"DTM": None}, "LM": CODE_SOURCE, "FA1": {"FA2": None}}
ITEM_STARTS = range(2, 32, 2)
HEADER_FIELDS = ("number", "purpose_code", "issued_on", "amount", "currency", "handling", "invoice_number")
LINE_FIELDS = ("amount", "quantity", "unit", "unit_price", "reason", "note")


def read_812(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """One 812 (split segments, ST first, SE last) → one CreditNote.

    Amounts are as they are written: a negative one stays negative. Raises BindingError for a wrong table.
    """
    header_run, *line_runs = split_at(locate(segments, context), "CDD")
    return [_Reading(header_run, line_runs, context).document()]


class _Reading:
    """One 812 being read."""

    def __init__(self, header_run: list[Located], line_runs: list[list[Located]], context: SetContext) -> None:
        self.context = context
        self.header_run, self.line_runs = header_run, line_runs
        self.bindings: Bindings = bindings_for("812", context.profile)
        self.items = ItemReader(context.profile)
        self.provenance: Provenance = {}
        self.scope = scope_of(header_run, HEADER_LOOPS)
        component = context.delimiters.component
        self.header = ScopeValues(*self.bindings.read("header", self.scope, component=component))
        issued = self.header.fields.get("issued_on")
        on = issued.isoformat() if issued else ""
        self.line_scopes = [scope_of(run, LINE_LOOPS) for run in line_runs]
        self.line_values = [
            ScopeValues(*self.bindings.read("line", scope, self.scope, on=on, component=component))
            for scope in self.line_scopes
        ]

    def document(self) -> CreditNote:
        """The whole set as a document."""
        header, provenance = self.header, self.provenance
        header.trace(provenance, "", *HEADER_FIELDS, "direction", "purchase_order")
        identifiers = Identifiers(provenance)
        identifiers.add("rma", header.text("rma"), header.provenance.get("rma"))
        identifiers.add_references(self.scope.get("N9", ()), self.context)
        for position, bcd in self.scope.get("BCD", ()):
            # BCD13 and BCD14 are a qualifier and a number, as N901 and N902 are.
            _add_pair(identifiers, self.context, position, bcd)
        identifiers.add("purchase_order", header.text("purchase_order"), header.provenance.get("purchase_order"))
        claimed = [values.text("line_no") for values in self.line_values]
        return CreditNote(
            purpose=purpose_of(header.text("purpose_code")),
            direction="debit" if header.text("direction") == "debit" else "credit",
            references=tuple(identifiers.references),
            parties=parties(self.header_run, provenance),
            charges=charges(self.scope.get("SAC", ()), provenance),
            lines=tuple(
                self._line(index, number, traced=number == claimed[index])
                for index, number in enumerate(line_numbers(claimed))
            ),
            provenance=provenance,
            **header.keywords(*HEADER_FIELDS),
        )

    def _line(self, index: int, number: str, *, traced: bool) -> CreditNoteLine:
        prefix, provenance = f"lines.{index}.", self.provenance
        values, scope = self.line_values[index], self.line_scopes[index]
        values.trace(provenance, prefix, *(("line_no",) if traced else ()), *LINE_FIELDS, "direction")
        identifiers = Identifiers(provenance, prefix)
        cdd = self.line_runs[index][0]
        lin = next(iter(scope.get("LIN", ())), cdd)
        pairs = pairs_of(lin[1], ITEM_STARTS) if lin is not cdd else ()
        item, _ = self.items.read(pairs, lin, identifiers, provenance, prefix)
        identifiers.add_references(scope.get("N9", ()), self.context)
        return CreditNoteLine(
            line_no=number,
            item=item,
            direction="debit" if values.text("direction") == "debit" else "credit",
            charges=charges(scope.get("SAC", ()), provenance, prefix),
            **values.keywords(*LINE_FIELDS),
            **identifiers.as_fields,
        )


def _add_pair(identifiers: Identifiers, context: SetContext, position: int, bcd: list[str]) -> None:
    """The reference of BCD13 and BCD14, under its kind."""
    if at(bcd, 13) and at(bcd, 14):
        own = Identifiers({})
        own.add_references([(position, ["N9", at(bcd, 13), at(bcd, 14)])], context)
        for reference in own.references:
            identifiers.add(reference.kind, reference.value, Source(segment="BCD", position=position, element=14))
