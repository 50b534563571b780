"""Which postings may go, what the others wait for, and which are void with one that a person voided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gateway.returns.claims.cancelled_goods import came_cancelled
from gateway.returns.erp.undo import BOOKED, undecided
from gateway.returns.model import POSTING_KINDS, Posting, PostingState, Return
from gateway.returns.policy import Policy

WITHDRAWN = frozenset({"cancelled", "reversed"})
_OPEN = frozenset({"waiting", "ready"})
# Kind of posting → the kind that it needs, by the shipped policy.
_NEEDS: dict[str, str] = {kind: row.needs for kind, row in POSTING_KINDS.items()}


def stands(posting: Posting) -> bool:
    """Is this an instruction of which the ERP should end up with something, or one that a person settles outside it?"""
    return posting.sign == "+" and posting.state not in WITHDRAWN and posting.reversed < posting.quantity


def release(return_: Return, policy: Policy, at: str) -> list[Posting]:
    """Let every posting go that waits for nothing any more, and note of the others what they wait for.

    What needs a voided posting could only wait for ever: it is void with it, and so is what needs that one in turn.
    """
    released: list[Posting] = []
    voided_some = True
    while voided_some:
        voided_some = False
        for posting, blocker in _blockers(return_, policy):
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


def _blockers(return_: Return, policy: Policy) -> list[tuple[Posting, str | None]]:
    """Every posting that has not left us, with the key of what it waits for (see `_blocker`)."""
    postings = return_.postings
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
    held_back = _reversals_held_back(return_, open_, policy)
    for posting in open_:
        if posting.sign == "-":
            blockers.append((posting, held_back.get(posting.key)))
            continue
        blocker = _blocker(posting, needed[posting.line_no, posting.needs]) if posting.needs else None
        blockers.append((posting, _reversal_before(posting, postings, held_back) if blocker is None else blocker))
    return blockers


def _reversals_held_back(return_: Return, open_: Iterable[Posting], policy: Policy) -> dict[str, str]:
    """Reversals that may not go, by key: what they wait for; "" for a person's decision."""
    postings = return_.postings
    reversals = [posting for posting in open_ if posting.sign == "-"]
    if not reversals:
        return {}
    held_back = {p.key: blocker for p in reversals if (blocker := _blocker_of_reversal(p, postings)) is not None}
    held_back |= {posting.key: "" for posting in reversals if came_cancelled(return_, posting.line_no)}
    for undecided_of_slot in undecided(return_, policy).values():
        held_back |= {posting.key: "" for posting in undecided_of_slot}
    return held_back


def _reversal_before(posting: Posting, postings: Mapping[str, Posting], held_back: Mapping[str, str]) -> str | None:
    """A credit issued anew at another price goes out with what it replaces, not before."""
    for key in held_back:
        other = postings[key]
        same_slot = (other.line_no, other.kind, other.split) == (posting.line_no, posting.kind, posting.split)
        if same_slot and other.seq < posting.seq:
            return key
    return None


def _blocker(posting: Posting, needed: Iterable[Posting]) -> str | None:
    """Key of the posting that must be posted first; "" if it does not exist yet; None if nothing is in the way."""
    first_open = first_void = ""
    posted = False
    for other in needed:
        if other.kind == posting.kind and other.seq >= posting.seq:
            # Of its own kind a posting needs what was issued before it: goods that move on were brought there first.
            continue
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
    if origin.state not in BOOKED:
        return origin.key
    return next(
        (
            other.key
            for other in postings.values()
            if other.sign == "-"
            and other.line_no == posting.line_no
            and other.state not in {"posted", "cancelled"}
            and other.answer != "keep"
            and _stood_on(origin, postings[other.reverses])
        ),
        None,
    )


def _stands_on(posting: Posting) -> Iterator[str]:
    """The kinds of posting that one needs, and those that these need in turn."""
    needed = posting.needs
    while needed:
        yield needed
        needed = _NEEDS[needed]


def _stood_on(origin: Posting, other: Posting) -> bool:
    """Was a posting issued on top of `origin`: does it need its kind, or has it moved the same goods on?"""
    if other.kind == origin.kind:
        return bool(other.from_disposition) and other.seq > origin.seq
    return origin.kind in _stands_on(other)
