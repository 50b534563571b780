"""Every set's folder is complete: what it lacks is listed by name. And a folder suffices: its example is read."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from random import Random

import pytest

from tests.translators.x12.files import whole_file
from tests.translators.x12.sets.completeness import lacks_of
from tests.translators.x12.sets.examples import example_of, file_of
from tests.translators.x12.sets.toy_set import known
from translators.profile import Delimiters, Profile
from translators.registry import acknowledgments, translate
from translators.x12.explain.file import explain
from translators.x12.guide.checks import GuideError, check_map
from translators.x12.guide.files import code_sets, dictionary, guide_file, guide_map
from translators.x12.guide.maps import load_plan
from translators.x12.sets.table import SETS, folder_of, releases_of, set_description

PAIRS = [(set_id, release) for set_id in SETS for release in releases_of(set_id)]


@pytest.mark.parametrize("set_id", SETS)
def test_a_set_lacks_nothing(set_id: str) -> None:
    assert lacks_of(set_id) == []


def test_no_folder_is_left_out_of_the_table() -> None:
    folders = {folder.name for folder in Path(str(folder_of(SETS[0]))).parent.glob("set_*")}
    assert folders == {f"set_{set_id}" for set_id in SETS}


@pytest.mark.parametrize(("set_id", "release"), PAIRS)
def test_the_example_of_a_set_is_read_acknowledged_and_explained(set_id: str, release: str) -> None:
    data, description = file_of(set_id, release, example_of(set_id, release)), set_description(set_id)
    translation = translate(data, "example.edi", Profile())
    (group,) = translation.interchanges[0].groups
    assert [(one.verdict, one.findings) for one in group.sets] == [("accepted", [])]
    assert description is not None
    assert {document.kind for document in translation.documents()} <= set(description.becomes)
    assert list(translation.documents())
    answers = [answer.decode() for answer in acknowledgments(translation, Profile())]
    assert ("AK5*A~AK9*A*1*1*1~" in "".join(answers)) == (description.group != "FA")
    lines = explain(data, Profile())
    assert all(line.name for line in lines)
    texts = {element.value: element.text for line in lines for element in line.elements if line.segment in ("GS", "ST")}
    assert texts[set_id] == description.name
    assert texts[description.group].startswith(description.group_name)


@pytest.mark.parametrize(("set_id", "release"), PAIRS)
def test_the_example_is_what_a_strict_partner_sends(set_id: str, release: str) -> None:
    segments = example_of(set_id, release).rstrip("~").split("~")
    assert load_plan(set_id, release).check(segments, Delimiters())


# --- guides that cannot work ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("set_id", "release"), PAIRS)
def test_a_data_element_that_nobody_defines_is_an_error_by_file_and_node(set_id: str, release: str) -> None:
    """Any element of any guide, picked by a fixed seed."""
    tree, file = copy.deepcopy(guide_map(set_id, release)), guide_file(set_id, release)
    elements = [node for node in tree.iter("element") if node.attrib["xid"][:2] not in ("ST", "SE")]
    for node in Random(7).sample(elements, min(20, len(elements))):
        number = node.attrib["data_ele"]
        node.set("data_ele", "99999")
        with pytest.raises(GuideError, match="data element 99999 is not defined") as error:
            check_map(tree, file, dictionary(release), code_sets(release))
        assert (error.value.file, error.value.node.rpartition("/")[2]) == (file, node.attrib["xid"])
        node.set("data_ele", number)
    check_map(tree, file, dictionary(release), code_sets(release))


GUIDE = """<transaction xid="899"><name>Toy</name>
  <loop xid="ST_LOOP" name="Transaction Set" usage="R" pos="020" repeat="&gt;1" type="explicit">
    <segment xid="ST" name="Transaction Set Header" usage="R" pos="010" max_use="1">
      <element xid="ST01" data_ele="143" name="Id" usage="R" seq="01"/>
      <element xid="ST02" data_ele="329" name="Number" usage="R" seq="02"/>
    </segment>
    <segment xid="BCD" name="Beginning" usage="R" pos="020" max_use="1">
      {element}
    </segment>
    <segment xid="SE" name="Transaction Set Trailer" usage="R" pos="030" max_use="1">
      <element xid="SE01" data_ele="96" name="Count" usage="R" seq="01"/>
      <element xid="SE02" data_ele="329" name="Number" usage="R" seq="02"/>
    </segment>
  </loop>
</transaction>
"""
DATE = '<element xid="BCD01" data_ele="373" name="Date" usage="R" seq="01"/>'
CODE = DATE.replace("/>", '><valid_codes external="de9475"/></element>')
UNDEFINED = DATE.replace("373", "9475")
ELEMENTS = """<data_elements>
  <data_ele ele_num="{}" data_type="ID" min_len="2" max_len="{}" name="Kind"/>
</data_elements>"""
DESCRIPTION = """from translators.x12.sets.description import TransactionSet

