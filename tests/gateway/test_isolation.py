"""Translation in a child process: it survives poison, and a start that fails is nobody's file's fault."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from gateway.faults import ParserUnusable
from gateway.isolation import AbnormalEnd, Job, Parser, ParserEnded
from tests.translators.x12.files import whole_file
from translators.profile import Profile
from translators.registry import SETS_PER_PART
from translators.translation import Translation

GOOD = whole_file("ST*180*0001~BGN*13*A*20250314~SE*3*0001~", number=101, receiver="MERIDIAN", time="0925")


def job(key: int, data: bytes = GOOD) -> Job:
    return Job(key, data, f"{key}.edi", Profile(), "1")


def test_jobs_come_back_in_order() -> None:
    with Parser() as parser:
        outcomes = list(parser.translate(job(key) for key in range(5)))
    assert [done.key for done, _ in outcomes] == [0, 1, 2, 3, 4]
    for _, outcome in outcomes:
        assert isinstance(outcome, Translation)
        assert [set_.verdict for set_ in outcome.all_sets()] == ["accepted"]


def test_a_file_that_takes_too_long_is_cut_and_the_next_one_is_read() -> None:
    slow = b"ST*180*0001~" * 400_000
    with Parser(seconds=0.01) as parser:
        ((_, first),) = parser.translate([job(1, GOOD.replace(b"ST*180*0001~", slow))])
    assert isinstance(first, AbnormalEnd)
    assert first.reason == "timeout"


def test_too_little_memory_for_a_file_ends_that_file_only() -> None:
    with Parser(memory=700 * 1024 * 1024) as parser:
        outcomes = {
            done.key: outcome for done, outcome in parser.translate([job(1), job(2, b"A,B\n" * 120_000_000), job(3)])
        }
    assert isinstance(outcomes[1], Translation)
    assert isinstance(outcomes[2], AbnormalEnd)
    assert outcomes[2].reason == "died"
    assert isinstance(outcomes[3], Translation)


def test_no_module_is_taken_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xml.py").write_text("raise SystemExit('a stray file was run')\n")
    monkeypatch.chdir(tmp_path)
    with Parser() as parser:
        ((_, outcome),) = parser.translate([job(1)])
    assert isinstance(outcome, Translation)


def test_control_c_on_the_terminal_is_the_gateways_to_answer() -> None:
    with Parser() as parser:
        list(parser.translate([job(1)]))
        child = parser._process
        assert child is not None
        child.send_signal(signal.SIGINT)
        ((_, outcome),) = parser.translate([job(2)])
        assert parser._process is child
    assert isinstance(outcome, Translation)


def test_a_parser_that_cannot_start_blames_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Parser() as parser, pytest.raises(ParserUnusable):
        list(parser.translate([job(1)]))


LAYOUT: dict[str, object] = {
    "document": "return_request",
    "format": "delimited",
    "files": ["*.edi"],
    "columns": {"Request": "number", "SKU": "lines.item.sku", "Qty": "lines.quantity"},
}


def rows_job(key: int, rows: int) -> Job:
    data = "Request,SKU,Qty\n" + "".join(f"R{n},A,1\n" for n in range(rows))
    return Job(key, data.encode(), f"{key}.edi", Profile(layouts={"rows": LAYOUT}), "2")


def test_a_long_flat_file_comes_in_parts_and_the_files_behind_it_wait() -> None:
    long = SETS_PER_PART * 2 + 1
    with Parser() as parser:
        sizes = []
        for done, outcome in parser.translate_in_parts([job(1), rows_job(2, long), rows_job(3, long), rows_job(4, 1)]):
            assert isinstance(outcome, Translation)
            if done.key == 3:  # nobody takes the rest of this one
                continue
            sizes.append((done.key, [len(part.sets) for part in (outcome, *parser.rest())]))
        whole = [outcome for _, outcome in parser.translate([rows_job(5, long), job(6)])]
    assert sizes == [(1, [0]), (2, [SETS_PER_PART, SETS_PER_PART, 1]), (4, [1])]
    assert isinstance(whole[0], Translation)
    assert (len(whole[0].sets), whole[0].more) == (long, False)


def test_a_parser_that_ends_in_the_middle_of_a_file_says_so() -> None:
    with Parser() as parser:
        for _, outcome in parser.translate_in_parts([rows_job(1, SETS_PER_PART * 4)]):
            assert isinstance(outcome, Translation)
            parser.close()
            parser._more = True  # as if the child had gone by itself
            with pytest.raises(ParserEnded):
                list(parser.rest())
