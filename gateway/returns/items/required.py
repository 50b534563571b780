"""Which fields each stage of a line needs, what is missing so far, and who is asked for it."""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.model import Return, ReturnLine
from gateway.returns.policy import REPLACEMENT_RESOLUTIONS

# Stage → fields that must be there once it is reached: of the return, and of the line. What follows from where a
# document came (site, day, number of ours) always is, and goods without a place on a line have Holds of their own.
REQUIRED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "requested": (("partner", "return_no", "correlation_id", "opened_at"), ("requested", "unit", "item")),
    "authorized": (("rma", "currency", "customer"), ("item", "unit")),
    "shipped": ((), ("item", "unit")),
    "received": ((), ("item", "unit")),
    "inspected": ((), ("item", "unit")),
    "dispositioned": ((), ("item", "unit")),
    "credited": (("currency", "customer"), ("unit_price",)),
}
# Who is asked for what a stage lacks.
ASKED: dict[str, str] = {
    "requested": "customer_service",
    "authorized": "customer_service",
    "shipped": "partner",
    "received": "warehouse",
    "inspected": "warehouse",
    "dispositioned": "warehouse",
    "credited": "finance",
}


def missing_at(stage: str, return_: Return, line: ReturnLine) -> tuple[str, ...]:
    """Fields that the stage needs and that are not there, the return's first. KeyError for an unknown stage."""
    of_return, of_line = REQUIRED[stage]
    absent = [name for name in of_return if not getattr(return_, name)]
    # What is replaced needs no price.
    priced = line.resolution not in REPLACEMENT_RESOLUTIONS
    absent += [name for name in of_line if not _has(line, name) and (priced or name != "unit_price")]
    return tuple(absent)


def _has(line: ReturnLine, field_name: str) -> bool:
    if field_name == "item":
        return any(not item_id.startswith("line:") for item_id in line.ids)
    if field_name == "requested":
        # In whatever unit: one that nobody can count yet has a Hold of its own.
        return bool(line.requested or line.asked)
    value = getattr(line, field_name)
    return value is not None if field_name == "unit_price" else bool(value)


def missing_so_far(return_: Return, line: ReturnLine, credit: Decimal) -> dict[str, tuple[str, ...]]:
    """What the stages that a line has reached lack: stage → fields, each under the first stage that needs it.

    `credit` says how much of the line should be credited now. A line that is denied lacks nothing.
    """
    ids = line.ids
    if (
        (ids and ids[0][:5] != "line:" and line.unit and (line.requested or line.asked or line.added))
        and (return_.rma and return_.currency and return_.customer and line.unit_price is not None)
    ):  # fmt: skip
        return {}
    tally = return_.tallies[line.line_no]
    is_requested = line.decision != "denied" and not line.added and not return_.cancelled
    reached = {
        "requested": is_requested,
        "authorized": tally.a,
        "shipped": tally.a and tally.x,
        "received": tally.a and tally.r,
        "inspected": tally.a and tally.i,
        "dispositioned": tally.a and tally.dispositioned,
        "credited": credit,
    }
    missing: dict[str, tuple[str, ...]] = {}
    already_missing: set[str] = set()
    for stage, is_reached in reached.items():
        if is_reached and (
            absent := tuple(name for name in missing_at(stage, return_, line) if name not in already_missing)
        ):
            missing[stage] = absent
            already_missing.update(absent)
    return missing
