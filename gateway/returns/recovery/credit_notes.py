"""Credit notes of suppliers: the money that they pay for goods that went back to them."""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.apply.set_aside import not_theirs, set_aside
from gateway.returns.apply.settle import settle_ledger
from gateway.returns.apply.standing import rank_of, remember, standing
from gateway.returns.decision import Decision, PostingCause
from gateway.returns.documents.identity import business_key
from gateway.returns.documents.keys import keys_of_credit_note, note_key
from gateway.returns.documents.matching import find_line
from gateway.returns.items.units import in_base
from gateway.returns.model import ZERO, DocumentState, Return, VendorClaim, VendorCredit, day
from gateway.returns.recovery.credit_shares import CreditShare, CreditShares, share_note
from translators.canonical import CreditNote, CreditNoteLine

# How the money comes (DE 305): H says only that it would.
FOR_INFORMATION = "information"
# When a note says several things to several returns, its state is the one that needs most attention.
_URGENCY: tuple[DocumentState, ...] = ("ignored", "applied", "held", "parked")


def apply_credit_note(decision: Decision, document: CreditNote) -> None:
    """Each line of the note is credited to the claim that it names; lines whose claim is not there keep it parked."""
    received, outcome = decision.received, decision.outcome
    if document.handling == FOR_INFORMATION:
        outcome.state, outcome.reason = "ignored", "for_information"
        return
    shares = _cancelled(decision, document) or share_note(decision, document)
    _take_back_elsewhere(decision, document, shares)
    if not shares.shares:
        outcome.park(shares.why or "no_match", keys_of_credit_note(document, received))
        return
    states = [_apply_share(decision, document, shares, share) for share in shares.shares]
    outcome.state, outcome.reason = max(states, key=lambda state: _URGENCY.index(state[0]))
    if shares.missing_keys:
        outcome.park(shares.why or "no_match", shares.missing_keys)
    elif outcome.state == "parked":
        outcome.park_keys = tuple(f"return:{share.return_.return_no}" for share in shares.shares)


def _cancelled(decision: Decision, document: CreditNote) -> CreditShares | None:
    """A note that cancels says it of every return that knows an earlier version; None if it is no such note."""
    knowing = _knowing(decision, document)
    return CreditShares([CreditShare(return_) for return_ in knowing]) if rank_of(document) == 2 and knowing else None


def _knowing(decision: Decision, document: CreditNote) -> list[Return]:
    """Returns that an earlier version of the note was credited to."""
    key = business_key(document, decision.received)
    return [return_ for return_ in decision.candidates if key in return_.applied]


def _take_back_elsewhere(decision: Decision, document: CreditNote, shares: CreditShares) -> None:
    """A note that replaces another may name other claims: what the earlier version credited elsewhere is no more."""
    named = {share.return_.return_no for share in shares.shares}
    if rank_of(document) == 1 and named:
        shares.shares += [CreditShare(r) for r in _knowing(decision, document) if r.return_no not in named]


def _apply_share(
    decision: Decision, document: CreditNote, shares: CreditShares, share: CreditShare
) -> tuple[DocumentState, str]:
    """Credit one return's share of a note; the state that it gives the document."""
    return_, received = share.return_, decision.received
    key, name = business_key(document, received), f"credit note {document.number} of {received.partner}"
    if not_theirs(decision, return_, key):
        return "held", "ownership_conflict"
    claim = return_.vendor_claims.get(received.partner)
    if claim is None:
        return "parked", "waits_for_vendor_request"
    its_standing = standing(return_, key, document, received)
    if aside := set_aside(decision, return_, document, key, its_standing, name):
        return aside
    before = claim.credits.get(key)
    if rank_of(document) == 2 or not (share.lines or share.amount or shares.problem or len(shares.shares) == 1):
        claim.credits.pop(key, None)
    else:
        claim.credits[key] = _credit(decision, document, share, shares.problem)
    credit = claim.credits.get(key)
    if its_standing == "same_document" and credit == before:
        return "applied", ""
    if its_standing != "same_document":
        decision.outcome.redo += remember(return_, key, document, received)
    said = f"on {claim.number}: {credit.amount:f} {credit.currency}".rstrip() if credit else "credits nothing any more"
    decision.note(return_, f"{name} {said}")
    _know_by(decision, return_, note_key(document, received.partner))
    settle_ledger(decision, return_, list(return_.lines), PostingCause(decision.at, document_ref=document.number))
    return "applied", ""


def _know_by(decision: Decision, return_: Return, key: str) -> None:
    """The return is found by the note's own number from now on: by a version that names no claim."""
    if key and key not in return_.keys:
        return_.keys.add(key)
        decision.outcome.retry_keys.add(key)


def _credit(decision: Decision, document: CreditNote, share: CreditShare, problem: str) -> VendorCredit:
    """A return's share of a note as it is kept with its claim."""
    claim = share.return_.vendor_claims[decision.received.partner]
    quantities: dict[str, Decimal] = {}
    problems = [problem] if problem else []
    for line in share.lines:
        if line.quantity is None:
            continue
        line_no, quantity, wrong = _units(decision, share.return_, claim, line)
        if wrong:
            problems.append(wrong)
        else:
            signed = quantity if line.direction == "credit" else -quantity
            quantities[line_no] = quantities.get(line_no, ZERO) + signed
    return VendorCredit(
        document.number,
        share.amount,
        document.currency.strip().upper(),
        quantities,
        day(document.issued_on),
        decision.received.document_id,
        "; ".join(dict.fromkeys(problems)),
    )


def _units(decision: Decision, return_: Return, claim: VendorClaim, line: CreditNoteLine) -> tuple[str, Decimal, str]:
    """Which line of the return a note's line is about, and of how many of its units; or what is wrong with it."""
    ids = decision.facts.ids(line.item)
    named = next((reference.value for reference in line.references if reference.kind == "line"), "")
    having_item = find_line(return_, ids, named) if ids else []
    line_nos = [no for no in having_item if no in claim.asked] or having_item
    if not line_nos and not ids and len(claim.asked) == 1:
        line_nos = list(claim.asked)
    if not line_nos:
        return "", ZERO, f"{' '.join(ids[:1]) or f'line {line.line_no}'} is no item of {claim.number}"
    our_line, quantity = return_.lines[line_nos[0]], line.quantity or ZERO
    product, policy = decision.facts.product(line.item), decision.policy(return_)
    counted = in_base(quantity, line.unit, our_line.unit, product, policy)
    if counted is None:
        return "", ZERO, f"nobody can say how many {our_line.unit} {quantity:f} {line.unit} are"
    if counted < 0:
        return "", ZERO, f"{quantity:f} {line.unit} is a quantity below zero"
    return our_line.line_no, counted, ""
