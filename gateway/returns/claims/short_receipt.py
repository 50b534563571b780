"""Lines that the policy closes short by itself."""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.claims.acceptance import accept, add_claim
from gateway.returns.claims.follow_ons import Sources
from gateway.returns.items.unknown_names import receipt_in_doubt
from gateway.returns.model import AUTO_CLOSE, ZERO, Claim, Return


def close_short(return_: Return, at: str, unsaid: Sources) -> list[Claim]:
    """Keep one standing claim per line of exactly what is missing, for a policy that closes short lines by itself.

    `at` and `unsaid`: see `accept`. Returns the claims whose state changed.
    """
    final = bool(return_.finals) and all(return_.finals.values())
    changed: list[Claim] = []
    for line in return_.lines.values():
        if line.instruction == "keep":
            continue
        closing = [
            claim
            for claim in return_.claims.get(line.line_no, [])
            if claim.source == AUTO_CLOSE and claim.state in {"active", "waiting"}
        ]
        closed = sum((quantity for claim in closing for _, quantity, _, _ in claim.effects), ZERO)
        sure = final and not receipt_in_doubt(return_, line.line_no)
        missing = _missing(return_, line.line_no) + closed if sure else ZERO
        missing = max(ZERO, missing)
        if missing == closed:
            continue
        for claim in closing:
            claim.state = "superseded"
        if missing:
            add_claim(return_, Claim(AUTO_CLOSE, 0, "close_short", line.line_no, (("close_short", missing, "", "0"),)))
        changed += accept(return_, [line.line_no], at, unsaid)
    return changed


def _missing(return_: Return, line_no: str) -> Decimal:
    """Shipped (or, without a notice, authorized) but neither received nor closed; negative when more came."""
    tally = return_.tally(line_no)
    return (tally.x if tally.x else tally.a) - tally.r - tally.z
