"""Claims of documents that wait for other documents, or for somebody to say what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause
from gateway.returns.holds.causes.words import named
from gateway.returns.items.unknown_names import receipt_in_doubt
from gateway.returns.model import NOT_TAKEN, ZERO, Claim, Return, ends_of, plain
from gateway.returns.policy import Policy

_IN_DOUBT = frozenset({"held", "waiting"})


def claim_causes(return_: Return, _credits: Mapping[str, Decimal], _policy: Policy) -> list[HoldCause]:
    """What documents say of lines that does not stand in the ledger, and that a person should look at."""
    causes: list[HoldCause] = []
    final = bool(return_.finals) and all(return_.finals.values())
    for line_no, claims in return_.claims.items():
        for claim in claims:
            if claim.state in _IN_DOUBT:
                causes += _causes_of_line(return_, line_no, claims, final)
                break
    return causes


def not_taken_causes(return_: Return, _credits: Mapping[str, Decimal], _policy: Policy) -> list[HoldCause]:
    """Goods that came to the warehouse and that it did not take in."""
    causes: list[HoldCause] = []
    for line_no, claims in return_.claims.items():
        refused = [claim for claim in claims if claim.kind == NOT_TAKEN and claim.state != "superseded"]
        if refused:
            refused.sort(key=lambda claim: (claim.order, claim.source, claim.row))
            text = "; ".join(f"{claim.said} ({claim.source.rsplit(':', 1)[-1]})" for claim in refused)
            message = f"the warehouse did not take in all of {named(return_.lines[line_no])}: {text}"
            causes.append(HoldCause("not_taken_in", line_no, "", text, message, document_id=refused[0].document_id))
    return causes


def _causes_of_line(return_: Return, line_no: str, claims: list[Claim], final: bool) -> list[HoldCause]:
    causes: list[HoldCause] = []
    by_class: dict[str, list[Claim]] = {}
    line, tally = return_.lines[line_no], return_.tallies[line_no]
    # Where nothing came yet the receipt may be on its way; where something came, more was inspected than that.
    sure = (final or tally.r > 0) and not receipt_in_doubt(return_, line_no)
    # What is to leave an outcome may still get it first, as long as goods of the line are to be inspected.
    all_inspected = sure and tally.i == tally.r
    # Nobody asked for it and it did not come: only an inspection speaks of it. Of a cancelled request it does not
    # matter which version of it we have seen: the inspection waits for its receipt, and is asked about when it is old.
    stray = line.decision == "denied" and not (tally.a or tally.r or tally.x or return_.cancelled)
    for claim in claims:
        if claim.state == "held":
            by_class.setdefault(claim.why, []).append(claim)
        elif claim.state == "waiting" and claim.kind == "cancel" and not return_.cancelled:
            by_class.setdefault("cancel_exceeds_authorized", []).append(claim)
        elif claim.state == "waiting" and claim.kind == "inspect" and stray:
            by_class.setdefault("unknown_line", []).append(claim)
        elif claim.state == "waiting" and claim.kind == "follow" and (not claim.document_id or all_inspected):
            by_class.setdefault("outcome_cannot_follow", []).append(claim)
        elif claim.state == "waiting" and (claim.kind == "dispose" or (claim.kind == "inspect" and sure)):
            by_class.setdefault("inspection_exceeds_received", []).append(claim)
    for class_, held in by_class.items():
        held.sort(key=lambda claim: (claim.order, claim.source, claim.said))
        extent = "; ".join(f"{claim.source} {claim.said}".strip() for claim in held)
        text = "; ".join(
            claim.said or f"{plain(_claimed(claim))}{_onward(claim)} in {claim.source.rsplit(':', 1)[-1]}"
            for claim in held
        )
        if class_ == "unknown_line":
            text = f"{named(line)} was inspected ({text}), but {return_.return_no} has no such line"
        causes.append(HoldCause(class_, line_no, "", extent, text, document_id=held[0].document_id))
    return causes


def _claimed(claim: Claim) -> Decimal:
    return max((q for _, q, _, _ in claim.effects), default=ZERO)


def _onward(claim: Claim) -> str:
    """From which outcome to which a claim moves goods on, in words; "" if it does not."""
    left, reached = ends_of(claim.effects[0][2]) if claim.kind == "follow" and claim.effects else ("", "")
    return f" from {left} to {reached}".replace("_", " ") if left else ""
