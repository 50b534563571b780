"""861 Receiving Advice/Acceptance Certificate → Receipt. Up to five conditions per RCD (X12 004010 to 005010)."""

from __future__ import annotations

from decimal import Decimal

from translators.bindings import Bindings, Located, Provenance, Scope, read_decimal
from translators.canonical import Code, Inbound, Receipt, ReceiptException, ReceiptLine
from translators.profile import Profile
from translators.provenance import Source
from translators.x12.sets.code_meanings import CONDITIONS
from translators.x12.sets.context import SetContext
from translators.x12.sets.reading.receipts import received
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
    description,
    line_numbers,
    notes,
    pairs_of,
    parties,
    purpose_of,
)

HEADER_LOOPS: Loops = {"N1": ADDRESS, "LM": CODE_SOURCE}
LINE_LOOPS: Loops = {
    "LM": CODE_SOURCE,
    "SLN": {"PID": None, "NM1": None, "LM": CODE_SOURCE},
    "N1": ADDRESS,
}
ITEM_STARTS = range(2, 32, 2)
# RCD06/07/08, 09/10/11, …: quantity in question, its unit, receiving condition (DE 412).
CONDITION_STARTS = (6, 9, 12, 15, 18)
RETURNED = Code(canonical="rejected", text="returned to the sender")


def read_861(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """One 861 (split segments, ST first, SE last) → one Receipt.

    RCD02 is what was received or accepted; whether it includes the quantities in question is the partner's
    `w07_includes_exceptions`, as for a 944. Raises BindingError when the partner's bindings table is wrong.
    """
    profile = context.profile
    bindings = bindings_for("861", profile)
    located = locate(segments, context)
    header_run, *line_runs = split_at([entry for entry in located if entry[1][0] != "CTT"], "RCD")
    summary = [entry for entry in located if entry[1][0] == "CTT"]
    scope = scope_of([*header_run, *summary], HEADER_LOOPS)
    header = ScopeValues(*bindings.read("header", scope, component=context.delimiters.component))
    provenance: Provenance = {}
    names = ("number", "purpose_code", "issued_on", "warehouse", "received_on", "final", "total_quantity")
    header.trace(provenance, "", *names)
    identifiers = Identifiers(provenance)
    identifiers.add("rma", header.text("rma"), header.provenance.get("rma"))
    identifiers.add("shipment", header.text("shipment"), header.provenance.get("shipment"))
    identifiers.add_references(scope.get("REF", ()), context)
    for position, segment in scope.get("PRF", ()):
        identifiers.add("purchase_order", at(segment, 1), Source(segment="PRF", position=position, element=1))
    lines = _Lines(line_runs, scope, header, bindings, context, provenance).read()
    return [
        Receipt(
            purpose=purpose_of(header.text("purpose_code")),
            references=tuple(identifiers.references),
            parties=parties(header_run, provenance),
            note=notes(scope.get("NTE", ())),
            lines=lines,
            provenance=provenance,
            **header.keywords(*names),
        )
    ]


class _Lines:
    """The RCD loops of one 861 being read."""

    def __init__(
        self,
        runs: list[list[Located]],
        header_scope: Scope,
        header: ScopeValues,
        bindings: Bindings,
        context: SetContext,
        provenance: Provenance,
    ) -> None:
        issued = header.fields.get("issued_on")
        self.on = issued.isoformat() if issued else ""
        self.runs, self.context, self.provenance = runs, context, provenance
        self.items = ItemReader(context.profile)
        self.scopes = [scope_of(run, LINE_LOOPS) for run in runs]
        component = context.delimiters.component
        self.line_values = [
            ScopeValues(*bindings.read("line", scope, header_scope, on=self.on, component=component))
            for scope in self.scopes
        ]

    def read(self) -> tuple[ReceiptLine, ...]:
        claimed = [values.text("line_no") for values in self.line_values]
        return tuple(
            self._line(index, number, traced=number == claimed[index])
            for index, number in enumerate(line_numbers(claimed))
        )

    def _line(self, index: int, number: str, *, traced: bool) -> ReceiptLine:
        prefix, provenance = f"lines.{index}.", self.provenance
        values, scope = self.line_values[index], self.scopes[index]
        position, rcd = self.runs[index][0]
        identifiers = Identifiers(provenance, prefix)
        values.trace(provenance, prefix, *(("line_no", "quantity", "unit") if traced else ("quantity", "unit")))
        lin = next(iter(scope.get("LIN", ())), (position, rcd[:1]))
        item, order_line = self.items.read(
            pairs_of(lin[1], ITEM_STARTS), lin, identifiers, provenance, prefix, description(scope.get("PID"), 5)
        )
        if order_line:
            identifiers.add("x12:PL", *order_line)
        for segment_position, segment in scope.get("PRF", ()):
            identifiers.add(
                "purchase_order", at(segment, 1), Source(segment="PRF", position=segment_position, element=1)
            )
        identifiers.add_references(scope.get("REF", ()), self.context)
        for segment_position, segment in scope.get("MAN", ()):
            identifiers.add("carton", at(segment, 2), Source(segment="MAN", position=segment_position, element=2))
        unit = values.fields.get("unit", "EA")
        exceptions = _exceptions(rcd, position, unit, self.context, self.on, prefix, provenance)
        returned = values.fields.get("returned")
        if returned:
            exceptions = (*exceptions, ReceiptException(condition=RETURNED, quantity=returned, unit=unit))
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
    rcd: list[str],
    position: int,
    unit: str,
    context: SetContext,
    on: str,
    prefix: str,
    provenance: Provenance,
) -> tuple[ReceiptException, ...]:
    """The quantities in question of one RCD with their conditions."""
    exceptions: list[ReceiptException] = []
    for start in CONDITION_STARTS:
        quantity, code = read_decimal(at(rcd, start)), at(rcd, start + 2)
        if quantity is None or not code:
            continue
        place = f"{prefix}exceptions.{len(exceptions)}."
        provenance[f"{place}quantity"] = Source(segment="RCD", position=position, element=start)
        provenance[f"{place}condition"] = Source(segment="RCD", position=position, element=start + 2)
        its_unit = context.components(at(rcd, start + 1))[0].strip()
        exceptions.append(
            ReceiptException(
                condition=Code(raw=code, canonical=_condition(code, context.profile, on)),
                quantity=quantity,
                unit=(context.profile.crosswalk("unit").ours(its_unit, on) or its_unit) if its_unit else unit,
            )
        )
    return tuple(exceptions)


def _condition(code: str, profile: Profile, on: str) -> str:
    ours = profile.crosswalk("condition").ours(code, on)
    return CONDITIONS.get(code, "") if ours is None else ours
