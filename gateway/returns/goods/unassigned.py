"""Goods that came without a word of which return they are: on the ledger at once, as a return that is no return yet.

A receipt that names no return, shipment or parcel, and that no purchase order leads to one, opens a return of purpose
`unassigned`: nothing is authorized on it, and a person says what it is. Where a request for these goods comes later,
the receipt goes to its return by itself, as it does when the request was there first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.decision import Decision, PostingCause
from gateway.returns.documents.keys import GoodsDocument, GoodsLine, references_of
from gateway.returns.model import REJECTED, UNASSIGNED, AppliedDocument, Return

# References by which a receipt may be found to be of a return that has not come yet: it waits, and nobody is asked.
_AWAITED = frozenset(
    {"rma", "return", "correlation", "request", "claim", "shipment", "tracking", "carton", "bill_of_lading", "receipt"}
)


def is_blind(document: GoodsDocument, lines: Iterable[GoodsLine], why: str) -> bool:
    """Did these lines of a document come without a word of which return or shipment they are?

    `why` they match no return: several that they may be of are another question.
    """
    if document.kind != "receipt" or why != "no_match":
        return False
    references = [*document.references, *(reference for line in lines for reference in references_of(line))]
    return not any(reference.kind in _AWAITED and reference.value for reference in references)


def holder_of(candidates: Sequence[Return], key: str) -> Return | None:
    """The return without an owner that has a document (its business key), if one has."""
    return next((return_ for return_ in candidates if return_.purpose == UNASSIGNED and key in return_.applied), None)


def open_unassigned(decision: Decision, document: GoodsDocument) -> Return:
    """A new return for goods that nobody announced, under the warehouse's policy until a person says whose they are."""
    received = decision.received
    policy = decision.policy_of(received.partner)
    return_no = policy.return_format.format(decision.numbers.next("return"))
    digest = hashlib.sha256(f"{return_no}|{received.partner}|{document.number}".encode()).hexdigest()[:6].upper()
    return_ = Return(
        return_no=return_no,
        partner=received.partner,
        correlation_id=f"{return_no}{digest}",
        purpose=UNASSIGNED,
        settlement="none",
        warehouse=received.partner,
        erp=policy.erp,
        opened_at=decision.at,
        references=document.references,
        parties=document.parties,
    )
    decision.note(return_, f"goods without a return: receipt {document.number}".rstrip())
    return return_


def is_refused(return_: Return, key: str) -> bool:
    """Did a person refuse what this document brought?"""
    claims = [claim for claim in return_.all_claims() if claim.source == key]
    return bool(claims) and all(claim.why == REJECTED for claim in claims)


def move_out(decision: Decision, return_: Return) -> None:
    """Everything that came turned out to be of other returns: this one is empty from now on, and what other documents
    said of its goods is decided again.
    """
    lines = {claim.line_no for claim in return_.all_claims() if claim.state != "superseded"}
    for claim in return_.all_claims():
        if claim.state != "superseded":
            claim.state, claim.why = "superseded", UNASSIGNED
    others: list[AppliedDocument] = [
        applied for applied in return_.applied.values() if applied.document_id != decision.received.document_id
    ]
    decision.outcome.redo += [applied.document_id for applied in others]
    return_.applied.clear()
    return_.finals.clear()
    return_.cancelled = True
    where = return_.assigned_to or "its return, which came later"
    decision.note(return_, f"the goods are those of {where}")
    settle_ledger(decision, return_, sorted(lines), PostingCause(decision.at))
