"""856 Ship Notice/Manifest → Shipment.

The HL tree comes from HL02. An HL without a usable HL02 hangs under the nearest HL before it that may hold it by level
(S, O, T, P, I in the order BSN05 gives). Lines come out in tree order, children by HL01, so the order in which a
partner writes its loops does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from translators.bindings import Bindings, Located, Provenance, Scope, read_decimal
from translators.canonical import Inbound, Shipment, ShipmentLine
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
    description,
    line_numbers,
    notes,
    pairs_of,
    parties,
    purpose_of,
)
from translators.x12.sets.set_856.hl_tree import (
    CONTAINERS,
    ORDER,
    SHIPMENT,
    Level,
    build_tree,
    in_order,
    line_levels,
    packs_below,
)

HL_LOOPS: Loops = {
    "TD3": {"AT9": None},
    "LH1": dict.fromkeys(("LH2", "LH3", "LFH", "LEP", "LH4", "LHT", "LHR", "PER", "LHE")),
    "CLD": {"REF": None, "DTP": None},
    "N1": ADDRESS,
    "SAC": {"CUR": None},
    "LM": CODE_SOURCE,
    "V1": {"R4": None, "DTM": None},
}
ITEM_STARTS = range(2, 32, 2)

# MAN01 (DE 88): a carrier's package id is a tracking number, a consumer pack's mark an item id; the rest name cartons.
TRACKING_MARK = "CP"
NOT_CARTONS = frozenset({"CP", "UP"})


def read_856(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """One 856 (split segments, ST first, SE last) → one Shipment.

    A line is an HL with an item (LIN) and a quantity of its own or of the packs below it; its cartons are the marks
    (MAN) of itself, of what it is packed in and of what it is packed as. Raises BindingError when the partner's
    bindings table is wrong; never for what is in the set.
    """
    return [_Reading(locate(segments, context), context).document()]


class _Reading:
    """One 856 being read."""

    def __init__(self, located: list[Located], context: SetContext) -> None:
        self.context = context
        self.bindings: Bindings = bindings_for("856", context.profile)
        self.items = ItemReader(context.profile)
        self.provenance: Provenance = {}
        head, *runs = split_at([entry for entry in located if entry[1][0] != "CTT"], "HL")
        self.levels = [
            Level(at(run[0][1], 1), at(run[0][1], 2), at(run[0][1], 3), order, run, scope_of(run, HL_LOOPS))
            for order, run in enumerate(runs)
        ]
        structure = next((at(segment, 5) for _, segment in head if segment[0] == "BSN"), "")
        self.roots = build_tree(self.levels, structure)
        self.header_run = [*head, *(entry for level in self.levels if level.code == SHIPMENT for entry in level.run)]
        self.scope = scope_of(self.header_run, HL_LOOPS)
        self.header = self._read("header", self.scope, "")
        issued = self.header.fields.get("issued_on")
        self.on = issued.isoformat() if issued else ""
        self.orders: dict[int, ScopeValues] = {}

    def _read(self, scope_name: str, scope: Scope, on: str) -> ScopeValues:
        component = self.context.delimiters.component
        return ScopeValues(*self.bindings.read(scope_name, scope, self.scope, on=on, component=component))

    def document(self) -> Inbound:
        names = ("number", "purpose_code", "issued_on", "shipped_on", "expected_on", "carrier")
        header, provenance = self.header, self.provenance
        header.trace(provenance, "", *names)
        identifiers = Identifiers(provenance)
        identifiers.add("rma", header.text("rma"), header.provenance.get("rma"))
        identifiers.add_references(self.scope.get("REF", ()), self.context)
        ordered = in_order(self.roots)
        for level in ordered:
            if level.code == ORDER:
                self._read_order(level, identifiers)
            elif level.code in CONTAINERS:
                identifiers.add_references(level.scope.get("REF", ()), self.context)
        lines = self._lines(ordered)
        tracking = {reference.value: None for reference in identifiers.references if reference.kind == "tracking"}
        cartons: dict[str, None] = {}
        for level in ordered:
            for code, mark, _ in _marks(level):
                if code == TRACKING_MARK:
                    tracking[mark] = None
                elif code not in NOT_CARTONS:
                    cartons[mark] = None
        for line in lines:
            tracking.update((reference.value, None) for reference in line.references if reference.kind == "tracking")
        return Shipment(
            purpose=purpose_of(header.text("purpose_code")),
            references=tuple(identifiers.references),
            parties=parties(self._party_run(), provenance),
            note=notes(self.scope.get("NTE", ())),
            tracking=tuple(tracking),
            cartons=tuple(cartons),
            carton_count=self._carton_count(),
            lines=lines,
            provenance=provenance,
            **header.keywords(*names),
        )

    def _party_run(self) -> list[Located]:
        return [*self.header_run, *(entry for level in self.levels if level.code == ORDER for entry in level.run)]

    def _read_order(self, level: Level, identifiers: Identifiers) -> None:
        values = self._read("order", level.scope, self.on)
        self.orders[id(level)] = values
        for name in ("rma", "purchase_order"):
            identifiers.add(name, values.text(name), values.provenance.get(name))
        identifiers.add_references(level.scope.get("REF", ()), self.context)

    def _carton_count(self) -> int | None:
        """TD102 summed over shipment-level TD1 segments; None where none says."""
        total: int | None = None
        for position, segment in self.scope.get("TD1", ()):
            count = read_decimal(at(segment, 2))
            if count is not None:
                self.provenance.setdefault("carton_count", Source(segment="TD1", position=position, element=2))
                total = (total or 0) + int(count)
        return total

    # --- lines ----------------------------------------------------------------------------------------------------

    def _lines(self, ordered: list[Level]) -> tuple[ShipmentLine, ...]:
        levels = line_levels(ordered)
        line_set = set(levels)
        packs = [packs_below(level, line_set) for level in levels]
        line_values = [self._read("line", level.scope, self.on) for level in levels]
        claimed = [values.text("line_no") for values in line_values]
        return tuple(
            self._line(index, number, levels[index], packs[index], line_values[index])
            for index, number in enumerate(line_numbers(claimed))
        )

    def _line(self, index: int, number: str, level: Level, packs: list[Level], values: ScopeValues) -> ShipmentLine:
        prefix, provenance = f"lines.{index}.", self.provenance
        identifiers = Identifiers(provenance, prefix)
        values.trace(provenance, prefix, "quantity", "unit")
        if number == values.text("line_no"):
            values.trace(provenance, prefix, "line_no")
        scope = level.scope
        lin = next(iter(scope.get("LIN", ())), level.run[0])
        item, order_line = self.items.read(
            pairs_of(lin[1], ITEM_STARTS) if lin[1][0] == "LIN" else (),
            lin,
            identifiers,
            provenance,
            prefix,
            description(scope.get("PID"), 5),
        )
        if order_line:
            identifiers.add("x12:PL", *order_line)
        identifiers.add_references(scope.get("REF", ()), self.context)
        order = next((self.orders[id(above)] for above in level.ancestors() if id(above) in self.orders), None)
        purchase_order = self._purchase_order(prefix, values, order)
        if order is not None:
            identifiers.add("rma", order.text("rma"), order.provenance.get("rma"))
        quantity = values.fields.get("quantity")
        if quantity is None:
            quantity = self._packed_quantity(prefix, packs)
        return ShipmentLine(
            line_no=number,
            item=item,
            quantity=quantity,
            purchase_order=purchase_order,
            cartons=self._cartons(prefix, (level, *level.ancestors(), *packs)),
            path="/".join(f"{step.code}{step.id}" for step in (*reversed(list(level.ancestors())), level)),
            **values.keywords("unit"),
            **identifiers.as_fields,
        )

    def _purchase_order(self, prefix: str, values: ScopeValues, order: ScopeValues | None) -> str:
        """The line's own, else its order's."""
        for source in (values, order):
            if source is not None and source.text("purchase_order"):
                source.trace(self.provenance, prefix, "purchase_order")
                return source.text("purchase_order")
        return ""

    def _packed_quantity(self, prefix: str, packs: Iterable[Level]) -> Decimal:
        """An item without SN1 is in the packs below it (structure 0002): the sum of their SN102; 0 where none says."""
        total = Decimal(0)
        for below in packs:
            for position, segment in below.scope.get("SN1", ()):
                quantity = read_decimal(at(segment, 2))
                if quantity is not None:
                    source = Source(segment="SN1", position=position, element=2)
                    self.provenance.setdefault(f"{prefix}quantity", source)
                    total += quantity
        return total

    def _cartons(self, prefix: str, levels: Iterable[Level]) -> tuple[str, ...]:
        cartons: dict[str, None] = {}
        for level in levels:
            for code, mark, source in _marks(level):
                if code not in NOT_CARTONS and mark not in cartons:
                    self.provenance[f"{prefix}cartons.{len(cartons)}"] = source
                    cartons[mark] = None
        return tuple(cartons)


def _marks(level: Level) -> Iterator[tuple[str, str, Source]]:
    """MAN segments → qualifier, mark (the first and, of a range, the last), where."""
    for position, segment in level.scope.get("MAN", ()):
        for qualifier, elements in ((1, (2, 3)), (4, (5, 6))):
            code = at(segment, qualifier)
            for element in elements:
                mark = at(segment, element)
                if code and mark:
                    yield code, mark, Source(segment="MAN", position=position, element=element)
