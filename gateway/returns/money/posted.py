"""What the ERP says it booked, beside what we asked it to book."""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.model import POSTING_KINDS, Posting, Return


def posted_difference(return_: Return, posting: Posting) -> Decimal | None:
    """How much more (less: negative) the ERP booked than it was asked to; None where it has not said, where the posting
    carries no money, or where it booked another currency, in which amounts cannot be compared.

    What takes back is said with either sign, by the habits of the ERP.
    """
    if posting.posted_amount is None or posting.amount is None or has_other_currency(return_, posting):
        return None
    booked = abs(posting.posted_amount) if posting.sign == "-" else posting.posted_amount
    return booked - posting.amount


def has_other_currency(return_: Return, posting: Posting) -> bool:
    """Did the ERP book another currency than the one it was asked to?"""
    asked = currency_of(return_, posting)
    return bool(posting.posted_currency and asked and posting.posted_currency != asked)


def currency_of(return_: Return, posting: Posting) -> str:
    """The currency that a posting's amount is in."""
    if POSTING_KINDS[posting.kind].against_supplier:
        return return_.lines[posting.line_no].cost_currency or return_.currency
    return return_.currency
