"""Which units a posting is about: the serials and lots of its goods, as far as documents say them.

They are noted when the posting is issued and stay: what was sent is not told otherwise by a later document. Where
documents name more units than a posting has, or do not say which of them became what, nobody knows which it is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from gateway.returns.documents.serial_numbers import distinct, others
from gateway.returns.model import POSTING_KINDS, ZERO, Claim, Posting, Return, ReturnLine
from gateway.returns.policy import Policy


def name_units(return_: Return, issued: Iterable[Posting], policy: Policy) -> None:
    """Note on new postings which units they are about."""
    for posting in issued:
        line = return_.lines[posting.line_no]
        claims = [claim for claim in return_.claims.get(line.line_no, ()) if claim.serials or claim.lots]
        if claims or line.serials or line.lots:
            _name(return_, line, posting, [claim for claim in claims if claim.state == "active"], policy)


def _name(return_: Return, line: ReturnLine, posting: Posting, claims: list[Claim], policy: Policy) -> None:
    serials, lots = _of_slot(return_, line, posting, claims, policy)
    if posting.sign == "-":
        origin = return_.postings[posting.reverses]
        gone = origin.serials if posting.quantity == origin.quantity else others(origin.serials, serials)
        posting.serials, posting.lots = _if_known(gone, posting.quantity), origin.lots
        return
    told: list[str] = []
    for other in return_.postings.values():
        is_of_slot = (other.line_no, other.kind, other.split) == (posting.line_no, posting.kind, posting.split)
        if is_of_slot and other is not posting and other.state != "cancelled":
            told = [*told, *other.serials] if other.sign == "+" else list(others(told, other.serials))
    posting.serials, posting.lots = _if_known(others(serials, told), posting.quantity), lots


def _if_known(serials: tuple[str, ...], quantity: Decimal) -> tuple[str, ...]:
    return serials if len(serials) <= quantity else ()


def _of_slot(
    return_: Return, line: ReturnLine, posting: Posting, claims: list[Claim], policy: Policy
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Serials and lots of all the goods that the posting's slot is about."""
    what = POSTING_KINDS[posting.kind].quantity
    if what == "authorized":
        return distinct(line.serials), distinct(line.lots)
    received = [claim for claim in claims if claim.kind == "receive" and _is_clear(claim)]
    tally = return_.tallies[line.line_no]
    if what == "received":
        if tally.by_condition.get(posting.condition) != tally.r:
            received = [claim for claim in received if _codes(claim, "receive") == {posting.condition}]
        return _numbers(received)
    creditable = {code for code, rule in policy.dispositions.items() if rule.credit}
    outcomes = creditable if what == "credit" else {posting.disposition}
    if sum((tally.d.get(code, ZERO) for code in outcomes), ZERO) == tally.r or not tally.dispositioned:
        return _numbers(received)
    inspected = [claim for claim in claims if claim.kind == "inspect" and _is_clear(claim)]
    return _numbers(claim for claim in inspected if (codes := _codes(claim, "disposition")) and codes <= outcomes)


def _is_clear(claim: Claim) -> bool:
    """Does the claim name no more units than it is about? One that is shared out among lines names them all on each."""
    units = sum((quantity for kind, quantity, _, _ in claim.effects if kind == claim.kind), ZERO)
    return len(claim.serials) <= units


def _codes(claim: Claim, kind: str) -> set[str]:
    return {code for what, quantity, code, _ in claim.effects if what == kind and quantity}


def _numbers(claims: Iterable[Claim]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    those = list(claims)
    return distinct(s for claim in those for s in claim.serials), distinct(lot for claim in those for lot in claim.lots)
