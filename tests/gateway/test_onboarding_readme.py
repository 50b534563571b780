"""partners/README.md: its examples are files, and they work as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from gateway.onboarding import check, render_report
from gateway.partners import read_partners, shipped_partners
from gateway.returns.policy import ClockClass
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


def test_every_section_of_partner_toml_is_explained_or_in_the_template() -> None:
    template = (shipped_partners() / "_template/partner.toml").read_text(encoding="utf-8")
    named = set(re.findall(r"\[([a-z_.]*[a-z])\]", README.read_text(encoding="utf-8")))
    sections = set(re.findall(r"^\[([a-z_.0-9]+)\]", template, re.M))
    other_files = {"header", "line", "columns", "require", "forbid", "codes", "maximum", "allow", "erp_switch"}
    other_files |= {"units", "suppliers", "calendar", *(f"clocks.{each}" for each in get_args(ClockClass))}
    assert named - other_files <= sections


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
