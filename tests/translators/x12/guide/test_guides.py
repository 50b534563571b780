"""Choosing a guide, and the words for what stands in it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from translators.x12.guide.files import code_text
from translators.x12.guide.maps import (
    Release,
    element_name,
    load_plan,
    nearest_release,
    segment_name,
)
from translators.x12.sets.table import SETS, releases_of
from translators.x12.validate.segment_ids import SEGMENT_IDS


@pytest.mark.parametrize(
    ("set_id", "gs08", "wanted"),
    [
        ("180", "004010", Release("004010", True)),
        ("180", "004010VICS", Release("004010", True, "VICS")),
        ("180", "003030", Release("004010", False)),
        ("180", "004060", Release("004010", False)),
        ("180", "005010", Release("005010", True)),
        ("180", "005040", Release("005010", False)),
        ("944", "004030", Release("004030", True)),
        ("944", "004060", Release("004030", False)),
        ("944", "004010", Release("004010", True)),
        ("999", "005010X231A1", Release("005010", True, "X231A1")),
        ("999", "004010", Release("005010", False)),
        ("850", "004010", None),
        ("180", "", None),
        ("180", "4010", None),
        ("180", "00401A", None),
        ("180", "٠٠٤٠١٠", None),
    ],
)
def test_nearest_release(set_id: str, gs08: str, wanted: Release | None) -> None:
    assert nearest_release(set_id, gs08) == wanted


def test_plans_are_compiled_once_and_by_overlay() -> None:
    assert load_plan("180", "004010") is load_plan("180", "004010", {})
    overlay = {"maximum": [{"path": "/BLI", "max": 2}]}
    assert load_plan("180", "004010", overlay) is load_plan("180", "004010", dict(overlay))
    assert load_plan("180", "004010", overlay) is not load_plan("180", "004010")


def test_there_is_no_plan_without_a_guide() -> None:
    with pytest.raises(KeyError):
        load_plan("850", "004010")
    with pytest.raises(KeyError):
        load_plan("180", "004030")


def test_names_of_segments_and_elements() -> None:
    assert segment_name("004010", "RDR") == "Return Disposition Reason"
    assert segment_name("004060", "HL") == "Hierarchical Level"
    assert segment_name("004010", "ZZZ") == ""
    assert element_name("004010", "RDR", 2) == "Return Request Reason Code"
    assert element_name("004010", "MEA", 4, 1) == "Unit or Basis for Measurement Code"
    assert element_name("004010", "N4", 7) == ""
    assert element_name("005010", "N4", 7) == "Country Subdivision Code"
    assert element_name("004010", "RDR", 0) == ""


def test_texts_of_codes() -> None:
    assert code_text("1292", "RA").startswith("Authorized")
    assert code_text("412", "07") == "good"
    assert code_text("128", "RZ") == "returned goods authorization number"
    assert code_text("98", "XXX") == ""


def test_every_closed_list_is_spelt_out_for_people_in_the_lists_of_returns() -> None:
    for number in ("1292", "1293", "1294", "412", "514"):
        codes = {
            code
            for set_id in SETS
            for release in releases_of(set_id)
            for node in load_plan(set_id, release).root.segments()
            for element in node.definition.elements
            if element.data_element == number and element.codes
            for code in element.codes
        }
        assert codes
        assert all(code_text(number, code) for code in codes)


def test_the_list_of_segment_ids_has_every_segment_of_the_guides() -> None:
    for set_id in SETS:
        for release in releases_of(set_id):
            assert load_plan(set_id, release).ids <= SEGMENT_IDS


def test_facts_of_the_standard() -> None:
    """Spot checks by hand against the published tables."""
    plan = load_plan("180", "004010")
    by_path = {node.path: node for node in plan.root.walk()}
    assert by_path["/N1"].most == 200
    assert by_path["/BLI"].most is None
    assert by_path["/BLI/QTY/LX/LM/LQ"].usage == "R"
    assert by_path["/BLI/LM/LQ"].most == 100
    four = {e.id: e for node in plan.root.segments() for e in node.definition.elements}
    five = {e.id: e for node in load_plan("180", "005010").root.segments() for e in node.definition.elements}
    assert (four["BGN02"].high, five["BGN02"].high) == (30, 50)
    assert len(four["RDR02"].codes or ()) == 29
    assert four["N101"].codes is None
    assert "N407" not in four
    assert five["N407"].usage == "S"
    receipt = {node.path: node for node in load_plan("944", "004010").root.walk()}
    assert receipt["/W07"].most == 9999
    assert receipt["/W14"].usage == "R"
    assert "/LX/W07/W13/N9" in {node.path for node in load_plan("944", "005010").root.walk()}


def test_pyx12_is_not_imported_to_read_a_guide() -> None:
    lines = ("import sys", "from translators.x12.guide.maps import load_plan", "load_plan('856', '004010')")
    code = "\n".join([*lines, "print('pyx12' in sys.modules)"])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
