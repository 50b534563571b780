"""partners/README.md: its examples are files, and they work as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from gateway.onboarding.certificate import check, render_report
from gateway.partners import read_partners, shipped_partners
from gateway.returns import Policy
from gateway.returns.policy import ClockClass
from translators.canonical import Receipt
from translators.flat.layout.fields import DATASETS, KINDS, OUT_KINDS, known_paths
from translators.flat.layout.model import Column, Layout, Record
from translators.registry import translate

README = shipped_partners() / "README.md"
_BLOCK = re.compile(r"```(?:toml|csv)\n# partners/(\S+)\n(.*?)```", re.S)


def _examples(folder: Path) -> Path:
    """A partners folder with the README's examples in it."""
    for name, text in _BLOCK.findall(README.read_text(encoding="utf-8")):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in ("partner.toml", "policy.toml"):
        house = folder / "_house" / name
        house.parent.mkdir(exist_ok=True)
        text = (shipped_partners() / "_house" / name).read_text(encoding="utf-8")
        # The README's folder has its own warehouse, and no ERP.
        house.write_text(text.replace('"harbor"', '"cypress"').replace('"atlas"', '""'), encoding="utf-8")
    return folder


def test_the_examples_are_partners_that_load(tmp_path: Path) -> None:
    book, problems = read_partners(_examples(tmp_path))
    assert problems == []
    assert sorted(book.partners) == ["acme", "birch", "cypress"]
    report = check(book, problems=problems)
    assert report.ok, render_report(report)


def test_the_flat_example_reads_a_file_as_it_says(tmp_path: Path) -> None:
    book, _ = read_partners(_examples(tmp_path))
    data = b"Receipt;Return;When;Article;Pieces;State;Remark\r\nR1;RMA-000001;14.03.2025;MS-1001;2;;late\r\n"
    translation = translate(data, "rcv_20250314.csv", book["cypress"].profile)
    (document,) = translation.documents()
    assert (document.kind, document.number, document.reference("rma")) == ("receipt", "R1", "RMA-000001")


MAINFRAME = [
    "HR2      20250314RMA-000001".ljust(40),
    "D4001010010030000150".ljust(40),
    "T000003".ljust(40),
]
PORTAL = """<r:Receipts xmlns:r="urn:example:receipts" batch="B1"><r:Receipt id="R2" day="2025-03-14">
<r:Return rma="RMA-000001"/><r:Lines><r:Line><r:Article scheme="gtin">400101001003</r:Article><r:Pieces>1.5</r:Pieces>
</r:Line></r:Lines></r:Receipt></r:Receipts>"""


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("we_1.csv", b"K;R2;14.03.2025;RMA-000001\r\nP;400101001003;1,5;\r\nE;1;400101001003\r\n"),
        ("RCPT.D250314", "".join(MAINFRAME).encode("cp037")),
        ("receipts-1.xml", PORTAL.encode()),
    ],
)
def test_the_examples_of_records_fixed_width_and_xml_read_files(tmp_path: Path, name: str, data: bytes) -> None:
    book, _ = read_partners(_examples(tmp_path))
    translation = translate(data, name, book["cypress"].profile)
    assert translation.findings == []
    (document,) = translation.documents()
    assert isinstance(document, Receipt)
    assert (document.number, document.reference("rma"), str(document.received_on)) == ("R2", "RMA-000001", "2025-03-14")
    assert [(line.item.gtin, float(line.quantity)) for line in document.lines] == [("400101001003", 1.5)]


def test_every_key_of_a_layout_is_explained() -> None:
    text = README.read_text(encoding="utf-8")
    keys = {*Layout.model_fields, *Record.model_fields, *Column.model_fields} - {"name", "records", "columns"}
    assert {key for key in keys if f"`{key}`" not in text and f"[{key}]" not in text} == set()


def test_every_field_of_a_layout_is_listed() -> None:
    listed = dict(re.findall(r"^\| ([a-z_, ]+) \| ([a-z_., ]+) \|$", README.read_text(encoding="utf-8"), re.M))
    anywhere = {"number", "issued_on", "purpose", "purpose_code", "note", "batch_id"}
    for name, kind in {**KINDS, **OUT_KINDS}.items():
        wanted = {path for path in known_paths(kind) if not re.match(r"(lines\.)?(references|parties)\.", path)}
        row = f"| {name} | {', '.join(sorted(wanted - (anywhere if kind.direction == 'in' else set())))} |"
        assert name == "reference_data" or wanted <= {*listed.get(name, "").split(", "), *anywhere}, row
    for dataset, fields in DATASETS.items():
        assert listed[f"reference_data, {dataset}"].split(", ") == [f"rows.{field}" for field in fields]


def test_every_section_of_partner_toml_is_explained_or_in_the_template() -> None:
    template = (shipped_partners() / "_template/partner.toml").read_text(encoding="utf-8")
    named = set(re.findall(r"\[([a-z_.]*[a-z])\]", README.read_text(encoding="utf-8")))
    sections = set(re.findall(r"^\[\[?([a-z_.0-9]+)\]", template, re.M))
    other_files = {"header", "line", "columns", "require", "forbid", "codes", "maximum", "allow", "erp_switch"}
    other_files |= {*Policy.model_fields, *(f"clocks.{clock}" for clock in get_args(ClockClass))}
    other_files |= {"namespaces", "constants", "events", "events.webhook", "events.drop"}  # the last ones: of the house
    assert {section for section in named - other_files if not section.startswith("records.")} <= sections


def test_the_commands_of_the_readme_name_folders_that_it_makes(tmp_path: Path) -> None:
    """A partner that a command names is one of the examples, or was proposed in a transcript before."""
    text = README.read_text(encoding="utf-8")
    proposed = set(re.findall(r"returns-gateway partner new (\w+)", text))
    examples = {path.name for path in _examples(tmp_path).iterdir()}
    for partner in re.findall(r"returns-gateway (?:check|partner guide|codes answer) (\w+)", text):
        assert partner in examples | proposed


def test_the_commands_of_the_readme_exist() -> None:
    from gateway.cli import app

    for command in re.findall(r"^(?:\$ )?returns-gateway (\w+)", README.read_text(encoding="utf-8"), re.M):
        assert command in app.commands
