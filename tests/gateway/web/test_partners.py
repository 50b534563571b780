"""The list of partners: as configured, with what the store knows of them."""

from __future__ import annotations

from pathlib import Path

from gateway.clock import FixedClock
from gateway.partners import House, Partner, PartnerBook
from gateway.web import create_app
from tests.gateway.web import story
from tests.gateway.web.browser import Browser
from tests.gateway.web.conftest import opened
from tests.gateway.web.moments import NOW
from tests.gateway.web.rows import HOSTILE
from translators.profile import Profile


def _book(root: Path) -> PartnerBook:
    northgate = Partner(
        id="northgate",
        name=f"Northgate {HOSTILE}",
        role="retailer",
        folder=root / "northgate",
        config_hash="",
        profile=Profile(partner="northgate"),
        sends={"sets": ["180", "856"]},
        receives={"return_answer": "x12:180"},
    )
    return PartnerBook.of({"northgate": northgate}, House())


def test_partners_are_listed_with_their_activity(tmp_path: Path) -> None:
    store, home = opened(tmp_path)
    with store:
        story.tell(store, home)
        for book in (_book(tmp_path), lambda: _book(tmp_path)):
            reader = Browser(create_app(store, home, book, FixedClock(NOW)))
            data = reader.json("/api/v1/partners")
            assert [partner["id"] for partner in data["partners"]] == ["northgate", "atlas", "cedar", "harbor"]
            first = data["partners"][0]
            assert first["sends"] == ["180", "856"]
            assert first["receives"] == ["return_answer"]
            assert first["last_received"] == "2025-03-16T08:30:06.000000Z"
            assert first["open_holds"] == 2
            page = reader.page("/partners")
            assert "return answer" in page
            assert "no folder" in page
            assert "<script" not in page
            assert reader.page("/files/in/1")
