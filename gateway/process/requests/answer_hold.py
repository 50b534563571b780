"""A person's answer to a Hold: the domain carries it out where it changes a return, this module everywhere else.

What may be said to a Hold is a row of `gateway.holds`; what each answer does to files, documents and postings stands in
`_EFFECTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from gateway.clock import parse_instant
from gateway.holds import Effect, hold_class
from gateway.process.decide import steps
from gateway.process.decide.application import Application
from gateway.process.requests.refused import Refused
from gateway.process.requests.replay import end_waiting, replay
from gateway.process.send import pilot
from gateway.process.work import Processing
from gateway.returns import CannotResolve
from gateway.store import Transaction
from gateway.store.files import deliveries, intakes
from gateway.store.files.intakes import NewState
from gateway.store.people import holds
from gateway.store.people.holds import Hold
from gateway.store.people.requests import Request
from gateway.store.returns import postings, returns
from gateway.store.system.step_bodies import HoldAnswer


class _AnswerRequest(NamedTuple):
    """What a request of kind `resolve` says. `choices` is said beside the decision: {"line": "2"}."""

    hold_id: int
    decision: str
    choices: Mapping[str, str]
    note: str

    @classmethod
    def of(cls, request: Request) -> _AnswerRequest:
        """What the body of a request says."""
        body = request.body
        return cls(int(body["hold"]), str(body["decision"]), body.get("choose") or {}, str(body.get("note", "")))

    @property
    def resolution(self) -> str:
        """The answer in one line, with its note, as it is kept with the Hold."""
        answer = " ".join([self.decision, *(f"{name}={value}" for name, value in self.choices.items())])
        return f"{answer}: {self.note}" if self.note else answer


@dataclass(frozen=True, slots=True)
class _Answering:
    """One Hold that is being answered."""

    tx: Transaction
    work: Processing
    request: Request
    answer: _AnswerRequest
    hold: Hold
    at: str

    @property
    def actor(self) -> str:
        """Who answers."""
        return self.request.actor

    @property
    def now(self) -> datetime:
        """When the answer is carried out."""
        return parse_instant(self.at)

    def no_answer(self) -> Refused:
        """The refusal of a decision that does not answer the Hold."""
        return Refused(
            f"{self.answer.decision!r} is no answer to a hold of class {self.hold.class_}: {self.hold.next_action}"
        )


def answer_hold(tx: Transaction, work: Processing, request: Request, at: str) -> str:
    """Carry out the answer that a request of kind `resolve` gives → what was done.

    Raises Refused if the Hold is not open or the decision does not answer it, StateMoved if what it is about has moved.
    """
    answer = _AnswerRequest.of(request)
    hold = holds.get(tx, answer.hold_id)
    if hold is None:
        raise Refused(f"there is no hold {answer.hold_id}")
    if hold.state != "open":
        raise Refused(f"hold {hold.id} is already resolved: {hold.resolution}")
    answering = _Answering(tx, work, request, answer, hold, at)
    if hold.return_no and hold_class(hold.class_).changes_return:
        return _answer_by_domain(answering)
    if answer.choices:
        raise Refused(f"a hold of class {hold.class_} takes no further choice")
    done = _EFFECTS[_effect_of(answering)](answering)
    if holds.get(tx, hold.id) == hold:
        holds.resolve(tx, hold.id, resolution=answer.resolution, actor=request.actor, at=at)
    if hold.intake_id is not None:
        end_waiting(tx, hold.intake_id, answer.resolution, request.actor, at)
    if hold.return_no:
        returns.refresh(tx, [hold.return_no], answering.now)
    return done


def _effect_of(answering: _Answering) -> Effect:
    """What the decision does, by the row of the Hold's class. Raises Refused if it does not answer the Hold."""
    hold = answering.hold
    known = hold_class(hold.class_).answer(answering.answer.decision, hold.posting_key)
    if known is not None:
        return known.effect
    if hold.class_ == "meant_twice":
        raise Refused("answer `process` or `ignore`")
    raise answering.no_answer()


