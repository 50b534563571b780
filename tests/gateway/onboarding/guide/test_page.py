"""`partner guide`: one page that stands alone, and says what is in force."""

from __future__ import annotations

import re
import shutil
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gateway.onboarding.guide.page import partner_guide
from gateway.partners import load_partners, shipped_partners

ON = date(2025, 3, 14)
VOID = {"meta", "br", "link", "img", "input"}


class Page(HTMLParser):
    """Text, ids, links, and whether every element is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        text = dict(attrs)
        assert not {"src", "srcset", "action"} & set(text)
        if text.get("id"):
            self.ids.append(str(text["id"]))
        if "href" in text:
            self.links.append(str(text["href"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def guide(partner: str, folder: Path | None = None) -> Page:
    book = load_partners(folder or shipped_partners())
    return Page(partner_guide(book[partner], book.house, ON))


@pytest.mark.parametrize("partner", ["northgate", "cedar", "harbor", "atlas"])
def test_the_page_stands_alone_and_its_links_lead_somewhere(partner: str) -> None:
    page = guide(partner)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)


def test_it_says_who_writes_which_ids_and_how_we_answer() -> None:
    text = guide("northgate").text
    assert "ISA05/06 sender ZZ / NORTHGATE ZZ / MERIDIAN" in text
    assert "answered by one 997" in text
    assert "asks us for a return: we answer every line" in text


def test_segments_say_what_the_overlay_changed_and_what_is_read() -> None:
    text = guide("northgate").text
    assert "PRF Purchase Order Reference required 1 3 agreed with you" in text
    assert "BGN02 Reference Identification required text, 1–30 number" in text
    assert "DR defective, returned by consumer → defective" in text
    assert "rma (if N901 is RZ)" in text


def test_a_response_code_is_not_read_as_a_reason() -> None:
    assert "EW excessive wear and tear → worn" in guide("northgate").text


def test_samples_are_shown_with_their_mistakes_and_our_answer() -> None:
    text = guide("northgate").text
    assert "BLI*UP*400101004004*TWO*EA*UCP*59**IN*NG45120" in text
    assert "code 6 in the acknowledgment" in text
    assert "AK5*R*5" in text


def test_what_we_write_is_shown_and_not_judged() -> None:
    text = guide("harbor").text.split("We send", 1)[1]
    specimen = text.split("A specimen with invented content", 1)[1].split("Your sample files", 1)[0]
    assert "W0601" in specimen
    assert "error:" not in specimen and "rejected" not in specimen


@pytest.mark.parametrize(
    ("partner", "heading", "structure", "elements"),
    [
        (
            "northgate",
            "Our answer to a return request we send: X12 180",
            ["BGN Beginning Segment required 1 1", "RDR Return Disposition Reason optional 1 1"],
            ["BGN01 Transaction Set Purpose Code required code, 2 11", "BGN06 Reference Identification optional"],
        ),
        ("harbor", "What will come back: expected receipt we send: X12 943", ["W06 ", "N1 "], ["W0601 ", "required"]),
        (
            "northgate",
            "Functional Acknowledgment we send: X12 997",
            ["AK1 ", "AK9 "],
            ["AK901 Functional Group Acknowledge Code required code, 1", "AK403 "],
        ),
    ],
)
def test_what_we_write_has_its_structure_and_elements(
    partner: str, heading: str, structure: list[str], elements: list[str]
) -> None:
    text = guide(partner).text.split(heading, 1)[1].split("Codes What your codes mean", 1)[0]
    places, tables = text.split("Our examples", 1)[1].split("those that we write, and those that must be there", 1)
    for words in structure:
        assert words in places
    for words in elements:
        assert words in tables
    assert "We write, for example" in tables
    assert "We read it as" not in tables


def test_the_acknowledgment_shown_is_the_one_that_is_sent(tmp_path: Path) -> None:
    folder = tmp_path / "partners"
    shutil.copytree(shipped_partners(), folder)
    toml = folder / "northgate/partner.toml"
    text = toml.read_text(encoding="utf-8")
    assert '[acknowledge]\nsend = "997"' in text
    toml.write_text(text.replace('[acknowledge]\nsend = "997"', '[acknowledge]\nsend = "999"'), encoding="utf-8")
    assert "Implementation Acknowledgment we send: X12 999" in guide("northgate", folder).text
    toml.write_text(text.replace('[acknowledge]\nsend = "997"', '[acknowledge]\nsend = "none"'), encoding="utf-8")
    assert "out-acknowledgment" not in guide("northgate", folder).ids


def test_layouts_are_shown_column_by_column_with_their_codes() -> None:
    text = guide("cedar").text
    assert "Reason required text reason see codes: reason" in text
    assert "DEF defective Does not work" in text
    assert "Request,RMA,PO,Line,UPC,Requested,Authorized,Decision,Why,Text,Expires" in text


def test_a_code_is_shown_with_its_table_though_the_column_does_not_name_it(tmp_path: Path) -> None:
    folder = tmp_path / "partners"
    shutil.copytree(shipped_partners(), folder)
    layout = folder / "cedar/layouts/requests.toml"
    layout.write_text(layout.read_text().replace('crosswalk = "reason", ', ""))
    assert "see codes: reason" in guide("cedar", folder).text


def test_what_partners_write_cannot_become_markup(tmp_path: Path) -> None:
    folder = tmp_path / "partners"
    shutil.copytree(shipped_partners(), folder)
    for path, before, after in (
        ("cedar/samples/requests.csv", "Battery does not charge", "<script>alert(1)</script>"),
        ("cedar/codes/reason.csv", "Does not work", "<img src=x onerror=alert(1)>"),
        ("cedar/partner.toml", 'name = "Cedar', 'name = "<b>Cedar'),
    ):
        file = folder / path
        assert before in file.read_text(encoding="utf-8")
        file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    page = guide("cedar", folder)
    assert "<script>alert(1)</script>" in page.text
    assert "script" not in page.open


def test_no_secret_stands_on_the_page(tmp_path: Path) -> None:
    folder = tmp_path / "partners"
    shutil.copytree(shipped_partners(), folder)
    toml = folder / "cedar/partner.toml"
    account = (
        '\n[transport.inbound]\nkind = "sftp"\nhost = "sftp.cedar.example"\nuser = "meridian"\n'
        f'host_keys = ["SHA256:{"A" * 43}"]\npassword = {{ env = "CEDAR_PASSWORD" }}\npath = "/out"\n'
    )
    toml.write_text(toml.read_text(encoding="utf-8").split("[transport", 1)[0] + account, encoding="utf-8")
    text = guide("cedar", folder).text
    assert "from /out of sftp.cedar.example:22" in text
    assert "CEDAR_PASSWORD" not in text and "meridian@" not in text
