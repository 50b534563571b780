"""One file: envelope, verdicts, findings in place, bytes explained, bytes as a download."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.clock import FixedClock
from gateway.disk import archive_path
from gateway.store import tables as t
from gateway.web import create_app
from gateway.web.display import file_content as content
from tests.gateway.web import story
from tests.gateway.web.browser import Browser
from tests.gateway.web.conftest import opened
from tests.gateway.web.moments import NOW
from tests.gateway.web.story_files import ERP_BATCH, JUNK, REQUEST_180


def test_an_x12_file_is_explained_with_its_findings_in_place(browser: Browser) -> None:
    data = browser.json("/api/v1/files/in/1")
    assert [set_["verdict"] for set_ in data["sets"]] == ["accepted", "rejected", "accepted"]
    assert data["interchanges"][0]["groups"][0]["verdicts"] == {"accepted": 2, "rejected": 1}
    assert [answer["id"] for answer in data["answers"]] == [1, 2]
    assert data["content"]["kind"] == "x12"
    lines = data["content"]["lines"]
    assert lines[0]["text"].startswith("ISA*00*")
    found = [line for line in lines if line["findings"]]
    assert [line["text"] for line in found] == ["BGN*00*NG-88122*20250399"]
    assert {"what": "BGN02 Reference Identification", "value": "NG-88121", "text": ""} in lines[3]["elements"]


def test_a_flat_file_is_shown_row_by_row_with_its_findings(browser: Browser) -> None:
    shown = browser.json("/api/v1/files/in/2")["content"]
    assert shown["kind"] == "rows"
    assert [line["no"] for line in shown["lines"] if line["findings"]] == [3]
    assert shown["lines"][2]["findings"][0]["column"] == "qty"
    assert "row 3, qty" in browser.page("/files/in/2")


def test_binary_junk_is_shown_as_bytes(browser: Browser) -> None:
    shown = browser.json("/api/v1/files/in/5")["content"]
    assert shown["kind"] == "bytes"
    assert shown["lines"][3]["text"].startswith("000030  89 50 4e 47")


def test_an_acknowledgment_names_what_it_acknowledges(browser: Browser) -> None:
    data = browser.json("/api/v1/files/out/1")
    assert {(acknowledged["kind"], acknowledged["control_number"]) for acknowledged in data["acknowledges"]} == {
        ("interchange", "000000071"),
        ("group", "71"),
    }
    assert "997" in browser.page("/files/out/1")


def test_a_file_of_ours_is_not_judged_by_the_partners_rules(browser: Browser) -> None:
    content = browser.json("/api/v1/files/out/1")["content"]
    assert content["kind"] == "x12"
    assert [line["findings"] for line in content["lines"] if line["findings"]] == []
    assert "as the standard has it" in browser.page("/files/out/1")


def test_an_import_file_names_its_postings(browser: Browser) -> None:
    kinds = {posting["kind"] for posting in browser.json("/api/v1/files/out/4")["postings"]}
    assert kinds == {"return_order", "goods_receipt"}


@pytest.mark.parametrize(
    ("path", "data", "name"),
    [
        ("/files/in/1/raw", REQUEST_180, "received-1-returns-0314.edi.txt"),
        ("/files/in/5/raw", JUNK, "received-5-holiday.png.edi.txt"),
        ("/files/in/8/raw", b"", "received-8-_script_alert_1___script__fdp.exe.txt"),
        ("/files/out/4/raw", ERP_BATCH, "sent-4-atlas-B1.txt.txt"),
        ("/files/out/8/raw", b"x", "sent-8-atlas__script_alert__x____script_.txt.txt"),
    ],
)
def test_a_download_is_the_bytes_as_an_attachment_that_may_do_nothing(
    browser: Browser, path: str, data: bytes, name: str
) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.content == data
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_lines_of_a_long_file_come_in_pages(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "SHOWN_LINES", 10)
    first = browser.json("/api/v1/files/in/1")["content"]
    assert [line["no"] for line in first["lines"]] == list(range(1, 11))
    assert first["next"] == 11
    assert 'href="/files/in/1?line=11#bytes"' in browser.page("/files/in/1")
    assert browser.json("/api/v1/files/in/1?line=21")["content"]["lines"][0]["no"] == 21
    assert browser.json("/api/v1/files/in/1?line=9999")["content"]["lines"] == []


def test_of_a_giant_file_only_the_beginning_is_explained(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "SHOWN_BYTES", 200)
    shown = browser.json("/api/v1/files/in/1")["content"]
    assert shown["cut"]
    assert shown["lines"][0]["text"].startswith("ISA")
    assert not [line for line in shown["lines"] if line["findings"]]
    assert "only its beginning is explained" in browser.page("/files/in/1")


def test_bytes_that_the_archive_lost_or_that_changed_are_said_and_hurt_nothing(tmp_path: Path) -> None:
    store, home = opened(tmp_path)
    with store:
        story.tell(store, home)
        reader = Browser(create_app(store, home, clock=FixedClock(NOW)))
        with store.read() as snapshot:
            lost, changed = (
                archive_path(home, sha)
                for sha in snapshot.execute(
                    t.intake.select().with_only_columns(t.intake.c.sha256).where(t.intake.c.id.in_((2, 5)))
                ).scalars()
            )
        lost.unlink()
        changed.chmod(0o600)
        changed.write_bytes(b"something else")
        assert "Archived bytes are gone." in reader.page("/files/in/2")
        assert "Archived bytes no longer match their sha256." in reader.page("/files/in/5")
        assert reader.get("/files/in/2/raw").status_code == 404


@pytest.mark.parametrize("page", ["files", "files?direction=sent", "returns", "holds?state=all"])
def test_a_list_that_nothing_narrows_counts_all_of_it(browser: Browser, page: str) -> None:
    data = browser.json(f"/api/v1/{page}")
    listed = data.get("files") or data.get("returns") or data.get("holds")
    assert data["next"] is None and len(listed) > 1
    assert data["total"] == len(listed)
