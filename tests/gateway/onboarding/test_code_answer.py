"""One more row in a codes file: what is written, what is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gateway.onboarding.code_answer import CannotAnswer, CodeAnswer, answer
from gateway.partners import UnknownPartner, load_partners, shipped_partners
from translators.profile import CrosswalkRow


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    folder = tmp_path / "partners"
    shutil.copytree(shipped_partners(), folder)
    return folder


def say(
    partners: Path, theirs: str, ours: str, *, partner: str = "cedar", table: str = "reason", on: str = ""
) -> CodeAnswer:
    row = CrosswalkRow(theirs=theirs, ours=ours, valid_from=on)
    return answer(partners, load_partners(partners), partner, table, row)


def test_a_row_is_appended_and_the_other_bytes_stay(partners: Path) -> None:
    path = partners / "cedar/codes/reason.csv"
    before = path.read_bytes()
    text = say(partners, "BRK", "defective")
    assert text.changed
    assert path.read_bytes() == before + b"BRK,defective,,,\n"
    assert load_partners(partners)["cedar"].profile.crosswalk("reason").ours("BRK") == "defective"


def test_a_spreadsheets_way_of_writing_stays(partners: Path) -> None:
    path = partners / "cedar/codes/reason.csv"
    path.write_bytes("\ufefftheirs;ours\r\nDEF;defective\r\nOLD;overstock".encode())
    say(partners, "BRK", "defective")
    assert path.read_bytes() == "\ufefftheirs;ours\r\nDEF;defective\r\nOLD;overstock\r\nBRK;defective\r\n".encode()


def test_columns_that_are_missing_are_added(partners: Path) -> None:
    path = partners / "cedar/codes/reason.csv"
    path.write_text("theirs,ours\nDEF,defective\n")
    say(partners, "BRK", "defective", on="2025-03-01")
    assert path.read_text() == ("theirs,ours,text,valid_from,valid_to\nDEF,defective,,,\nBRK,defective,,2025-03-01,\n")


def test_a_first_answer_makes_the_file(partners: Path) -> None:
    say(partners, "QX", "defective", partner="northgate")
    path = partners / "northgate/codes/reason.csv"
    assert path.read_text() == "theirs,ours,text,valid_from,valid_to\nQX,defective,,,\n"


def test_a_file_that_takes_the_houses_place_begins_as_its_copy(partners: Path) -> None:
    house = partners / "_house/codes/reason.csv"
    house.parent.mkdir(exist_ok=True)
    house.write_text("theirs,ours\nZZ,other\n")
    text = say(partners, "QX", "defective", partner="northgate")
    assert "copy of _house/codes/reason.csv" in text.words
    crosswalk = load_partners(partners)["northgate"].profile.crosswalk("reason")
    assert (crosswalk.ours("ZZ"), crosswalk.ours("QX")) == ("other", "defective")


def test_the_house_answers_for_everybody(partners: Path) -> None:
    say(partners, "QX", "defective", partner="_house")
    assert load_partners(partners)["northgate"].profile.crosswalk("reason").ours("QX") == "defective"


def test_the_same_answer_again_changes_nothing(partners: Path) -> None:
    assert not say(partners, "DEF", "defective").changed


def test_another_meaning_needs_a_day_and_ends_the_one_before(partners: Path) -> None:
    with pytest.raises(CannotAnswer, match="from which day"):
        say(partners, "DEF", "unwanted")
    say(partners, "DEF", "unwanted", on="2025-06-01")
    crosswalk = load_partners(partners)["cedar"].profile.crosswalk("reason")
    assert crosswalk.ours("DEF", "2025-05-31") == "defective"
    assert crosswalk.ours("DEF", "2025-06-01") == "unwanted"
    with pytest.raises(CannotAnswer, match="means unwanted already"):
        say(partners, "DEF", "other", on="2025-06-01")


@pytest.mark.parametrize(
    ("theirs", "ours", "table", "on", "words"),
    [
        ("BRK", "defektive", "reason", "", "did you mean defective"),
        ("BRK", "burn", "disposition", "", "no disposition of ours"),
        ("BRK", "", "reason", "", "must not be empty"),
        ("BRK", "defective", "../reason", "", "named like its file"),
        ("BRK", "defective", "reason", "14.03.2025", "not a date"),
    ],
)
def test_what_makes_no_sense_is_refused(
    partners: Path, theirs: str, ours: str, table: str, on: str, words: str
) -> None:
    before = (partners / "cedar/codes/reason.csv").read_bytes()
    with pytest.raises(CannotAnswer, match=words):
        say(partners, theirs, ours, table=table, on=on)
    assert (partners / "cedar/codes/reason.csv").read_bytes() == before


def test_a_table_of_the_partners_own_takes_any_word(partners: Path) -> None:
    assert say(partners, "CS", "CASE", table="unit").changed


@pytest.mark.parametrize("partner", ["nobody", "_template", "../cedar"])
def test_only_folders_of_partners_get_answers(partners: Path, partner: str) -> None:
    with pytest.raises((UnknownPartner, CannotAnswer)):
        say(partners, "BRK", "defective", partner=partner)


def test_a_file_with_problems_is_not_touched(partners: Path) -> None:
    path = partners / "cedar/codes/reason.csv"
    book = load_partners(partners)
    path.write_text("theirs,ours\nDEF\n")
    with pytest.raises(CannotAnswer, match="has a problem"):
        answer(partners, book, "cedar", "reason", CrosswalkRow(theirs="BRK", ours="defective"))
    assert path.read_text() == "theirs,ours\nDEF\n"
