"""`status`: counts, open Holds, Faults and overdue clocks, for a terminal or as JSON. It only reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

from gateway.clock import SystemClock, instant
from gateway.commands import Write
from gateway.commands.open_home import open_to_read
from gateway.holds import answers_to
from gateway.store import Snapshot
from gateway.store.files import dispatches, intakes
from gateway.store.people import holds
from gateway.store.people.holds import Hold
from gateway.store.read import overview
from gateway.store.returns import clocks, postings
from gateway.store.returns.codes import HOLD_CLASS as CODE_WITHOUT_MEANING
from gateway.store.system import faults


class TestPostings(TypedDict):
    """So many postings of a partner in stage test, and why they stay here."""

    partner: str
    count: int
    why: str


# `class` is a word of Python: no class body can have it as a name.
HoldStatus = TypedDict(
    "HoldStatus",
    {
        "id": int,
        "class": str,
        "owner": str,
        "partner": str,
        "return_no": str,
        "line_no": str,
        "since": str,
        "message": str,
        "next_action": str,
        "answers": list[str],
    },
)
FaultStatus = TypedDict(
    "FaultStatus",
    {"class": str, "severity": str, "subject": str, "since": str, "message": str, "remedy": str},
)
ClockStatus = TypedDict("ClockStatus", {"class": str, "subject": str, "due_at": str, "return_no": str})


class Status(TypedDict):
    """Everything `status` says: the JSON of `status --json`. Counts are by state, status or stage; instants are UTC."""

    intakes: dict[str, int]
    returns: dict[str, int]
    blocked_at: dict[str, int]
    postings: dict[str, int]
    test_postings: list[TestPostings]
    dispatches: dict[str, int]
    holds: list[HoldStatus]
    faults: list[FaultStatus]
    overdue: list[ClockStatus]


def print_status(root: Path, as_json: bool, write: Write) -> int:
    """Counts per stage, open Holds and Faults, overdue clocks, pending dispatches; always 0. Raises HomeMissing."""
    _, store = open_to_read(root)
    with store, store.read() as snapshot:
        status = status_of_home(snapshot, instant(SystemClock().now()))
    write(json.dumps(status, indent=2, ensure_ascii=False) + "\n" if as_json else _status_text(status))
    return 0


def status_of_home(snapshot: Snapshot, now: str) -> Status:
    """The status of a home. `now`: the instant by which clocks are overdue."""
    return {
        "intakes": intakes.counts(snapshot),
        "returns": overview.returns_by_status(snapshot),
        "blocked_at": overview.returns_by_stage(snapshot),
        "postings": overview.postings_by_state(snapshot),
        "test_postings": [
            {"partner": partner, "count": count, "why": "its returns are tests: nothing of them reaches a live ERP"}
            for partner, count in postings.of_tests(snapshot)
        ],
        "dispatches": dispatches.counts(snapshot),
        "holds": [
            {
                "id": hold.id,
                "class": hold.class_,
                "owner": hold.owner,
                "partner": hold.partner,
                "return_no": hold.return_no,
                "line_no": hold.line_no,
                "since": hold.opened_at,
                "message": hold.message,
                "next_action": hold.next_action,
                "answers": _answers(hold),
            }
            for hold in holds.open_holds(snapshot)
        ],
        "faults": [
            {
                "class": fault.class_,
                "severity": fault.severity,
                "subject": fault.subject,
                "since": fault.since,
                "message": fault.message,
                "remedy": fault.remedy,
            }
            for fault in faults.open_faults(snapshot)
        ],
        "overdue": [
            {
                "class": clock.class_,
                "subject": clock.subject or clock.return_no,
                "due_at": clock.due_at,
                "return_no": clock.return_no,
            }
            for clock in clocks.overdue(snapshot, now)
        ],
    }


def _answers(hold: Hold) -> list[str]:
    """The decisions that answer a Hold, each with what it needs."""
    return [answer.written for answer in answers_to(hold.class_, hold.posting_key)]


def _status_text(status: Status) -> str:
    return "\n".join([*_counts(status), *_holds(status["holds"]), *_faults_and_clocks(status)]) + "\n"


def _counts(status: Status) -> Iterator[str]:
    for heading, counts in (
        ("intakes", status["intakes"]),
        ("returns", status["returns"]),
        ("blocked at", status["blocked_at"]),
        ("postings", status["postings"]),
        ("dispatches", status["dispatches"]),
    ):
        counted = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in sorted(counts.items()))
        yield f"{heading:11} {counted or 'none'}"
    for tests in status["test_postings"]:
        yield f"tests       {tests['count']} postings of {tests['partner']} stay here: {tests['why']}"


def _holds(open_holds: list[HoldStatus]) -> Iterator[str]:
    for hold in open_holds:
        where = hold["return_no"] + (f" line {hold['line_no']}" if hold["line_no"] else "") or hold["partner"]
        yield f"hold {hold['id']:<4} {hold['class']} ({hold['owner']}) {where} since {hold['since'][:16]}"
        yield f"          {hold['message']}"
        yield f"          next: {hold['next_action']}"
        if hold["class"] == CODE_WITHOUT_MEANING:
            yield "          answer: codes (lists each code, and the command that says what it means), or"
        if hold["answers"]:
            yield f"          answer: resolve {hold['id']} {' | '.join(hold['answers'])}"


def _faults_and_clocks(status: Status) -> Iterator[str]:
    for fault in status["faults"]:
        yield f"fault     {fault['class']} ({fault['severity']}) {fault['subject']} since {fault['since'][:16]}"
        yield f"          {fault['message']}  remedy: {fault['remedy']}"
    for clock in status["overdue"]:
        yield f"overdue   {clock['class']} {clock['subject']} was due {clock['due_at'][:16]}"
