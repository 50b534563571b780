"""180 Return Merchandise Authorization and Notification → a return request, an authorization or a cancellation.

The set goes both ways and means several things; `request_or_answer` weighs which. Loops are those of X12 004010 to
005010 (BLI with N9, RDR, QTY, …); which element feeds which field is in bindings.toml.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from translators.bindings import Bindings, Located, Provenance, Scope
from translators.canonical import Authorization, Cancellation, Code, Inbound, Purpose, RequestLine, ReturnRequest
from translators.provenance import Source
from translators.x12.sets.code_meanings import CONDITIONS, QUANTITY_CONDITIONS
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
    description,
    line_numbers,
    notes,
    pairs_of,
    parties,
    purpose_of,
)
from translators.x12.sets.set_180.quantities import PartQuantity, part_quantities, stated_quantity
from translators.x12.sets.set_180.request_or_answer import (
    ACTION_DELETE,
    CONSUMER_RETURN,
    Decision,
    Evidence,
    decision_of,
    sender_side,
    side_of,
)

HEADER_LOOPS: Loops = {"N1": ADDRESS, "LM": CODE_SOURCE}
SERIAL_LOOP: Loops = {"N9": None, "DTM": None, "N1": None, "LM": CODE_SOURCE}
LINE_LOOPS: Loops = {
    "LM": CODE_SOURCE,
    "N1": ADDRESS,
    "QTY": {"AMT": None, "DTM": None, "N1": None, "LM": CODE_SOURCE, "LX": SERIAL_LOOP},
    "FA1": {"FA2": None},
}
ITEM_STARTS = (1, 8, 10, 12)
LINE_FIELDS = (
    "unit",
    "unit_price",
    "order_line",
    "reason",
    "disposition",
    "response_reason",
    "condition",
    "used",
    "resolution",
)

# N103 (DE 66) of numbers that we gave, or agreed on: assigned by the seller, by who receives the set, mutually.
OUR_NUMBERS = frozenset({"91", "94", "ZZ"})


def read_180(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """One 180 (split segments, ST first, SE last) → one ReturnRequest, Authorization or Cancellation.

    Raises BindingError when the partner's bindings table is wrong; never for what is in the set.
    """
    runs = split_at(locate(segments, context), "BLI")
    return [_Reading(runs, context).document()]


class _Reading:
    """One 180 being read."""

    def __init__(self, runs: list[list[Located]], context: SetContext) -> None:
        self.context = context
        self.bindings: Bindings = bindings_for("180", context.profile)
        self.items = ItemReader(context.profile)
        self.provenance: Provenance = {}
        self.header_run = runs[0]
        self.line_runs = runs[1:]
        self.scope = scope_of(self.header_run, HEADER_LOOPS)
        self.header = ScopeValues(*self.bindings.read("header", self.scope, component=context.delimiters.component))
        issued = self.header.fields.get("issued_on")
        self.on = issued.isoformat() if issued else ""
        self._settle_account()
        self.line_scopes = [self._line_scope(run) for run in self.line_runs]
        self.line_values = [self._read_line(scope) for scope in self.line_scopes]

    def _settle_account(self) -> None:
        """Who asks, by our account number: a number in an N1 that is not ours, and that the crosswalk does not turn
        into one of ours, is only a party's. The partner's own account stands for requests that name none."""
        source = self.header.provenance.get("customer")
        by_whom = next(
            (at(each, 3) for position, each in self.header_run if source and position == source.position), ""
        )
        known = {row.ours for row in self.context.profile.crosswalk("customer").rows}
        theirs = source is not None and source.segment == "N1" and by_whom not in OUR_NUMBERS
        if theirs and self.header.text("customer") not in known and not self._binds_account():
            del self.header.fields["customer"], self.header.provenance["customer"]
        if self.context.profile.customer:
            self.header.fields.setdefault("customer", self.context.profile.customer)

    def _binds_account(self) -> bool:
        """Do the partner's own bindings say where the account stands?"""
        return any(field.name == "customer" and field.overridden for field in self.bindings.scopes["header"])

    def _line_scope(self, run: list[Located]) -> Scope:
        """A line's scope. A line without RDR has the header's, but "authorized in part" says nothing of one line."""
        scope = scope_of(run, LINE_LOOPS)
        if "RDR" not in scope:
            inherited = [entry for entry in self.scope.get("RDR", ()) if at(entry[1], 1) != "PA"]
            if inherited:
                scope["RDR"] = inherited
        return scope

    def _read_line(self, scope: Scope) -> ScopeValues:
        component = self.context.delimiters.component
        return ScopeValues(*self.bindings.read("line", scope, self.scope, on=self.on, component=component))

    def document(self) -> Inbound:
        purpose = purpose_of(self.header.text("purpose_code"))
        if purpose == "cancel" or self.header.text("action") == ACTION_DELETE:
            return self._cancellation()
        if side_of(self._evidence(purpose), self.context.profile.meaning_180) == "answers":
            return self._authorization(purpose)
        return self._request(purpose)

    def _evidence(self, purpose: Purpose) -> Evidence:
        return Evidence(
            purpose=purpose,
            action=self.header.text("action"),
            dispositions=self._codes(),
            request_reason=self._says("reason", 2),
            response_reason=self._says("response_reason", 3),
            points_back="request_number" in self.header.fields,
            sender=sender_side(self.context),
        )

    def _says(self, name: str, element: int) -> bool:
        return any(name in values.fields for values in self.line_values) or any(
            at(segment, element) for _, segment in self.scope.get("RDR", ())
        )

    # --- documents ------------------------------------------------------------------------------------------------

    def _identifiers(self, *, answers: bool) -> Identifiers:
        """Header references: bound ones first (a partner may keep its RMA number in an odd place), then all N9."""
        identifiers = Identifiers(self.provenance)
        kinds = {"rma": "rma", "invoice_number": "invoice", "order_number": "order", "purchase_order": "purchase_order"}
        if answers:
            kinds["request_number"] = "request"
        for name, kind in kinds.items():
            identifiers.add(kind, self.header.text(name), self.header.provenance.get(name))
        identifiers.add_references(self.scope.get("N9", ()), self.context)
        return identifiers

    def _common(self, purpose: Purpose, *names: str, answers: bool = False) -> dict[str, Any]:
        """The keywords every document of this set has, and those header fields `names` that have a value."""
        names = ("number", "purpose_code", "issued_on", *names)
        self.header.trace(self.provenance, "", *names)
        return {
            **self.header.keywords(*names),
            "purpose": purpose,
            "references": tuple(self._identifiers(answers=answers).references),
            "parties": parties(self.header_run, self.provenance),
            "note": notes(self.scope.get("NTE", ())),
            "lines": self._lines(answers=answers),
            "provenance": self.provenance,
        }

    def _cancellation(self) -> Cancellation:
        """What is taken back: the document it points at, or the one with its own number."""
        cancels = self.header.text("request_number") or self.header.text("number")
        name = "request_number" if "request_number" in self.header.fields else "number"
        if name in self.header.provenance:
            self.provenance["cancels"] = self.header.provenance[name]
        return Cancellation(cancels=cancels, **self._common("cancel", answers=True))

    def _request(self, purpose: Purpose) -> ReturnRequest:
        consumer = CONSUMER_RETURN in self._codes()
        if purpose == "original" and self._is_notice(consumer=consumer):
            purpose = "notice"
        fields = self._common(
            purpose,
            "order_number",
            "purchase_order",
            "invoice_number",
            "customer",
            "currency",
            "requested_on",
            "contact",
        )
        return ReturnRequest(
            consumer_return=consumer,
            charges=charges(self.scope.get("SAC", ()), self.provenance),
            **fields,
        )

    def _is_notice(self, *, consumer: bool) -> bool:
        """Goods that are on their way need no asking: a consumer's return, a ship date, or the partner's habit."""
        return consumer or "shipped_on" in self.header.fields or self.context.profile.meaning_180 == "notice"

    def _authorization(self, purpose: Purpose) -> Authorization:
        fields = self._common(
            purpose, "rma", "order_number", "purchase_order", "expires_on", "disposition", answers=True
        )
        return Authorization(decision=self._decision(), **fields)

    def _codes(self) -> frozenset[str]:
        """Every RDR01 of the set."""
        line_values = (self.header, *self.line_values)
        return frozenset(values.fields["disposition"].raw for values in line_values if "disposition" in values.fields)

    def _decision(self) -> Decision:
        header = self.header.fields.get("disposition", Code())
        lines = [values.fields["disposition"].raw for values in self.line_values if "disposition" in values.fields]
        return decision_of(header.raw, lines, self.header.text("action"), self.header.text("purpose_code"))

    # --- lines ----------------------------------------------------------------------------------------------------

    def _lines(self, *, answers: bool) -> tuple[RequestLine, ...]:
        claimed = [values.text("line_no") for values in self.line_values]
        numbers = line_numbers(claimed)
        return tuple(
            self._line(index, number, traced=number == claimed[index], answers=answers)
            for index, number in enumerate(numbers)
        )

    def _line(self, index: int, number: str, *, traced: bool, answers: bool) -> RequestLine:
        prefix = f"lines.{index}."
        values, scope, run = self.line_values[index], self.line_scopes[index], self.line_runs[index]
        provenance = self.provenance
        identifiers = Identifiers(provenance, prefix)
        values.trace(provenance, prefix, *LINE_FIELDS)
        if traced:
            values.trace(provenance, prefix, "line_no")
        fields = values.keywords(*LINE_FIELDS)
        item, order_line = self.items.read(
            pairs_of(run[0][1], ITEM_STARTS), run[0], identifiers, provenance, prefix, description(scope.get("PID"), 5)
        )
        if order_line and "order_line" not in fields:
            fields["order_line"], provenance[f"{prefix}order_line"] = order_line
        fields["quantity"] = self._quantity(prefix, values, scope, fields, identifiers, answers=answers)
        self._say_reason(values, fields)
        for position, segment in scope.get("PRF", ()):
            identifiers.add("purchase_order", at(segment, 1), Source(segment="PRF", position=position, element=1))
        identifiers.add_references(scope.get("N9", ()), self.context)
        if "QTY/LX/N9" in scope:
            identifiers.add_references(scope["QTY/LX/N9"], self.context, seals_are_serials=True)
        return RequestLine(
            line_no=number,
            item=item,
            charges=charges(scope.get("SAC", ()), provenance, prefix) if "SAC" in scope else (),
            note=notes(scope["NTE"]) if "NTE" in scope else "",
            **identifiers.as_fields,
            **fields,
        )

    @staticmethod
    def _say_reason(values: ScopeValues, fields: dict[str, Any]) -> None:
        """RDR04 is the words to whichever reason code the RDR has; words alone are a reason too."""
        text = values.text("reason_text")
        if text:
            name = "response_reason" if "response_reason" in fields and "reason" not in fields else "reason"
            code: Code = fields.get(name) or Code()
            fields[name] = Code(raw=code.raw, canonical=code.canonical, text=text)

    def _quantity(
        self,
        prefix: str,
        values: ScopeValues,
        scope: Scope,
        fields: dict[str, Any],
        identifiers: Identifiers,
        *,
        answers: bool,
    ) -> Decimal:
        """The line's quantity. Parts of it by condition (QTY*74) are noted, unless the set answers a request."""
        parts = part_quantities(scope)
        quantity, source = stated_quantity(values, scope, parts, identifiers, answers=answers)
        if source is not None:
            self.provenance[f"{prefix}quantity"] = source
        if not answers:
            self._note_conditions(prefix, quantity, parts, fields, identifiers)
        return quantity

    def _note_conditions(
        self, prefix: str, whole: Decimal, parts: list[PartQuantity], fields: dict[str, Any], identifiers: Identifiers
    ) -> None:
        """Parts are kept as references x12:QTY.<code>; one part that is the whole line is its condition."""
        for code, quantity, source in parts:
            if code in QUANTITY_CONDITIONS and (quantity != whole or len(parts) > 1):
                identifiers.add(f"x12:QTY.{code}", format(quantity, "f"), source)
            elif code in QUANTITY_CONDITIONS and "condition" not in fields:
                fields["condition"] = Code(raw=code, canonical=self._condition(code))
                self.provenance[f"{prefix}condition"] = source

    def _condition(self, code: str) -> str:
        ours = self.context.profile.crosswalk("condition").ours(code, self.on)
        return ours or QUANTITY_CONDITIONS.get(code) or CONDITIONS.get(code, "")
