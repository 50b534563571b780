"""What live traffic of a partner has used that its samples never did: `check` in a home that has been at work."""

from __future__ import annotations

import json
from pathlib import Path

from tests.stories.commands import type_command


def _sample(home: Path) -> bytes:
    return (home / "partners/northgate/samples/180-requests.edi").read_bytes()


def _arrives(home: Path, name: str, data: bytes) -> None:
    (home / "inbox/northgate" / name).write_bytes(data)
    assert type_command(home, "once").code == 0


def test_a_home_that_has_seen_nothing_says_nothing_of_live_traffic(home: Path) -> None:
    result = type_command(home, "check", "northgate")
    assert result.code == 0
    assert "live traffic" not in result.text


def test_what_live_traffic_used_beyond_the_samples_is_on_the_certificate(home: Path) -> None:
    _arrives(home, "a.edi", _sample(home))
    result = type_command(home, "check", "northgate")
    assert "live traffic used nothing that no sample does (its only file, since 20" in result.text
    other = _sample(home).replace(b"RDR**DR*", b"RDR**PS*").replace(b"000000101", b"000000102")
    assert other != _sample(home)
    _arrives(home, "b.edi", other)
    result = type_command(home, "check", "northgate")
    assert result.code == 0
    assert "  live traffic used what no sample does (all 2 files, since 20" in result.text
    assert "    codes: 180 RDR02=PS\n" in result.text
    assert "    meanings: reason PS → expiry\n" in result.text
    assert "live traffic" not in type_command(home, "check", "cedar").text
    plain = json.loads(type_command(home, "check", "northgate", "--json").text)
    (northgate,) = plain["partners"]
    assert northgate["live"]["looked_at"].startswith("all 2 files, since 20")
    assert northgate["live"]["beyond_the_samples"]["codes"] == ["180 RDR02=PS"]
    assert northgate["certificate"]["sets"] == {"180": 3, "856": 1}
    assert (plain["ok"], northgate["ok"], plain["trouble"]) == (True, True, "")


def test_only_the_latest_files_are_looked_at(home: Path) -> None:
    other = _sample(home).replace(b"RDR**DR*", b"RDR**PS*").replace(b"000000101", b"000000102")
    _arrives(home, "b.edi", other)
    _arrives(home, "a.edi", _sample(home))
    result = type_command(home, "check", "northgate", "--live", "1")
    assert "used nothing that no sample does (the latest 1 of 2 files" in result.text
    assert "live traffic" not in type_command(home, "check", "northgate", "--live", "0").text


def test_bytes_that_are_gone_are_said_to_be(home: Path) -> None:
    _arrives(home, "a.edi", _sample(home))
    for path in (home / "archive/sha256").rglob("*"):
        if path.is_file():
            path.unlink()
    result = type_command(home, "check", "northgate")
    assert result.code == 0
    assert "warning  live traffic: intake 1 is not looked at" in result.text
    assert "Traceback" not in result.text


def test_a_store_that_cannot_be_read_does_not_keep_check_from_its_work(home: Path) -> None:
    _arrives(home, "a.edi", _sample(home))
    (home / "archive/store/gateway.sqlite3").write_bytes(b"this is no database" * 100)
    result = type_command(home, "check", "northgate")
    assert result.code == 0
    assert result.text.startswith("live traffic is not looked at: ")
    assert "northgate (Northgate" in result.text
