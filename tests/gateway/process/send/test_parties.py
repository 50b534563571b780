"""What we send names where goods go and come from, at the house's local time."""

from __future__ import annotations

from tests.homes import GatewayAtWork


def _segments(gateway: GatewayAtWork, partner: str, pattern: str) -> list[str]:
    return gateway.sent(partner, pattern)[0].read_text(encoding="latin-1").split("~")


def _asked(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    gateway.drop("cedar", "requests.csv")
    gateway.work()


def test_an_answer_that_lets_goods_come_says_where_to(gateway: GatewayAtWork) -> None:
    _asked(gateway)
    segments = _segments(gateway, "northgate", "180_*")
    first, second = (i for i, segment in enumerate(segments) if segment.startswith("ST*180"))
    granted, denied = segments[first:second], segments[second:]
    assert "N1*RT*Harbor Point Logistics*92*HP1" in granted
    assert granted[granted.index("N1*RT*Harbor Point Logistics*92*HP1") + 1] == "N3*2200 Harbor Point Drive*Dock 7"
    assert not any(segment.startswith("N1*RT") for segment in denied)


def test_an_expected_receipt_names_the_warehouse_and_the_sender(gateway: GatewayAtWork) -> None:
    gateway.write("cedar", '\n[address]\nid = "CH-HQ"\nlines = ["9 Mill Lane"]\ncity = "ALBANY"\nregion = "NY"\n')
    _asked(gateway)
    files = [path.read_text(encoding="latin-1").split("~") for path in gateway.sent("harbor", "943_*")]
    assert all("N1*WH*Harbor Point Logistics*92*HP1" in file for file in files)
    assert any("N1*SF*NORTHGATE RETURNS CENTER*92*RC07" in file for file in files)
    assert any("N1*SF*Cedar & Hale Outfitters*92*CH-HQ" in file and "N3*9 Mill Lane" in file for file in files)


def test_envelopes_and_documents_say_the_same_local_time(gateway: GatewayAtWork) -> None:
    """09:30 UTC on 14 March 2025 is 04:30 in Chicago, where the house's calendar is."""
    _asked(gateway)
    for partner, pattern in (("northgate", "180_*"), ("northgate", "997_*"), ("harbor", "943_*")):
        segments = _segments(gateway, partner, pattern)
        isa, gs = segments[0].split("*"), segments[1].split("*")
        assert (isa[9], isa[10], gs[4], gs[5]) == ("250314", "0430", "20250314", "0430")
    bgn = next(segment for segment in _segments(gateway, "northgate", "180_*") if segment.startswith("BGN")).split("*")
    assert (bgn[3], bgn[4]) == ("20250314", "0430")
