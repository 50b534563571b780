"""Overlays: what they change, and what they refuse."""

from __future__ import annotations

import tomllib

import pytest

from translators.profile import Delimiters
from translators.x12.guide.maps import load_plan
from translators.x12.guide.overlay import OverlayError
from translators.x12.validate.verdict import validate_set

D = Delimiters()
BODY = ["BGN*13*RTV1*20250314", "N9*IA*1", "BLI*UP*012345678905*3*EA", "RDR**DR", "BLI*UP*012345678912*1*EA", "RDR*RA"]


def codes(overlay: str, body: list[str] | None = None, set_id: str = "180") -> list[tuple[str, int, int]]:
    inner = BODY if body is None else body
    segments = [f"ST*{set_id}*0001", *inner, f"SE*{len(inner) + 2}*0001"]
    plan = load_plan(set_id, "004010", tomllib.loads(overlay))
    return [(f.code, f.position, f.element) for f in validate_set(plan, segments, D)]


def test_the_base_guide_takes_the_set() -> None:
    assert codes("") == []


@pytest.mark.parametrize(
    ("overlay", "wanted"),
    [
        ('[[require]]\npath = "/BLI/RDR"', []),
        ('[[require]]\npath = "/BLI/N9"', [("segment_missing", 5, 0), ("segment_missing", 7, 0)]),
        ('[[require]]\npath = "/N1"', [("segment_missing", 4, 0)]),
        ('[[require]]\nelement = "BGN07"', [("element_missing", 2, 7)]),
        ('[[require]]\nelement = "N902"\npath = "/BLI/N9"', []),
        ('[[forbid]]\npath = "/N9"', [("segment_forbidden", 3, 0)]),
        ('[[forbid]]\npath = "/BLI"', [("segment_forbidden", 4, 0), ("segment_forbidden", 6, 0)]),
        ('[[forbid]]\nelement = "RDR02"', [("element_forbidden", 5, 2)]),
        ('[[codes]]\nelement = "BGN01"\nonly = ["00"]', [("bad_code", 2, 1)]),
        ('[[codes]]\nelement = "BGN01"\nonly = ["00", "13"]', []),
        ('[[maximum]]\npath = "/BLI"\nmax = 1', [("loop_too_many", 6, 0)]),
    ],
)
def test_what_an_overlay_narrows(overlay: str, wanted: list[tuple[str, int, int]]) -> None:
    assert codes(overlay) == wanted


def test_what_an_overlay_widens() -> None:
    assert codes("", [*BODY, "CTT*2"]) == [("segment_not_in_set", 8, 0)]
    assert codes('[[allow]]\nsegment = "CTT"', [*BODY, "CTT*2"]) == []
    assert codes('[[allow]]\nsegment = "CTT"', [*BODY, "CTT*2", "CTT*2"]) == [("segment_too_many", 9, 0)]
    assert codes('[[allow]]\nsegment = "CTT"\nmax = "unbounded"', [*BODY, "CTT*2", "CTT*2"]) == []
    assert codes('[[allow]]\nsegment = "REF"\nafter = "/BLI/RDR"', [*BODY, "REF*RZ*1"]) == []
    assert codes('[[allow]]\nsegment = "REF"\nafter = "/BGN"', [BODY[0], "REF*RZ*1", *BODY[1:]]) == []
    assert codes("", [*BODY, "RDR**XX"])[0][0] == "segment_too_many"
    assert codes('[[codes]]\nelement = "RDR02"\nadd = ["XX"]', [*BODY[:-1], "RDR**XX"]) == []
    assert codes('[[codes]]\nelement = "RDR02"\nadd = ["XX"]', [*BODY[:-1], "RDR**DR"]) == []
    assert codes('[[codes]]\nelement = "RDR02"\nopen = true', [*BODY[:-1], "RDR**QQ"]) == []
    assert codes('[[maximum]]\npath = "/BLI/RDR"\nmax = 2', [*BODY, "RDR**DR"]) == []


def test_added_codes_at_the_start_of_a_segment() -> None:
    body = ["W17*Q*20250314*WR1", "N1*WH*DC", "W07*1*EA**UP*0123", "W14*1"]
    assert codes("", body, "944") == [("bad_code", 2, 1)]
    assert codes('[[codes]]\nelement = "W1701"\nadd = ["Q"]', body, "944") == []


@pytest.mark.parametrize(
    ("overlay", "place", "words"),
    [
        ('[[required]]\npath = "/BLI"', "required", "no such table"),
        ('[[require]]\npath = "/BLI/XYZ"', "require[1]", "no /BLI/XYZ"),
        ('[[require]]\npath = "/N9"\n[[require]]\npath = "/LIN"', "require[2]", "no /LIN"),
        ('[[require]]\nelement = "BGN99"', "require[1]", "no BGN99"),
        ('[[require]]\nelement = "bgn1"', "require[1]", "not an element"),
        ("[[require]]", "require[1]", "needs a path"),
        ('[[require]]\npath = "/N9"\nmax = 1', "require[1]", "keys are"),
        ('[[forbid]]\npath = "/SE"', "forbid[1]", "envelope"),
        ('[[codes]]\nelement = "BGN01"', "codes[1]", "one of only, add, open"),
        ('[[codes]]\nelement = "BGN01"\nonly = ["000"]', "codes[1]", "2 to 2"),
        ('[[codes]]\nelement = "BGN01"\nonly = []', "codes[1]", "list of texts"),
        ('[[codes]]\nelement = "BGN01"\nadd = ["00"]', "codes[1]", "any code already"),
        ('[[codes]]\nelement = "MEA04"\nonly = ["LB"]', "codes[1]", "composite"),
        ('[[maximum]]\npath = "/BLI"\nmax = 0', "maximum[1]", "a maximum is"),
        ('[[maximum]]\npath = "/BLI"', "maximum[1]", "keys are"),
        ('[[allow]]\nsegment = "QQQ"', "allow[1]", "no guide"),
        ('[[allow]]\nsegment = "CTT"\nafter = "/SE"', "allow[1]", "after the SE"),
        ('[[allow]]\nsegment = "N9"\nafter = "/BGN"', "allow[1]", "already"),
        ('require = ["x"]', "require[1]", "table"),
        ('require = "x"', "require", "table"),
        ("require = 3", "require", "table"),
    ],
)
def test_an_overlay_that_does_not_fit_says_where(overlay: str, place: str, words: str) -> None:
    with pytest.raises(OverlayError, match=words.replace("[", r"\[")) as caught:
        load_plan("180", "004010", tomllib.loads(overlay))
    assert caught.value.place == place


def test_components_can_be_named() -> None:
    wide = [*BODY[:-1], "RDR*RA", "MEA*WT*G*1*LB"]
    assert codes("", [*BODY[:4], "MEA*WT*G*1*LB", *BODY[4:]]) == []
    assert codes('[[codes]]\nelement = "MEA04-1"\nonly = ["KG"]', [*BODY[:4], "MEA*WT*G*1*LB", *BODY[4:]]) == [
        ("bad_code", 6, 4)
    ]
    assert wide


def test_everything_wrong_with_an_overlay_is_told_at_once() -> None:
    overlay = """
    forbidd = [{ path = "/BLI" }]
    require = [{ path = "/XYZ" }, { pth = "/BLI" }]
    maximum = [{ path = "/BLI", max = 0 }]
    """
    with pytest.raises(OverlayError) as caught:
        load_plan("180", "004010", tomllib.loads(overlay))
    assert [place for place, _ in caught.value.problems] == ["forbidd", "require[1]", "require[2]", "maximum[1]"]
