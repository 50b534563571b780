"""Every row of the catalogue is whole, and the catalogue has every class that the code opens, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from gateway.holds import CATALOGUE, CLOCK_HOLDS, OVERDUE_OF_RETURNS, Effect, HoldClass, HoldSubject, new_hold
from gateway.holds.about_files import UNREADABLE
from gateway.holds.catalogue import table_of
from gateway.process.requests import answer_hold
from gateway.returns.holds import resolve
from gateway.returns.policy import ClockClass
from translators.findings import CATALOGUE as FINDINGS

GATEWAY = Path(__file__).resolve().parents[3] / "gateway"


def lacks(row: HoldClass) -> list[str]:
    """What a row lacks, each with the row's name."""
    sentences = len(re.findall(r"[.?](?:\s|$)", row.runbook))
    wrong = {
        "happened": not row.happened or row.happened[0].isupper() or row.happened.endswith("."),
        "next_action": not row.next_action or not all(case.next_action for case in row.cases.values()),
        "answers": not row.answers,
        "runbook of 2 to 5 sentences": not 2 <= sentences <= 5,
        "runbook without templates": "{" in row.runbook,
        "sentences of answers": not all(answer.does.endswith(".") for answer in row.every_answer),
        "message": row.origin == "file" and not row.message,
    }
    return [f"{row.name} lacks {name}" for name, is_wrong in wrong.items() if is_wrong]


def test_every_row_is_whole() -> None:
    assert [lack for row in CATALOGUE.values() for lack in lacks(row)] == []


def test_a_row_that_lacks_something_is_named() -> None:
    row = replace(CATALOGUE["over_received"], runbook="", answers=())
    assert lacks(row) == ["over_received lacks answers", "over_received lacks runbook of 2 to 5 sentences"]


def test_a_class_with_two_rows_is_an_error() -> None:
    row = CATALOGUE["over_received"]
    with pytest.raises(ValueError, match="over_received has two rows"):
        table_of([row], [row])


def test_a_class_without_a_row_is_an_error() -> None:
    with pytest.raises(LookupError, match="no Hold class 'over_recieved'"):
        new_hold("over_recieved", "key", HoldSubject())


def test_a_template_that_gets_too_little_is_an_error() -> None:
    with pytest.raises(LookupError, match="trouble"):
        new_hold("intake_failed", "key", HoldSubject(), name="a.edi")


def named_in_code() -> Iterator[str]:
    """Every string of the gateway outside the catalogue."""
    for path in sorted(GATEWAY.rglob("*.py")):
        if path.parent.name != "holds" or path.parent.parent.name != "gateway":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def opened_in_code() -> Iterator[str]:
    """The classes that code opens by name: the first argument of `new_hold` and `HoldCause`, and of refusals."""
    for path in sorted(GATEWAY.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if name in {"new_hold", "HoldCause"} or (name == "Refusal" and "process" in path.parts):
                first = node.args[0]  # type: ignore[attr-defined] # a Call, by its name
                yield from (str(part.value) for part in ast.walk(first) if isinstance(part, ast.Constant))


def test_every_class_that_is_opened_has_a_row() -> None:
    usage_of_test_traffic = "T"  # ISA15, which decides between two classes
    assert sorted({*opened_in_code()} - {*CATALOGUE} - {usage_of_test_traffic}) == []


def test_every_row_is_opened_somewhere() -> None:
    """By its name; a broken promise by its clock; an unreadable file by the finding that says why."""
    named = set(named_in_code())
    quiet = {row.name for row in CATALOGUE.values() if not row.clock} - set(UNREADABLE) - named
    assert sorted(quiet) == []


def test_an_unreadable_file_has_the_class_of_its_finding() -> None:
    of_files = {code for code, kind in FINDINGS.items() if kind.level in {"file", "row"}}
    assert set(UNREADABLE) == of_files - {"unknown_partner"}
    assert CATALOGUE["unknown_partner"].owner == "it"


def test_every_clock_of_a_return_has_its_hold() -> None:
    questions = {"advance_not_returned"}  # more than late: a person decides what becomes of it
    assert {CLOCK_HOLDS[clock].name for clock in get_args(ClockClass)} == OVERDUE_OF_RETURNS | questions


def test_every_effect_is_carried_out_in_one_place() -> None:
    of_returns, of_files = set(resolve._EFFECTS), set(answer_hold._EFFECTS)
    assert of_returns | of_files == set(get_args(Effect))
    assert of_returns & of_files == {"nothing"}
    for row in CATALOGUE.values():
        known = of_returns if row.changes_return and row.about != "document" else of_files
        assert {answer.effect for answer in row.every_answer} <= known, row.name


def test_templates_are_filled_from_the_subject_and_the_fields_of_the_opener() -> None:
    """Return Holds have no template: the domain writes their message, and their next action names nothing."""
    for row in CATALOGUE.values():
        fields = {name for _, name, _, _ in Formatter().parse(row.message + row.next_action) if name}
        assert row.origin == "file" or row.about in {"promise", "document"} or row.clock or not fields, row.name
