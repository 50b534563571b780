"""What a document is to the one with the same business key that a return knows already."""

from __future__ import annotations

from typing import Literal

from gateway.returns.documents.identity import fingerprint
from gateway.returns.documents.versions import answer_to_version, settle_versions
from gateway.returns.model import REJECTED, AppliedDocument, Arrival, DocumentState, Return
from translators.canonical import InboundDocument

Standing = Literal["new", "same_document", "identical", "differs", "replaces", "outdated", "refused"]
# What a purpose does to an earlier document with the same business key: 0 is said first, 1 replaces, 2 cancels.
RANKS = {"change": 1, "replace": 1, "cancel": 2}


# What a claim of a kind waits for, where it is not just its turn.
_WAITS_FOR = {"inspect": "waits_for_receipt", "follow": "waits_for_inspection"}


def rank_of(document: InboundDocument) -> int:
    """0 for a document that is said first, 1 for one that replaces, 2 for one that cancels: by its purpose."""
    return RANKS.get(document.purpose, 0)


def standing(return_: Return, key: str, document: InboundDocument, received: Arrival) -> Standing:
    """What this document is to the one with the same business key that the return knows already."""
    prior = return_.applied.get(key)
    if prior is None:
        return "new"
    if prior.document_id == received.document_id:
        return "same_document"
    rank = rank_of(document)
    if rank != prior.rank:
        return "replaces" if rank > prior.rank else "outdated"
    content = "" if rank == 2 else fingerprint(document)
    if rank == 2 or prior.fingerprint == content:
        return "identical"
    if rank == 0:
        return answer_to_version(return_, key, content)
    # Of two versions of one day the later to arrive stands, however often the other one is decided again or sent again.
    issued = document.issued_on.isoformat() if document.issued_on else ""
    is_older = (issued, received.document_id) < (prior.issued, prior.document_id)
    return "outdated" if is_older or (issued == prior.issued and content in prior.replaced) else "replaces"


def remember(return_: Return, key: str, document: InboundDocument, received: Arrival) -> list[int]:
    """This document stands under its key from now on. Returns the documents that must be decided again for it."""
    issued = document.issued_on.isoformat() if document.issued_on else ""
    content, rank = fingerprint(document), rank_of(document)
    to_decide_again = settle_versions(return_, key, content, outranked=rank > 0) if return_.competing_versions else []
    prior = return_.applied.get(key)
    replaced = ""
    if prior is not None and rank == 1 and prior.rank == rank:
        displaced = "" if prior.fingerprint in (content, "") else prior.fingerprint
        replaced = f"{prior.replaced} {displaced}".strip()
    return_.applied[key] = AppliedDocument(received.document_id, content, rank, issued, replaced)
    return to_decide_again


def supersede(return_: Return, source: str) -> set[str]:
    """Withdraw every claim of a document; the lines whose ledger must be looked at again."""
    lines: set[str] = set()
    for line_no, claims in return_.claims.items():
        for claim in claims:
            if claim.source != source:
                continue
            if claim.state != "superseded":
                claim.state = "superseded"
                lines.add(line_no)
            elif claim.why == REJECTED:
                # What a person rejected was of this version: the next one says anew what came.
                claim.why = ""
    return lines


def document_state(return_: Return, document_id: int) -> tuple[DocumentState, str]:
    """The state of a document by its claims on a return: parked while one waits, held while one needs a person."""
    waiting = held = ""
    for claim in return_.all_claims():
        if claim.document_id == document_id:
            if claim.state == "waiting":
                waiting = _WAITS_FOR.get(claim.kind) or f"waits_to_{claim.kind}"
            elif claim.state == "held":
                held = claim.why
    if waiting:
        return "parked", waiting
    return ("held", held) if held else ("applied", "")