def _answer_by_domain(answering: _Answering) -> str:
    hold, work = answering.hold, answering.work
    application = Application.of(work, answering.tx, answering.now, answering.actor)
    try:
        steps.answer_hold(application, hold.return_no, hold.key, cast(HoldAnswer, answering.request.body))
    except CannotResolve as refusal:
        raise Refused(str(refusal)) from None
    application.finish(work.home, f"hold:{hold.id}:{answering.request.id}")
    return f"hold {hold.id} of return {hold.return_no}: {answering.answer.resolution}"


# --- effects on files, documents and postings


def _note(_: _Answering) -> str:
    return "noted as done"


def _replay_intake(answering: _Answering) -> str:
    if answering.hold.intake_id is None:
        raise answering.no_answer()
    return replay(answering.tx, answering.hold.intake_id, answering.actor, answering.at)


def _take_as_new(answering: _Answering) -> str:
    done = _replay_intake(answering)
    _leave_as_duplicate(answering, f"meant twice: {done}")
    return done


def _leave_duplicate(answering: _Answering) -> str:
    _leave_as_duplicate(answering, "not meant twice")
    return f"intake {answering.hold.intake_id} stays a duplicate"


def _leave_as_duplicate(answering: _Answering, message: str) -> None:
    assert answering.hold.intake_id is not None
    end = NewState("duplicate", message)
    intakes.move(answering.tx, answering.hold.intake_id, "held", end, at=answering.at, actor=answering.actor)


def _send_again(answering: _Answering) -> str:
    dispatch_id = pilot.dispatch_of(answering.hold)
    deliveries.send_again(answering.tx, dispatch_id, actor=answering.actor, at=answering.at)
    return f"dispatch {dispatch_id}: send_again"


def _void_dispatch(answering: _Answering) -> str:
    dispatch_id = pilot.dispatch_of(answering.hold)
    reason = answering.hold.message
    deliveries.void(answering.tx, dispatch_id, reason=reason, actor=answering.actor, at=answering.at)
    return f"dispatch {dispatch_id}: void"


def _write_posting_again(answering: _Answering) -> str:
    key = answering.hold.posting_key
    return f"posting {key} of {postings.write_again(answering.tx, key, answering.at)} is written again"


def _void_posting(answering: _Answering) -> str:
    return _void_postings(answering, [answering.hold.posting_key])


def _void_postings(answering: _Answering, keys: list[str]) -> str:
    """Void these postings of the Hold's return, and what needs them → what was done."""
    work, number = answering.work, answering.hold.return_no
    application = Application.of(work, answering.tx, answering.now, answering.actor)
    try:
        count = steps.void_postings_of_return(application, number, keys, answering.answer.note)
    except CannotResolve as refusal:
        raise Refused(str(refusal)) from None
    application.finish(work.home, f"void:{answering.request.id}")
    more = f", {count - len(keys)} of them because they need the others" if count > len(keys) else ""
    return f"{count} posting{'' if count == 1 else 's'} of {number} void{more}"


def _discard_document(answering: _Answering) -> str:
    document_id = answering.hold.document_id
    if document_id is None:
        raise answering.no_answer()
    steps.discard_document(answering.tx, document_id, answering.actor, answering.at)
    return f"document {document_id} is discarded"


def _release_pilot(answering: _Answering) -> str:
    return pilot.release(answering.tx, answering.hold, answering.actor, answering.at)


def _void_pilot(answering: _Answering) -> str:
    if not pilot.is_about_postings(answering.hold):
        return _void_dispatch(answering)
    keys = pilot.postings_kept_back(answering.tx, answering.hold, answering.work.book.pilots)
    if not keys:
        raise answering.no_answer()
    return _void_postings(answering, keys)


_EFFECTS: dict[Effect, Callable[[_Answering], str]] = {
    "nothing": _note,
    "replay_intake": _replay_intake,
    "take_as_new": _take_as_new,
    "leave_duplicate": _leave_duplicate,
    "send_again": _send_again,
    "void_dispatch": _void_dispatch,
    "write_posting_again": _write_posting_again,
    "void_posting": _void_posting,
    "discard_document": _discard_document,
    "release_pilot": _release_pilot,
    "void_pilot": _void_pilot,
}
