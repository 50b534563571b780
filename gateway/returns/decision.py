"""The working context of one decision, and what every decision ends with: postings, Holds, clocks, keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from gateway.returns.clocks import wind_clocks
from gateway.returns.documents.identity import fingerprint
from gateway.returns.documents.keys import keys_of_return
from gateway.returns.documents.ownership import may_not
from gateway.returns.documents.versions import challenge, said_of, settle_rivals
from gateway.returns.erp.postings import Cause as PostingCause
from gateway.returns.erp.postings import settle
from gateway.returns.goods.shared_items import share_out
from gateway.returns.holds.derived import Cause, derive_holds, open_hold
from gateway.returns.items.master_data import Facts
from gateway.returns.items.unknown_names import receipt_in_doubt
from gateway.returns.ledger import accept, add_claim
from gateway.returns.model import (
    AUTO_CLOSE,
    ZERO,
    Applied,
    Claim,
    DocumentState,
    Numbers,
    Outcome,
    Received,
    Return,
    instant,
)
from gateway.returns.money.due import credits_wanted
from gateway.returns.outcome.vendor_returns import ask_vendors
from gateway.returns.policy import Policies, Policy, policy_for
from translators.canonical import InboundDocument

Standing = Literal["new", "same_document", "identical", "differs", "replaces", "outdated", "refused"]

# What a purpose does to an earlier document with the same business key: 0 is said first, 1 replaces, 2 cancels.
RANKS = {"change": 1, "replace": 1, "cancel": 2}


@dataclass(slots=True)
class Decision:
    """One document (or one person's answer) being decided. `at` is `now` as text."""

    received: Received
    candidates: list[Return]
    facts: Facts
    policies: Policies
    now: datetime
    numbers: Numbers
    at: str = ""
    outcome: Outcome = field(default_factory=Outcome)
    # Lines whose price or reason the partner has changed: what was credited on the old terms is credited anew.
    repriced: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.at = instant(self.now)

    def policy(self, return_: Return) -> Policy:
        return policy_for(self.policies, return_.partner)

    def note(self, return_: Return, text: str) -> None:
        self.outcome.notes.append((return_.return_no, text))


def rank_of(document: InboundDocument) -> int:
    return RANKS.get(document.purpose, 0)


def standing(return_: Return, key: str, document: InboundDocument, received: Received) -> Standing:
    """What this document is to the one with the same business key that the return knows already."""
    prior = return_.applied.get(key)
    if prior is None:
        return "new"
    if prior.document_id == received.document_id:
        return "same_document"
    rank = rank_of(document)
    if rank != prior.rank:
        return "replaces" if rank > prior.rank else "outdated"
    said = "" if rank == 2 else fingerprint(document)
    if rank == 2 or prior.fingerprint == said:
        return "identical"
    if rank == 0:
        return said_of(return_, key, said)
    # Of two versions of one day the later to arrive stands, however often the other one is decided again or sent again.
    issued = document.issued_on.isoformat() if document.issued_on else ""
    before = (issued, received.document_id) < (prior.issued, prior.document_id)
    return "outdated" if before or (issued == prior.issued and said in prior.replaced) else "replaces"


def remember(return_: Return, key: str, document: InboundDocument, received: Received) -> list[int]:
    """This document stands under its key from now on. Returns the documents that must be decided again for it."""
    issued = document.issued_on.isoformat() if document.issued_on else ""
    said, rank = fingerprint(document), rank_of(document)
    again = settle_rivals(return_, key, said, outranked=rank > 0) if return_.rivals else []
    prior = return_.applied.get(key)
    replaced = ""
    if prior is not None and rank == 1 and prior.rank == rank:
        older = "" if prior.fingerprint in (said, "") else prior.fingerprint
        replaced = f"{prior.replaced} {older}".strip()
    return_.applied[key] = Applied(received.document_id, said, rank, issued, replaced)
    return again


def supersede(return_: Return, source: str) -> set[str]:
    """Withdraw every claim of a document; the lines whose ledger must be looked at again."""
    lines: set[str] = set()
    for line_no, claims in return_.claims.items():
        for claim in claims:
            if claim.source == source and claim.state != "superseded":
                claim.state = "superseded"
                lines.add(line_no)
    return lines


# Why a document that is not the first with its key is left aside, and what the return's timeline says of it.
_ASIDE: dict[Standing, tuple[str, str]] = {
    "identical": ("duplicate", "{what} came again, unchanged"),
    "outdated": ("superseded", "an earlier version of {what} came late"),
    "refused": ("decided_against", "{what} came in the version that was decided against"),
}


def set_aside(
    decision: Decision, return_: Return, document: InboundDocument, key: str, before: Standing, what: str
) -> tuple[DocumentState, str] | None:
    """The state of a document that changes nothing because of what came before it; None if it has an effect.

    The same business key with other content and no word of replacing is held: a Hold asks which version is right.
    """
    if before == "differs":
        if not challenge(return_, key, fingerprint(document), decision.received.document_id):
            decision.note(return_, f"{what} came again in a version that is held already")
            return "ignored", "duplicate"
        finish(decision, return_, (), PostingCause(decision.at), books=False)
        return "held", "duplicate_differs"
    aside = _ASIDE.get(before)
    if aside is None:
        return None
    decision.note(return_, aside[1].format(what=what))
    return "ignored", aside[0]


def not_theirs(decision: Decision, return_: Return, document: InboundDocument, key: str) -> bool:
    """True, with an open Hold, if the sender does not own what the document would change on this return."""
    why = may_not(getattr(document, "kind", ""), decision.received, return_)
    if not why:
        return False
    cause = Cause("ownership_conflict", "", key, key, why, document_id=decision.received.document_id)
    if open_hold(return_, cause, decision.at, derived=False):
        finish(decision, return_, (), PostingCause(decision.at))
    return True


def finish(
    decision: Decision,
    return_: Return,
    line_nos: Iterable[str],
    cause: PostingCause,
    *,
    rekey: bool = False,
    books: bool = True,
) -> None:
    """Bring ledger, postings, Holds, clocks and keys of a changed return into line, and put it into the outcome.

    `books` false: what changed is nothing that the ERP is told of (goods under way, a parcel's place).
    """
    policy = decision.policy(return_)
    wanted = set(line_nos)
    if wanted and len(return_.lines) > 1:
        wanted |= share_out(return_)
    lines = [no for no in return_.lines if no in wanted] if wanted else []
    changed = accept(return_, lines, decision.at)
    if policy.short_receipt == "close":
        changed += _close_short(return_, policy, decision)
    _report_moved(decision, return_, changed)
    if policy.suppliers:
        ask_vendors(decision, return_, policy)
    credits_ = credits_wanted(return_, policy)
    if books or policy.short_receipt == "close":
        moved = lines if policy.short_receipt == "hold" else list(return_.lines)
        settle(return_, moved, credits_, policy, cause, decision.repriced)
    derive_holds(return_, credits_, policy, decision.at)
    decision.outcome.clocks += wind_clocks(return_, credits_, policy, decision.now)
    if rekey:
        fresh = keys_of_return(return_) - return_.keys
        return_.keys |= fresh
        decision.outcome.retry_keys |= fresh
    return_.changed_at = decision.at
    decision.outcome.retry_keys.add(f"return:{return_.return_no}")
    if all(r is not return_ for r in decision.outcome.returns):
        decision.outcome.returns.append(return_)


def _report_moved(decision: Decision, return_: Return, changed: list[Claim]) -> None:
    """New states of other documents whose claims started or stopped standing."""
    ids = {c.document_id for c in changed} - {decision.received.document_id, 0}
    for document_id in ids:
        decision.outcome.moved[document_id] = document_state(return_, document_id)


def document_state(return_: Return, document_id: int) -> tuple[DocumentState, str]:
    """The state of a document by its claims on a return: parked while one waits, held while one needs a person."""
    waiting = held = ""
    for claim in return_.all_claims():
        if claim.document_id == document_id:
            if claim.state == "waiting":
                waiting = "waits_for_receipt" if claim.kind == "inspect" else f"waits_to_{claim.kind}"
            elif claim.state == "held":
                held = claim.why
    if waiting:
        return "parked", waiting
    return ("held", held) if held else ("applied", "")


def _close_short(return_: Return, policy: Policy, decision: Decision) -> list[Claim]:
    """Where the policy closes short lines by itself: keep one standing claim per line of exactly what is missing."""
    final = bool(return_.finals) and all(return_.finals.values())
    changed: list[Claim] = []
    for line in return_.lines.values():
        if line.instruction == "keep":
            continue
        own = [
            c
            for c in return_.claims.get(line.line_no, [])
            if c.source == AUTO_CLOSE and c.state in {"active", "waiting"}
        ]
        closed = sum((q for c in own for _, q, _, _ in c.effects), ZERO)
        sure = final and not receipt_in_doubt(return_, line.line_no)
        missing = _missing(return_, line.line_no) + closed if sure else ZERO
        missing = max(ZERO, missing)
        if missing == closed:
            continue
        for claim in own:
            claim.state = "superseded"
        if missing:
            add_claim(return_, Claim(AUTO_CLOSE, 0, "close_short", line.line_no, (("close_short", missing, "", "0"),)))
        changed += accept(return_, [line.line_no], decision.at)
    return changed


def _missing(return_: Return, line_no: str) -> Decimal:
    """Shipped (or, without a notice, authorized) but neither received nor closed; negative when more came."""
    t = return_.tally(line_no)
    return (t.x if t.x else t.a) - t.r - t.z
