"""Lines that are undecided, that more or less came for than was agreed, or that lack what a stage asks for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause
from gateway.returns.claims.cancelled_goods import came_cancelled
from gateway.returns.claims.passing import waiting_surplus
from gateway.returns.holds.causes.words import named
from gateway.returns.items.required import ASKED, missing_so_far
from gateway.returns.items.unknown_names import is_unknown, receipt_in_doubt
from gateway.returns.model import UNASSIGNED, ZERO, Return, ReturnLine, plain
from gateway.returns.policy import Policy


def line_causes(return_: Return, credits_: Mapping[str, Decimal], policy: Policy) -> list[HoldCause]:
    """What is open about the lines themselves; `credits_` says for every line how much should be credited."""
    causes: list[HoldCause] = []
    final = bool(return_.finals) and all(return_.finals.values())
    for line in return_.lines.values():
        _add_line_causes(causes, return_, line, final, credits_[line.line_no], policy)
    return causes


def _undecided(line: ReturnLine) -> list[HoldCause]:
    """One question about the whole line, and none about its further parts."""
    if line.part_of:
        return []
    class_ = "crosswalk_missing" if is_unknown(line) else "eligibility_review"
    return [
        HoldCause(class_, line.line_no, "", line.decision_reason, line.decision_text, line.decision_owner, anew=True)
    ]


def _add_line_causes(
    causes: list[HoldCause], return_: Return, line: ReturnLine, final: bool, credit: Decimal, policy: Policy
) -> None:
    line_no = line.line_no
    tally = return_.tallies[line_no]
    if line.decision == "pending" and not return_.cancelled:
        causes += _undecided(line)
    elif return_.purpose == UNASSIGNED:
        pass  # One question about all of them: unassigned_goods.
    elif cancelled := came_cancelled(return_, line_no):
        text = f"{plain(cancelled)} of {named(line)} came, and {return_.partner} has cancelled them"
        causes.append(HoldCause("cancelled_after_receipt", line_no, "", plain(cancelled), text))
    elif not tally.a and (unasked := tally.undecided_surplus or (ZERO if tally.r else tally.x)):
        text = f"{plain(unasked)} of {named(line)} {'came' if tally.r else 'is on its way'}, not authorized"
        extent = plain(unasked) if line.sku else f"{plain(unasked)} unnamed"
        causes.append(HoldCause("unexpected_item", line_no, "", extent, text))
    elif tally.a and (surplus := waiting_surplus(tally, policy)):
        text = f"{plain(surplus)} more of {line.sku} came than the {plain(tally.a)} authorized"
        causes.append(HoldCause("over_received", line_no, "", plain(surplus), text))
    if final and line.instruction != "keep" and policy.short_receipt == "hold":
        missing = (tally.x or tally.a) - tally.r - tally.z
        if missing > 0 and not receipt_in_doubt(return_, line_no):
            text = f"{plain(missing)} of {line.sku} did not come although the receipt is final"
            causes.append(HoldCause("short_received", line_no, "", plain(missing), text))
    if tally.i and (undecided := tally.i - tally.dispositioned) > 0:
        text = f"{undecided} of {line.sku or 'an unnamed item'} inspected, and nobody has said what becomes of them"
        causes.append(HoldCause("disposition_missing", line_no, "", plain(undecided), text))
    if lacking := missing_so_far(return_, line, credit):
        phrases = (f"{stage} without {', '.join(absent)}".replace("_", " ") for stage, absent in lacking.items())
        extent = ";".join(f"{stage}:{','.join(absent)}" for stage, absent in lacking.items())
        text = f"{line.sku or f'line {line_no}'} is {'; '.join(phrases)}"
        causes.append(HoldCause("incomplete", line_no, "", extent, text, ASKED[next(iter(lacking))]))
