"""What a warehouse is to expect → the segments of a 943 (X12 004010 to 005010).

W0602 carries our RMA: the warehouse gives it back in W1704 of its 944. The line numbers (N9*LI) come back too.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from translators.canonical import ExpectedLine, ExpectedReceipt, Party, Reference
from translators.profile import Profile
from translators.x12.sets.compose import Composer, Limits, MissingValue, ValueTooLong, item_ids, number, partners_unit

# How much the elements hold that we fill (X12 004010 and 005010).
LIMITS = Limits(
    lengths={
        ("W06", 2): (1, 22),
        ("W06", 4): (1, 30),
        ("W06", 6): (1, 22),
        ("W27", 2): (2, 4),
        ("W27", 3): (1, 35),
        ("W04", 1): (1, 10),
        ("W04", 2): (2, 2),
        ("W04", 4): (2, 2),
        ("W04", 5): (1, 48),
        ("W04", 6): (2, 2),
        ("W04", 7): (1, 48),
        ("W04", 14): (2, 2),
        ("W04", 15): (1, 48),
        ("G69", 1): (1, 45),
        ("W03", 1): (1, 10),
    },
    numbers=frozenset({("W04", 1), ("W03", 1)}),
)
# W0601 (DE 514): everything there is to say. W0611 (DE 640): details of a return. W0612 (DE 306): what a repeat is for.
FULL_DETAIL, RETURN_DETAIL = "F", "RD"
ACTIONS: Mapping[str, str] = {"original": "", "change": "2", "cancel": "3"}
ESTIMATED_DELIVERY = "17"
# W2701 (DE 91): who carries it is agreed elsewhere.
MUTUALLY_DEFINED, CARRIER_UNKNOWN = "ZZ", "UNKNOWN"
ROLES = ("depositor", "warehouse", "ship_to", "ship_from")
ITEM_FIELDS = ("sku", "gtin", "vendor_sku", "buyer_sku", "other")
ITEM_PAIRS = 3
DESCRIPTION_USES = 5
N9_USES = 200


def write_943(expected: ExpectedReceipt, profile: Profile) -> list[list[str]]:
    """An expected receipt → split segments without ST and SE, each `[id, element, …]`.

    Raises ValueTooLong (an RMA of more than 22 characters, say), ValueTooShort and MissingValue (no RMA, no lines, a
    line without an item id).
    """
    if not expected.rma:
        raise MissingValue("W06", 2, "our RMA number")
    if not expected.lines:
        raise MissingValue("W04", 1, "a line to expect")
    out = Composer(profile, LIMITS)
    out.add(
        "W06",
        FULL_DETAIL,
        expected.rma,
        expected.issued_on.strftime("%Y%m%d"),
        expected.number,
        "",
        expected.purchase_order,
        *("", "", "", ""),
        RETURN_DETAIL,
        ACTIONS[expected.purpose],
    )
    _parties(out, expected, profile)
    ours = (Reference(kind="rma", value=expected.rma), Reference(kind="correlation", value=expected.correlation_id))
    more = [reference for reference in expected.references if reference.kind not in {"rma", "correlation", "line"}]
    out.references([*ours, *more])
    if expected.expected_on:
        out.add("G62", ESTIMATED_DELIVERY, expected.expected_on.strftime("%Y%m%d"))
    _carrier(out, expected.carrier)
    for line in expected.lines:
        _line(out, line, profile)
    out.add("W03", number(sum((line.quantity for line in expected.lines), Decimal(0))))
    return out.segments


def _parties(out: Composer, expected: ExpectedReceipt, profile: Profile) -> None:
    """At least one N1: a set without one is not a 943. Where nobody is named, the warehouse it goes to is."""
    written = out.parties(expected.parties, ROLES)
    if "ship_from" not in written and expected.partner_name:
        out.party("SF", Party(role="ship_from", name=expected.partner_name))
        written.append("ship_from")
    if not written:
        out.party("WH", Party(role="warehouse", name=profile.partner or profile.envelope.their_id))


def _carrier(out: Composer, carrier: str) -> None:
    """W27: a short code of letters is a SCAC, anything else the routing in words."""
    if 2 <= len(carrier) <= 4 and carrier.isascii() and carrier.isalpha() and carrier.isupper():
        out.add("W27", MUTUALLY_DEFINED, carrier)
    else:
        out.add("W27", MUTUALLY_DEFINED, "", out.free_text(carrier) or CARRIER_UNKNOWN)


def _line(out: Composer, line: ExpectedLine, profile: Profile) -> None:
    pairs = list(item_ids(line.item, profile, ITEM_FIELDS))
    if not pairs:
        raise MissingValue("W04", 5, f"an item id of line {line.line_no}")
    first, second, third = [*pairs[:ITEM_PAIRS], ("", ""), ("", "")][:ITEM_PAIRS]
    out.add(
        "W04",
        number(line.quantity),
        partners_unit(line.unit, profile),
        "",
        *first,
        *second,
        *("", "", "", "", "", ""),
        *third,
    )
    _description(out, line.item.description)
    if line.line_no:
        out.add("N9", "LI", line.line_no)
    out.units(line.serials, line.lots, room=N9_USES - bool(line.line_no))


def _description(out: Composer, description: str) -> None:
    """Up to five G69 segments, broken between words."""
    lines = out.lines_of(description, ("G69", 1))
    if len(lines) > DESCRIPTION_USES:
        raise ValueTooLong("G69", 1, description, out.longest(("G69", 1)) * DESCRIPTION_USES)
    for text in lines:
        out.add("G69", text)
