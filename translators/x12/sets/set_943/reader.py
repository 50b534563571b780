"""943 Warehouse Stock Transfer Shipment Advice → Shipment.

Normally we send it (`write_943`). One that arrives announces goods, so it becomes a shipment: W0604 (or W0602) is its
number, W0602 the depositor's order, W04 the lines. X12 004010 to 005010.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import chain

from translators.bindings import Located, Provenance
from translators.canonical import Inbound, Purpose, Shipment, ShipmentLine
from translators.x12.sets.context import SetContext
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
LINE_LOOPS: Loops = {}
ITEM_STARTS = (4, 6, 14)

# W0612 (DE 306) and W0601 (DE 514) where they say more than "here it is".
ACTION_PURPOSES: Mapping[str, Purpose] = {"2": "change", "3": "cancel"}
REPORT_PURPOSES: Mapping[str, Purpose] = {"A": "change", "R": "replace"}


def read_943(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """One 943 (split segments, ST first, SE last) → one Shipment.

    Raises BindingError when the partner's bindings table is wrong; never for what is in the set.
    """
    bindings = bindings_for("943", context.profile)
    component = context.delimiters.component
    located = locate(segments, context)
    summary = [entry for entry in located if entry[1][0] == "W03"]
    header_run, *runs = split_at([entry for entry in located if entry[1][0] != "W03"], "W04")
    scope = scope_of([*header_run, *summary], HEADER_LOOPS)
    header = ScopeValues(*bindings.read("header", scope, component=component))
    provenance: Provenance = {}
    names = ("number", "purpose_code", "issued_on", "shipped_on", "expected_on", "carrier", "carton_count")
    header.trace(provenance, "", *names)
    identifiers = Identifiers(provenance)
    identifiers.add("rma", header.text("rma"), header.provenance.get("rma"))
    for name, kind in (("depositor_order", "order"), ("purchase_order", "purchase_order")):
        identifiers.add(kind, header.text(name), header.provenance.get(name))
    identifiers.add_references(scope.get("N9", ()), context)
    issued = header.fields.get("issued_on")
    on = issued.isoformat() if issued else ""
    scopes = [scope_of(run, LINE_LOOPS) for run in runs]
    line_values = [ScopeValues(*bindings.read("line", line, scope, on=on, component=component)) for line in scopes]
    items = ItemReader(context.profile)
    claimed = [values.text("line_no") for values in line_values]
    purpose = ACTION_PURPOSES.get(header.text("action")) or REPORT_PURPOSES.get(header.text("purpose_code"))
    return [
        Shipment(
            purpose=purpose or "original",
            references=tuple(identifiers.references),
            parties=parties(header_run, provenance),
            note=notes(scope.get("NTE", ())),
            tracking=tuple(reference.value for reference in identifiers.references if reference.kind == "tracking"),
            lines=tuple(
                _line(index, number, runs[index][0], scopes[index], line_values[index], items, context, provenance)
                for index, number in enumerate(line_numbers(claimed))
            ),
            provenance=provenance,
            **header.keywords(*names),
        )
    ]


def _line(
    index: int,
    number: str,
    w04: Located,
    scope: dict[str, list[Located]],
    values: ScopeValues,
    items: ItemReader,
    context: SetContext,
    provenance: Provenance,
) -> ShipmentLine:
    prefix = f"lines.{index}."
    identifiers = Identifiers(provenance, prefix)
    values.trace(provenance, prefix, "quantity", "unit", "purchase_order")
    if number == values.text("line_no"):
        values.trace(provenance, prefix, "line_no")
    item, order_line = items.read(
        _item_pairs(w04[1]), w04, identifiers, provenance, prefix, description(scope.get("G69"), 1)
    )
    if order_line:
        identifiers.add("x12:PL", *order_line)
    identifiers.add_references(scope.get("N9", ()), context)
    return ShipmentLine(
        line_no=number,
        item=item,
        quantity=values.fields.get("quantity", Decimal(0)),
        **values.keywords("unit", "purchase_order"),
        **identifiers.as_fields,
    )


def _item_pairs(segment: list[str]) -> chain[Pair]:
    """W04's three qualifier/id pairs, then the bare case code W0403."""
    code = at(segment, 3)
    case: list[Pair] = [("UA", code, 3)] if code else []
    return chain(pairs_of(segment, ITEM_STARTS), case)
