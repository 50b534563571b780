"""Cron lines and policies: mistakes are named with their line, weekdays mean what cron means."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from apscheduler.triggers.cron import CronTrigger

from gateway.configuration import read_configuration
from gateway.onboarding.certificate import check
from gateway.partners import PartnersError, load_partners, shipped_partners
from gateway.partners.sections.crontab import read_cron

SATURDAY = datetime(2025, 3, 15, 12, 0, tzinfo=UTC)


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    folder = tmp_path / "partners"
    shutil.copytree(shipped_partners(), folder)
    return folder


def edit(path: Path, before: str, after: str) -> int:
    """Replace text in a file → the line where the new text ends."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return text[: text.index(before)].count("\n") + 1 + after.rstrip("\n").count("\n")


@pytest.mark.parametrize(
    ("line", "weekdays"),
    [
        ("0 6 * * 1-5", "mon,tue,wed,thu,fri"),
        ("0 6 * * 0", "sun"),
        ("0 6 * * 7", "sun"),
        ("0 6 * * sun-tue", "sun,mon,tue"),
        ("0 6 * * FRI-MON", "sun,mon,fri,sat"),
        ("0 6 * * */2", "sun,tue,thu,sat"),
        ("0 6 * * *", "*"),
    ],
)
def test_weekdays_count_from_sunday_as_in_cron(line: str, weekdays: str) -> None:
    assert read_cron(line).split()[4] == weekdays
    assert read_cron(read_cron(line)) == read_cron(line)


def test_a_weekday_line_fires_on_monday_after_a_saturday() -> None:
    fire = CronTrigger.from_crontab(read_cron("0 6 * * 1-5"), timezone="UTC").get_next_fire_time(None, SATURDAY)
    assert fire == datetime(2025, 3, 17, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize("line", ["18:00", "99 * * * *", "0 25 * * *", "* * * * abc", "*/x * * * *", "0 6 * * 1-9"])
def test_what_is_no_cron_line_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="is not a cron line"):
        read_cron(line)


def test_a_wrong_cron_line_is_reported_with_its_line(partners: Path) -> None:
    path = partners / "atlas/partner.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("[batch]", "[batch_was]"), encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").split("[batch_was]")[0] + '[batch]\ncron = ["0 26 * * *"]\n')
    with pytest.raises(PartnersError) as caught:
        load_partners(partners)
    (problem,) = caught.value.problems
    assert (problem.key, problem.line) == ("batch.cron", path.read_text().count("\n"))


def test_a_wrong_house_policy_is_reported_with_its_line(partners: Path) -> None:
    line = edit(partners / "_house/policy.toml", "answer_expiry_days = 30", 'answer_expiry_days = "soon"')
    with pytest.raises(PartnersError) as caught:
        read_configuration(partners)
    (problem,) = caught.value.problems
    assert (problem.file, problem.key, problem.line) == ("_house/policy.toml", "answer_expiry_days", line)
    assert "policy.toml shows every key" in problem.remedy


def test_a_wrong_rule_is_reported_with_its_own_line(partners: Path) -> None:
    line = edit(partners / "_house/policy.toml", 'check = "unknown_order"\n', 'check = "unknwn_order"\n')
    with pytest.raises(PartnersError) as caught:
        read_configuration(partners)
    (problem,) = caught.value.problems
    assert (problem.key, problem.line) == ("rules.1.check", line)


def test_a_partners_wrong_policy_is_reported_with_its_line_in_both_places(partners: Path) -> None:
    path = partners / "harbor/partner.toml"
    path.write_text(path.read_text(encoding="utf-8") + '\n[policy]\nshort_receipt = "shrug"\n', encoding="utf-8")
    line = path.read_text(encoding="utf-8").count("\n")
    (problem,) = read_configuration(partners).problems
    (reported,) = check(load_partners(partners), ["harbor"]).partners[0].problems
    assert problem == reported
    assert (problem.file, problem.key, problem.line) == ("harbor/partner.toml", "policy.short_receipt", line)


def test_an_unknown_key_of_a_policy_gets_a_guess(partners: Path) -> None:
    path = partners / "harbor/partner.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[policy]\nanswer_expiry_day = 3\n", encoding="utf-8")
    (problem,) = read_configuration(partners).problems
    assert "did you mean answer_expiry_days?" in problem.remedy
