"""A credit note → what it says of each return: which lines, how much money."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from gateway.returns.decision import Decision
from gateway.returns.documents.keys import claim_keys, vendor_item_keys
from gateway.returns.documents.matching import Match, find
from gateway.returns.model import ZERO, Return
from translators.canonical import CreditNote, CreditNoteLine


@dataclass(slots=True)
class CreditShare:
    """What a note says of one return. `amount` is money for us: what a debit takes back is below zero."""

    return_: Return
    lines: list[CreditNoteLine] = field(default_factory=list)
    amount: Decimal = ZERO


@dataclass(slots=True)
class CreditShares:
    """A note's shares by return; keys of lines that found none, and why; what is wrong with the note itself."""

    shares: list[CreditShare] = field(default_factory=list)
    missing_keys: list[str] = field(default_factory=list)
    why: str = ""
    problem: str = ""


def share_note(decision: Decision, document: CreditNote) -> CreditShares:
    """Each line goes to the return of the claim that it names, or that the note names as a whole.

    Money that no line says belongs to the return that the note names; to the one return there is if it names none.
    """
    by_note = _named_by(decision, document)
    shares: dict[str, CreditShare] = {}
    found = CreditShares(problem=problem_of(document), why=by_note.why)
    if by_note.found is not None:
        shares[by_note.found.return_no] = CreditShare(by_note.found)
    for line in document.lines:
        match_, keys = _match(decision, document, line, by_note)
        if match_.found is None:
            found.missing_keys += keys
            found.why = found.why or match_.why
            continue
        share = shares.setdefault(match_.found.return_no, CreditShare(match_.found))
        share.lines.append(line)
        share.amount += line_amount(line) or ZERO
    _share_rest(document, shares, by_note, found)
    found.shares = [share for share in shares.values() if share.lines or share.amount or not document.lines]
    return found


def _named_by(decision: Decision, document: CreditNote) -> Match:
    keys = claim_keys(document.references, decision.received.partner)
    return find(keys, decision.candidates, decision.received)


def _match(decision: Decision, document: CreditNote, line: CreditNoteLine, by_note: Match) -> tuple[Match, list[str]]:
    """The return of a line, and the keys by which it looks: its own, the note's, its item's if nobody names any."""
    partner = decision.received.partner
    own, of_note = claim_keys(line.references, partner), claim_keys(document.references, partner)
    if not own and of_note:
        return by_note, of_note
    keys = own or vendor_item_keys(partner, line.item)
    return find(keys, decision.candidates, decision.received), keys


def _share_rest(document: CreditNote, shares: dict[str, CreditShare], by_note: Match, found: CreditShares) -> None:
    """What the note credits beyond its lines: charges, taxes, or all of it where lines say no amount."""
    total = note_amount(document)
    if total is None:
        return
    rest = total - sum((line_amount(line) or ZERO for line in document.lines), ZERO)
    if not rest:
        return
    owner = by_note.found.return_no if by_note.found is not None else ""
    if not owner and len(shares) == 1 and not found.missing_keys:
        owner = next(iter(shares))
    if owner:
        shares[owner].amount += rest
    elif shares and not found.problem:
        found.problem = f"{rest:f} of it is said of no claim"


def note_amount(document: CreditNote) -> Decimal | None:
    """The total of a note, as money for us; what its lines add up to where it says none; None if nothing says any."""
    if document.amount is not None:
        return document.amount if document.direction == "credit" else -document.amount
    amounts = [amount for line in document.lines if (amount := line_amount(line)) is not None]
    return sum(amounts, ZERO) if amounts else None


def line_amount(line: CreditNoteLine) -> Decimal | None:
    """What a line credits, as money for us: its amount, else quantity times unit price; None if it says neither."""
    amount = line.amount
    if amount is None and line.quantity is not None and line.unit_price is not None:
        amount = line.quantity * line.unit_price
    return amount if amount is None or line.direction == "credit" else -amount


def problem_of(document: CreditNote) -> str:
    """What is wrong with a note in itself, in words: no amount, a negative one, lines that do not add up."""
    total = note_amount(document)
    if total is None:
        return "it says no amount"
    said = [document.amount, *(line.amount for line in document.lines)]
    if any(amount is not None and amount < 0 for amount in said):
        return "it has an amount below zero: a debit has its own flag"
    amounts = [line_amount(line) for line in document.lines]
    if document.amount is None or not amounts or None in amounts:
        return ""
    unexplained = abs(total - sum((amount for amount in amounts if amount is not None), ZERO))
    every_charge = [*document.charges, *(charge for line in document.lines for charge in line.charges)]
    explained = sum((abs(charge.amount) for charge in every_charge), ZERO)
    if unexplained > explained:
        return f"its lines and charges do not add up to {abs(total):f}"
    return ""
