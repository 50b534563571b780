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
                "id": each.id,
                "class": each.class_,
                "owner": each.owner,
                "partner": each.partner,
                "return_no": each.return_no,
                "line_no": each.line_no,
                "since": each.opened_at,
                "message": each.message,
                "next_action": each.next_action,
                "answers": _answers(each),
            }
            for each in holds.open_holds(snapshot)
        ],
        "faults": [
            {
                "class": each.class_,
                "severity": each.severity,
                "subject": each.subject,
                "since": each.since,
                "message": each.message,
                "remedy": each.remedy,
            }
            for each in faults.open_faults(snapshot)
        ],
        "overdue": [
            {"class": each.class_, "subject": each.subject or each.return_no, "due_at": each.due_at}
            | {"return_no": each.return_no}
            for each in clocks.overdue(snapshot, now)
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
        f"tests       {each['count']} postings of {each['partner']} stay here: {each['why']}"
        for each in shown["test_postings"]
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
        f"overdue   {each['class']} {each['subject']} was due {each['due_at'][:16]}" for each in shown["overdue"]
    )
    return "\n".join(lines) + "\n"
