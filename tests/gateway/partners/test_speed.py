"""Thousands of partner folders: loading them at start, and checking hundreds, stays a matter of seconds."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from gateway.onboarding.certificate import check
from gateway.partners import load_partners, read_partners, shipped_partners


def _many(folder: Path, count: int) -> Path:
    """The shipped partners and `count` copies of the richest of them, every second one with a guide of its own."""
    shutil.copytree(shipped_partners(), folder)
    for number in range(count):
        copy = folder / f"p{number:04d}"
        shutil.copytree(shipped_partners() / "northgate", copy)
        toml = copy / "partner.toml"
        toml.write_text(toml.read_text().replace('"NORTHGATE"', f'"NG{number:05d}"'))
        if number % 2 and number < 200:
            guide = copy / "guides/180.toml"
            guide.write_text(guide.read_text().replace("max = 200", f"max = {201 + number}"))
    return folder


@pytest.mark.long
def test_two_thousand_folders_load_in_under_ten_seconds(tmp_path: Path) -> None:
    folder = _many(tmp_path / "partners", 2000)
    started = time.process_time()
    book = load_partners(folder)
    assert len(book) == 2004
    assert time.process_time() - started < 10
    started = time.process_time()
    again, _ = read_partners(folder, book)
    assert again["p0000"] is book["p0000"]
    assert time.process_time() - started < 3


@pytest.mark.long
def test_two_hundred_folders_are_checked_in_under_twenty_seconds(tmp_path: Path) -> None:
    book, problems = read_partners(_many(tmp_path / "partners", 200))
    check(book, write=True, problems=problems)
    started = time.process_time()
    report = check(book, problems=problems)
    assert len(report.partners) == 204
    assert report.ok
    assert time.process_time() - started < 20
