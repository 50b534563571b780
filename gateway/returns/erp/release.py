"""Which postings may go, what the others wait for, and which are void with one that a person voided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.returns.model import POSTING_RANK, Posting, PostingState, Return

WITHDRAWN = frozenset({"cancelled", "reversed"})
_OPEN = frozenset({"waiting", "ready"})


def stands(posting: Posting) -> bool:
    """Is this an instruction of which the ERP should end up with something, or one that a person settles outside it?"""
    return posting.sign == "+" and posting.state not in WITHDRAWN and posting.reversed < posting.quantity


def release(return_: Return, at: str) -> list[Posting]:
    """Let every posting go that waits for nothing any more, and note of the others what they wait for.

    What needs a voided posting could only wait for ever: it is void with it, and so is what needs that one in turn.
    """
    released: list[Posting] = []
    voided_some = True
    while voided_some:
        voided_some = False
        for posting, blocker in _blockers(return_.postings):
            if blocker and return_.postings[blocker].state == "void":
                _void_with(posting, return_.postings[blocker], at)
                voided_some = True
                continue
            state: PostingState = "ready" if blocker is None else "waiting"
            if state != posting.state:
                posting.state, posting.changed_at = state, at
                if state == "ready":
                    released.append(posting)
            posting.waits_for = blocker or ""
    return released


def _void_with(posting: Posting, needed: Posting, at: str) -> None:
    posting.state, posting.waits_for, posting.changed_at = "void", "", at
    posting.error_text = f"void with the {needed.kind} {needed.key}, which it needs"


def _blockers(postings: Mapping[str, Posting]) -> list[tuple[Posting, str | None]]:
    """Every posting that has not left us, with the key of what it waits for (see `_blocker`)."""
    open_ = [posting for posting in postings.values() if posting.state in _OPEN]
    needed: dict[tuple[str, str], list[Posting]] = {
        (posting.line_no, posting.needs): [] for posting in open_ if posting.needs
    }
    if needed:
        kinds = {kind for _, kind in needed}
        for posting in postings.values():
            if posting.kind in kinds and stands(posting) and (posting.line_no, posting.kind) in needed:
                needed[posting.line_no, posting.kind].append(posting)
    blockers: list[tuple[Posting, str | None]] = []
    for posting in open_:
        if posting.sign == "-":
            blockers.append((posting, _blocker_of_reversal(posting, postings)))
        else:
            blockers.append(
                (posting, _blocker(posting, needed[posting.line_no, posting.needs]) if posting.needs else None)
            )
    return blockers


def _blocker(posting: Posting, needed: Iterable[Posting]) -> str | None:
    """Key of the posting that must be posted first; "" if it does not exist yet; None if nothing is in the way."""
    first_open = first_void = ""
    posted = False
    for other in needed:
        if other.state == "posted":
            posted = True
        elif other.state == "void":
            first_void = first_void or other.key
        elif other.seq < posting.seq:
            return other.key
        elif not first_open:
            first_open = other.key
    return None if posted else first_open or first_void


def _blocker_of_reversal(posting: Posting, postings: Mapping[str, Posting]) -> str | None:
    """What is taken back must be posted first, and whatever stands on it taken back before."""
    origin = postings[posting.reverses]
    if origin.state not in {"posted", "reversed"}:
        return origin.key
    return next(
        (
            other.key
            for other in postings.values()
            if other.sign == "-"
            and other.line_no == posting.line_no
            and other.seq < posting.seq
            and other.state not in {"posted", "cancelled"}
            and POSTING_RANK[other.kind] > POSTING_RANK[posting.kind]
        ),
        None,
    )
