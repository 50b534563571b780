"""Values as people read them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.web.display import formatting
from tests.gateway.web.moments import NOW, at


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (86400, "1 d"),
        (190000, "2 d 4 h"),
        (-300, "5 min"),
    ],
)
def test_span(seconds: float, shown: str) -> None:
    assert formatting.span(seconds) == shown


def test_age_of_instants_and_days() -> None:
    assert formatting.age(at("03-17 08:00:00"), NOW) == "1 h"
    assert formatting.age("2025-03-16", NOW) == "1 d 9 h"
    assert formatting.age("", NOW) == ""
    assert formatting.age("soon", NOW + timedelta(1)) == ""


def test_when() -> None:
    assert formatting.when(at("03-14 08:30:05")) == "2025-03-14 08:30"
    assert formatting.to_the_second(at("03-14 08:30:05")) == "2025-03-14 08:30:05"
    assert formatting.when("2025-03-14") == "2025-03-14"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12.000", "12"),
        ("0.50", "0.5"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("-4.0", "-4"),
        ("", ""),
        (None, ""),
        ("many", "many"),
        ("NaN", "NaN"),
    ],
)
def test_quantity(text: str | None, shown: str) -> None:
    assert formatting.quantity(text) == shown


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (14_230, "14.2 kB"), (2 * 10**9, "2.0 GB")]
)
def test_size(count: int, shown: str) -> None:
    assert formatting.size(count) == shown


@given(st.text())
def test_visible_text_has_no_control_or_format_characters(text: str) -> None:
    shown = formatting.visible(text)
    assert shown == formatting.visible(shown)
    assert all(char.isprintable() or char.isspace() for char in shown if char.isascii())
    assert not set(shown) & set("\u202e\u200b\ufeff\x00\x1b\x7f\n")


@given(st.binary(max_size=200))
def test_a_download_name_is_plain(data: bytes) -> None:
    stored = "".join(f"%{byte:02X}" for byte in data)
    name = formatting.download_name("received-1", stored)
    assert set(name) <= formatting.SAFE_NAME
    assert name.startswith("received-1") and name.endswith(".txt")


@pytest.mark.parametrize(
    ("subject", "target"),
    [
        ("intake:12", "/files/in/12"),
        ("dispatch:4", "/files/out/4"),
        ("return:R/1", "/returns/R%2F1"),
        ("posting:R1-1", ""),
        ("intake:x", ""),
        ("intake:²", ""),
    ],
)
def test_subjects_lead_to_pages(subject: str, target: str) -> None:
    assert formatting.subject_link(subject) == target
