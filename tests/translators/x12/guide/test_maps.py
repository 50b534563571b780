"""The packaged guides are pyx12 maps: by its schemas, by its loader, and node for node as our plans read them."""

from __future__ import annotations

import io
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import pyx12.map_if
import pyx12.params
import pyx12.x12n_document
from lxml import etree

from tests.translators.x12.oracle.maps import indexed, map_path, pyx12_map
from tests.translators.x12.sets.examples import example_of, file_of
from translators.profile import Delimiters
from translators.x12.guide.maps import load_plan
from translators.x12.guide.nodes import ElementDef, LoopNode, SegmentNode
from translators.x12.sets.table import SETS, releases, releases_of

SCHEMAS = Path(str(files("pyx12"))) / "map"
FILES = sorted(path for release in releases() for path in Path(map_path(release)).glob("*.xml"))
PAIRS = [(set_id, release) for set_id in SETS for release in releases_of(set_id)]


def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMAS / name)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_file_is_valid_by_pyx12s_schema(path: Path) -> None:
    names = {"maps.xml": "maps.xsd", "dataele.xml": "dataele.xsd", "codes.xml": "codes.xsd"}
    wanted = schema(names.get(path.name, "map.v2.xsd"))
    wanted.assertValid(etree.parse(str(path)))


@pytest.mark.parametrize(("set_id", "release"), PAIRS)
def test_pyx12_loads_every_map_as_it_stands(set_id: str, release: str) -> None:
    tree = pyx12.map_if.load_map_file(f"{set_id}.xml", pyx12.params.params(), map_path(release))
    assert tree.id == set_id
    assert tree.icvn == ("00501" if release == "005010" else "00401")


def test_every_guide_is_in_the_index_and_every_map_is_a_guide() -> None:
    for release in releases():
        maps = {path.stem for path in Path(map_path(release)).glob("[0-9]*.xml")}
        assert maps == {set_id for set_id in SETS if release in releases_of(set_id)}
        index = etree.parse(str(Path(map_path(release)) / "maps.xml"))
        assert {node.text for node in index.iter("map")} == {f"{set_id}.xml" for set_id in indexed(release)}


def most(text: str | None) -> int | None:
    return None if text == ">1" else int(text or "1")


def same_element(ours: ElementDef, theirs: Any) -> None:
    assert (ours.id, ours.data_element, ours.usage, ours.name) == (
        theirs.id,
        theirs.data_ele,
        theirs.usage,
        theirs.name,
    )
    if theirs.is_composite():
        assert ours.repeat == theirs.repeat
        assert len(ours.components) == len(theirs.children)
        for mine, other in zip(ours.components, theirs.children, strict=True):
            same_element(mine, other)
        return
    assert (ours.data_type, ours.low, ours.high) == (theirs.data_type, theirs.min_len, theirs.max_len)
    codes = set(theirs.valid_codes)
    if theirs.external_codes:
        codes |= set(theirs.root.ext_codes.codes[theirs.external_codes]["codes"])
    assert (set(ours.codes) if ours.codes is not None else set()) == codes


def same_node(ours: SegmentNode | LoopNode, theirs: Any) -> int:
    """Compare two trees; the number of nodes and elements compared."""
    assert (ours.id, ours.usage) == (theirs.id, theirs.usage)
    if isinstance(ours, LoopNode):
        assert ours.most == most(theirs.repeat)
        inner = list(theirs.childIterator())
        assert len(inner) == len(ours.children)
        return 1 + sum(same_node(mine, other) for mine, other in zip(ours.children, inner, strict=True))
    assert ours.most == most(theirs.max_use)
    assert [str(note) for note in ours.definition.notes] == [
        note[0] + "".join(f"{i:02d}" for i in note[1:]) for note in theirs.syntax
    ]
    assert len(ours.definition.elements) == len(theirs.children)
    for element, other in zip(ours.definition.elements, theirs.children, strict=True):
        same_element(element, other)
    return 1 + len(theirs.children)


@pytest.mark.parametrize(("set_id", "release"), PAIRS)
def test_plan_and_pyx12_read_the_same_map(set_id: str, release: str) -> None:
    theirs = pyx12_map(set_id, release).getnodebypath("/ISA_LOOP/GS_LOOP/ST_LOOP")
    assert same_node(load_plan(set_id, release).root, theirs) > 20


def test_plan_and_pyx12_read_the_same_overlay() -> None:
    overlay = {
        "require": [{"path": "/BLI/RDR"}, {"element": "BGN07"}],
        "forbid": [{"path": "/BLI/SAC"}, {"element": "N903", "path": "/N9"}],
        "codes": [{"element": "BGN01", "only": ["00", "13"]}, {"element": "RDR02", "add": ["ZZ"]}],
        "maximum": [{"path": "/BLI", "max": 50}],
        "allow": [{"segment": "CTT"}, {"segment": "REF", "after": "/PRF", "max": 3}],
    }
    plan = load_plan("180", "004010", overlay)
    theirs = pyx12_map("180", "004010", overlay).getnodebypath("/ISA_LOOP/GS_LOOP/ST_LOOP")
    assert same_node(plan.root, theirs) > 300


@pytest.mark.parametrize(("set_id", "release"), [pair for pair in PAIRS if pair[0] in indexed(pair[1])])
def test_pyx12s_own_validator_takes_a_file_with_our_map_path(set_id: str, release: str, tmp_path: Path) -> None:
    document = tmp_path / "document.edi"
    document.write_bytes(file_of(set_id, release, example_of(set_id, release)))
    answer = io.StringIO()
    params = pyx12.params.params()
    good = pyx12.x12n_document.x12n_document(params, str(document), answer, None, map_path=map_path(release))
    assert good, answer.getvalue()
    bad = tmp_path / "bad.edi"
    bad.write_text(
        document.read_text().replace("20250314~", "20250231~").replace("*EA", "*EACH").replace("*380*", "*X*")
    )
    if bad.read_text() != document.read_text():
        assert not pyx12.x12n_document.x12n_document(params, str(bad), None, None, map_path=map_path(release))


def test_pyx12_numbers_levels_and_we_leave_that_to_the_reader(tmp_path: Path) -> None:
    """The written difference NOT_OURS: HL01 out of number is no matter of syntax."""
    body = example_of("856", "004010").replace("HL*2*1*I", "HL*7*1*I")
    document = tmp_path / "document.edi"
    document.write_bytes(file_of("856", "004010", body))
    params = pyx12.params.params()
    assert not pyx12.x12n_document.x12n_document(params, str(document), None, None, map_path=map_path("004010"))
    assert load_plan("856", "004010").check(body.rstrip("~").split("~"), Delimiters())
