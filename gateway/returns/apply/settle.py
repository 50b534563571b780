"""Bring the ledger of a changed return into line with its claims."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.returns.apply.standing import document_state
from gateway.returns.claims.acceptance import accept
from gateway.returns.claims.shared_items import share_out
from gateway.returns.claims.short_receipt import close_short
from gateway.returns.decision import ChangedReturn, Decision, PostingCause
from gateway.returns.model import Claim, Return
from gateway.returns.vendors.requests import ask_vendors


def settle_ledger(
    decision: Decision,
    return_: Return,
    line_nos: Iterable[str],
    cause: PostingCause,
    *,
    has_new_keys: bool = False,
    for_erp: bool = True,
) -> None:
    """Make the ledger say what the claims on these lines say, ask suppliers, and note that the return has changed.

    `line_nos`: lines whose claims may have changed; lines of the same item come along. For `has_new_keys` and `for_erp`
    see `ChangedReturn`. Postings, Holds, clocks and keys follow from the ledger when the decision is finished.
    """
    policy = decision.policy(return_)
    touched = set(line_nos)
    if touched and len(return_.lines) > 1:
        touched |= share_out(return_, policy.follow_ons.unsaid)
    in_order = [no for no in return_.lines if no in touched] if touched else []
    moved_claims = accept(return_, in_order, decision.at, policy.follow_ons.unsaid)
    if policy.short_receipt == "close":
        moved_claims += close_short(return_, decision.at, policy.follow_ons.unsaid)
    _report_other_documents(decision, return_, moved_claims)
    if policy.suppliers:
        ask_vendors(decision, return_, policy)
    decision.changed.append(ChangedReturn(return_, policy, in_order, cause, has_new_keys, for_erp))


def _report_other_documents(decision: Decision, return_: Return, moved_claims: list[Claim]) -> None:
    """New states of other documents whose claims started or stopped standing."""
    ids = {claim.document_id for claim in moved_claims} - {decision.received.document_id, 0}
    for document_id in ids:
        decision.outcome.moved[document_id] = document_state(return_, document_id)
