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
    absent += [name for name in of_line if not _there(line, name) and (priced or name != "unit_price")]
    return tuple(absent)


def _there(line: ReturnLine, name: str) -> bool:
    if name == "item":
        return any(not each.startswith("line:") for each in line.ids)
    if name == "requested":
        # In whatever unit: one that nobody can count yet has a Hold of its own.
        return bool(line.requested or line.asked)
    value = getattr(line, name)
    return value is not None if name == "unit_price" else bool(value)


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
    t = return_.tallies[line.line_no]
    asked = line.decision != "denied" and not line.added and not return_.cancelled
    reached = {
        "requested": asked,
        "authorized": t.a,
        "shipped": t.a and t.x,
        "received": t.a and t.r,
        "inspected": t.a and t.i,
        "dispositioned": t.a and t.dispositioned,
        "credited": credit,
    }
    found: dict[str, tuple[str, ...]] = {}
    known: set[str] = set()
    for stage, here in reached.items():
        if here and (absent := tuple(name for name in missing_at(stage, return_, line) if name not in known)):
            found[stage] = absent
            known.update(absent)
    return found
