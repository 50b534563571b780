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
from translators.x12.sets.reading.scopes import ADDRESS, Loops, Read, at, bindings_for, locate, scope_of, split_at
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
    header = Read(*bindings.read("header", scope, component=component))
    provenance: Provenance = {}
    names = ("number", "purpose_code", "issued_on", "shipped_on", "expected_on", "carrier", "carton_count")
    header.trace(provenance, "", *names)
    found = Identifiers(provenance)
    found.add("rma", header.text("rma"), header.provenance.get("rma"))
    for name, kind in (("depositor_order", "order"), ("purchase_order", "purchase_order")):
        found.add(kind, header.text(name), header.provenance.get(name))
    found.take(scope.get("N9", ()), context)
    issued = header.values.get("issued_on")
    on = issued.isoformat() if issued else ""
    scopes = [scope_of(run, LINE_LOOPS) for run in runs]
    reads = [Read(*bindings.read("line", each, scope, on=on, component=component)) for each in scopes]
    items = ItemReader(context.profile)
    claimed = [read.text("line_no") for read in reads]
    purpose = ACTION_PURPOSES.get(header.text("action")) or REPORT_PURPOSES.get(header.text("purpose_code"))
    return [
        Shipment(
            purpose=purpose or "original",
            references=tuple(found.references),
            parties=parties(header_run, provenance),
            note=notes(scope.get("NTE", ())),
            tracking=tuple(each.value for each in found.references if each.kind == "tracking"),
            lines=tuple(
                _line(index, number, runs[index][0], scopes[index], reads[index], items, context, provenance)
                for index, number in enumerate(line_numbers(claimed))
            ),
            provenance=provenance,
            **header.some(*names),
        )
    ]


def _line(
    index: int,
    number: str,
    w04: Located,
    scope: dict[str, list[Located]],
    read: Read,
    items: ItemReader,
    context: SetContext,
    provenance: Provenance,
) -> ShipmentLine:
    prefix = f"lines.{index}."
    found = Identifiers(provenance, prefix)
    read.trace(provenance, prefix, "quantity", "unit", "purchase_order")
    if number == read.text("line_no"):
        read.trace(provenance, prefix, "line_no")
    item, order_line = items.read(_pairs(w04[1]), w04, found, provenance, prefix, description(scope.get("G69"), 1))
    if order_line:
        found.add("x12:PL", *order_line)
    found.take(scope.get("N9", ()), context)
    return ShipmentLine(
        line_no=number,
        item=item,
        quantity=read.values.get("quantity", Decimal(0)),
        **read.some("unit", "purchase_order"),
        **found.as_fields,
    )


def _pairs(segment: list[str]) -> chain[Pair]:
    """W04's three qualifier/id pairs, then the bare case code W0403."""
    code = at(segment, 3)
    case: list[Pair] = [("UA", code, 3)] if code else []
    return chain(pairs_of(segment, ITEM_STARTS), case)
