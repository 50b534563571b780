"""Cancellations: all of a request, or quantities of its lines."""

from __future__ import annotations

from gateway.returns.apply.set_aside import not_theirs
from gateway.returns.apply.standing import remember, standing, supersede
from gateway.returns.claims.acceptance import add_claim
from gateway.returns.decision import Decision
from gateway.returns.documents.identity import business_key
from gateway.returns.documents.keys import keys_of_cancellation
from gateway.returns.documents.matching import find
from gateway.returns.documents.versions import settle_versions
from gateway.returns.items.lines import line_of_goods, unnamed
from gateway.returns.items.units import in_base
from gateway.returns.items.unknown_names import master_data_for, not_known
from gateway.returns.model import Claim, LedgerEffect, Return, day
from gateway.returns.request.conclusion import conclude
from translators.canonical import Cancellation, RequestLine


def cancel_request(decision: Decision, return_: Return) -> None:
    """Take back everything that the partner asked for on this return."""
    for source in [key for key in return_.applied if key.startswith("return_request:")]:
        supersede(return_, source)
        decision.outcome.redo += settle_versions(return_, source, "", outranked=True)
        return_.applied[source].rank = 2
    return_.cancelled = True
    decision.note(return_, "cancelled by the partner")


def apply_cancellation(decision: Decision, document: Cancellation) -> None:
    """All of the request, or the named quantities of its lines, is taken back."""
    received, outcome = decision.received, decision.outcome
    keys = keys_of_cancellation(document, received)
    match_ = find(keys, decision.candidates, received)
    if match_.found is None:
        outcome.park(match_.why, keys)
        return
    return_, key = match_.found, business_key(document, received)
    if not_theirs(decision, return_, key):
        outcome.state, outcome.reason = "held", "ownership_conflict"
        return
    its_standing = standing(return_, key, document, received)
    if its_standing not in {"new", "same_document"}:
        outcome.state, outcome.reason = "ignored", "duplicate"
        return
    if its_standing == "same_document":
        if not any(claim.source == key and claim.unknown for claim in return_.all_claims()):
            return
        supersede(return_, key)
    remember(return_, key, document, received)
    if not document.lines:
        cancel_request(decision, return_)
    for row, line in enumerate(document.lines):
        add_claim(return_, _cancel_claim(decision, return_, document, line, key, row))
    conclude(decision, return_, document.number)
    claims = [claim for claim in return_.all_claims() if claim.source == key and claim.state != "superseded"]
    if any(claim.state != "active" for claim in claims):
        outcome.state = "held"
        outcome.reason = next((claim.why for claim in claims if claim.state == "held"), "cancel_exceeds_authorized")
        outcome.park_keys = master_data_for(claims)


def _cancel_claim(
    decision: Decision, return_: Return, document: Cancellation, line: RequestLine, key: str, row: int
) -> Claim:
    """What a cancellation says of one line; held if its unit cannot be counted."""
    policy, facts = decision.policy(return_), decision.facts
    ids = facts.ids(line.item) or unnamed(line.line_no)
    line_no = line_of_goods(return_, line.item, ids, facts, policy, line.unit, line.line_no)[0]
    unit = return_.lines[line_no].unit
    quantity = in_base(line.quantity, line.unit, unit, facts.product(line.item), policy)
    effects: tuple[LedgerEffect, ...] = (("cancel", line.quantity if quantity is None else quantity, "", "0"),)
    claim = Claim(key, decision.received.document_id, "cancel", line_no, effects, ids=ids, row=row)
    claim.named = line.line_no
    claim.order, claim.at = f"{day(document.issued_on)}|{key}", decision.at
    if quantity is None:
        claim.state, claim.why, claim.unknown = "held", "crosswalk_missing", f"unit:{line.unit}"
        claim.said = not_known(claim.unknown, ids)
    return claim