SET = TransactionSet("899", "{title}", "toy", "ZZ", "toys", reader="reader:read_899", becomes=("receipt",))
"""
TOY_FILE = whole_file("ST*899*0001~BCD*20250314~SE*3*0001~", functional_id="ZZ")
PLACE = "translators/x12/sets/set_899/guides/004010.xml"


def write(folder: Path, files: dict[str, str]) -> Path:
    """A folder set_899 with these files."""
    for name, text in files.items():
        path = folder / "set_899" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "set_899"


def test_what_an_incomplete_set_lacks_is_listed_by_name(tmp_path: Path) -> None:
    empty = write(tmp_path / "a", {"guides/004010.xml": GUIDE.format(element=DATE)})
    with known(empty) as set_id:
        assert lacks_of(set_id) == ["set_899: no SET in __init__.py"]
    bare = write(tmp_path / "b", {"__init__.py": DESCRIPTION.format(title="")})
    with known(bare) as set_id:
        assert lacks_of(set_id) == [
            "set_899: no title",
            "set_899: no reader.py",
            "set_899: no guide (guides/004010.xml, …)",
            "set_899: no bindings.toml",
        ]
    more = {
        "__init__.py": DESCRIPTION.format(title="Toy"),
        "reader.py": "",
        "bindings.toml": '[header]\nnumber = "BCD"\n',
        "guides/004010.xml": GUIDE.format(element=UNDEFINED),
    }
    with known(write(tmp_path / "c", more)) as set_id:
        assert lacks_of(set_id) == [
            "set_899: no function read_899 in reader.py",
            "set_899: guides/004010.xml: /BCD/BCD01: data element 9475 is not defined",
            "set_899: bindings.toml: header.number: 'BCD' is not a path like BGN02, N9[RZ]02, QTY03-1 or BLI/RDR02",
        ]
    assert "899" not in SETS
    assert set_description("899") is None


def test_a_guide_that_cannot_work_is_an_error_when_it_is_loaded(tmp_path: Path) -> None:
    complete = GUIDE.format(element=DATE)
    broken = {
        GUIDE.format(element=UNDEFINED): "/BCD/BCD01: data element 9475 is not defined",
        complete[:80]: "is no XML",
        complete.replace("ST_LOOP", "LOOP"): "has no loop ST_LOOP",
        complete.replace('usage="R"', 'usage="M"', 1): "/: usage cannot be 'M'",
        complete.replace('max_use="1"', 'max_use="many"', 1): "/ST: max_use cannot be 'many'",
        complete.replace(DATE, f"<syntax>P1</syntax>{DATE}"): "/BCD: 'P1' is no syntax note like P0304",
        complete.replace(' max_use="1"', "", 1): "/ST: the segment has no attribute max_use",
        GUIDE.format(element=CODE): "/BCD/BCD01: code list de9475 is not defined",
    }
    for number, (guide, problem) in enumerate(broken.items()):
        files = {"__init__.py": DESCRIPTION.format(title="Toy"), "guides/004010.xml": guide}
        with known(write(tmp_path / str(number), files)) as set_id:
            for load in (lambda: load_plan("899", "004010"), lambda: translate(TOY_FILE, "toy.edi", Profile())):
                with pytest.raises(GuideError) as error:
                    load()
                assert str(error.value).startswith(f"{PLACE}: {problem}"), set_id
                # A file is translated in another process: what went wrong must get back from there.
                assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def test_a_set_brings_the_elements_codes_and_words_that_it_needs(tmp_path: Path) -> None:
    files = {
        "__init__.py": DESCRIPTION.format(title="Toy"),
        "guides/004010.xml": GUIDE.format(element=CODE.replace("373", "9475")),
        "guides/004010.elements.xml": ELEMENTS.format("9475", "2"),
        "guides/004010.codes.xml": (
            "<codesets><codeset><id>de9475</id><name>Kind</name><data_ele>9475</data_ele>"
            "<version><code>TY</code></version></codeset></codesets>"
        ),
        "code_texts.csv": "9475,TY,a toy\n",
    }
    with known(write(tmp_path, files)):
        plan = load_plan("899", "004010")
        assert plan.check(["ST*899*0001", "BCD*TY", "SE*3*0001"], Delimiters())
        assert not plan.check(["ST*899*0001", "BCD*TX", "SE*3*0001"], Delimiters())
        lines = explain(TOY_FILE.replace(b"BCD*20250314", b"BCD*TY"), Profile())
        assert [element.text for line in lines for element in line.elements if line.segment == "BCD"] == ["a toy"]
    (tmp_path / "set_899" / "guides" / "004010.elements.xml").write_text(ELEMENTS.format("373", "9"), encoding="utf-8")
    with known(tmp_path / "set_899"), pytest.raises(GuideError, match="373: another file of the release defines"):
        load_plan("180", "004010")
    (tmp_path / "set_899" / "guides" / "004010.elements.xml").write_text(
        ELEMENTS.format("9475", "two"), encoding="utf-8"
    )
    with known(tmp_path / "set_899"), pytest.raises(GuideError, match="9475: a data element needs ele_num"):
        load_plan("899", "004010")
