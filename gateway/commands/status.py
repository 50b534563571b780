"""`status`: counts, open Holds, Faults and overdue clocks, for a terminal or as JSON. It only reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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


def print_status(root: Path, as_json: bool, write: Write) -> int:
    """Counts per stage, open Holds and Faults, overdue clocks, pending dispatches."""
    _, store = open_to_read(root)
    with store, store.read() as snapshot:
        shown = status_of_home(snapshot, instant(SystemClock().now()))
    write(json.dumps(shown, indent=2, ensure_ascii=False) + "\n" if as_json else _status_text(shown))
    return 0


def status_of_home(snapshot: Snapshot, now: str) -> dict[str, Any]:
    """Everything `status` says, as plain data (the JSON of `status --json`)."""
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
            {"class": clock.class_, "subject": clock.subject or clock.return_no, "due_at": clock.due_at}
            | {"return_no": clock.return_no}
            for clock in clocks.overdue(snapshot, now)
        ],
    }


def _answers(hold: Hold) -> list[str]:
    """The decisions that answer a Hold, each with what it needs."""
    return [answer.written for answer in answers_to(hold.class_, hold.posting_key)]


def _status_text(shown: dict[str, Any]) -> str:
    lines: list[str] = []
    for heading in ("intakes", "returns", "blocked_at", "postings", "dispatches"):
        counts = ", ".join(f"{n} {key.replace('_', ' ')}" for key, n in sorted(shown[heading].items())) or "none"
        lines.append(f"{heading.replace('_', ' '):11} {counts}")
    lines.extend(
        f"tests       {tests['count']} postings of {tests['partner']} stay here: {tests['why']}"
        for tests in shown["test_postings"]
    )
    for hold in shown["holds"]:
        where = hold["return_no"] + (f" line {hold['line_no']}" if hold["line_no"] else "") or hold["partner"]
        lines.append(f"hold {hold['id']:<4} {hold['class']} ({hold['owner']}) {where} since {hold['since'][:16]}")
        lines.append(f"          {hold['message']}")
        lines.append(f"          next: {hold['next_action']}")
        if hold["class"] == CODE_WITHOUT_MEANING:
            lines.append("          answer: codes (lists each code, and the command that says what it means), or")
        if hold["answers"]:
            lines.append(f"          answer: resolve {hold['id']} {' | '.join(hold['answers'])}")
    for fault in shown["faults"]:
        lines.append(f"fault     {fault['class']} ({fault['severity']}) {fault['subject']} since {fault['since'][:16]}")
        lines.append(f"          {fault['message']}  remedy: {fault['remedy']}")
    lines.extend(
        f"overdue   {clock['class']} {clock['subject']} was due {clock['due_at'][:16]}" for clock in shown["overdue"]
    )
    return "\n".join(lines) + "\n"
