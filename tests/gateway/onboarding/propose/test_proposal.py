"""`partner new`: the folder loads, its samples are read by it, and what was guessed is marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.commands.partner_folders.checking import check_partners
from gateway.commands.partner_folders.proposing import new_partner
from gateway.faults import AlreadyThere
from gateway.home import Home
from gateway.onboarding.certificate import check
from gateway.onboarding.propose.proposal import CannotPropose, propose, sample_names
from gateway.partners import PartnerBook, load_partner, load_partners, read_partners, shipped_partners
from tests.gateway.onboarding.samples import INSPECTIONS, RECEIPTS, REQUEST, interchange, one_set
from translators.canonical import CarrierEvent, ReferenceData
from translators.registry import translate


@pytest.fixture
def home(root: Path) -> Home:
    return Home(root)


@pytest.fixture(scope="module")
def book() -> PartnerBook:
    return load_partners(shipped_partners())


def new(home: Home, name: str, role: str = "", **samples: bytes) -> str:
    paths = []
    for sample, data in samples.items():
        path = home.root / sample.replace("_dot_", ".")
        path.write_bytes(data)
        paths.append(path)
    printed: list[str] = []
    assert new_partner(home.root, name, paths, role, printed.append) == 0
    return "".join(printed)


def test_an_x12_retailer(home: Home) -> None:
    printed = new(home, "linden", a_dot_edi=interchange(REQUEST))
    assert "codes answer linden reason LK" in printed
    partner = load_partner("linden", home.partners)
    assert (partner.role, partner.stage, str(partner.identity.isa)) == ("retailer", "test", "07/6145550188")
    assert (partner.identity.gs, partner.sends.sets) == (("LINDENHOME",), ("180", "997"))
    assert partner.receives.return_answer == "x12:180"
    assert partner.profile.crosswalk("reason").ours("DR") == "defective"
    (document,) = translate(interchange(REQUEST), "a.edi", partner.profile).documents()
    assert document.kind == "return_request"
    text = (home.partners / "linden/partner.toml").read_text()
    assert 'role = "retailer"  # guessed: they send 180' in text
    assert (home.partners / "linden/samples/a.edi").read_bytes() == interchange(REQUEST)
    assert (home.inbox / "linden").is_dir()
    assert "DEPT 44" in (home.partners / "linden/PROPOSAL.md").read_text()


def test_codes_that_the_guide_lacks_become_an_overlay(home: Home) -> None:
    new(home, "linden", a_dot_edi=interchange(REQUEST))
    overlay = (home.partners / "linden/guides/180.toml").read_text()
    assert 'element = "RDR02"\nadd = ["LK"]' in overlay


def test_a_segment_that_the_guide_lacks_is_allowed_and_the_rest_is_read(home: Home) -> None:
    printed = new(home, "linden", a_dot_edi=interchange(one_set("180", *REQUEST.split("~")[1:-2], "CTT*2")))
    assert "a segment CTT may be there" in printed
    assert "codes answer linden reason LK" in printed
    overlay = (home.partners / "linden/guides/180.toml").read_text()
    assert '[[allow]]  # guessed: the samples use it\nsegment = "CTT"' in overlay
    (report,) = check(read_partners(home.partners)[0], ["linden"]).partners
    assert [sample.findings for sample in report.samples] == [[]]


def test_an_erps_exports_are_reference_data(home: Home) -> None:
    files = {
        "SALES_1_dot_csv": b"Sales Order;Line;Account;Cust PO;Ordered;Item;Qty;UoM;Net Price\n"
        b"SO-1;1;C-1;PO-1;01.05.2025;MS-1;12;EA;84,50\n",
        "ITEMS_1_dot_csv": b"Item|Barcode|Text|Group|Ret\nMS-1|400101001003|Drill|power|J\n"
        b"MS-2|400101003007|Lamp|light|N\n",
        "ACCOUNTS_1_dot_csv": b"ACCT,NAME,BLOCKED\nC-1,Linden,N\n",
        "SITES_1_dot_csv": b"SITE,NAME,CITY,ZIP,COUNTRY\nHP1,Harbor,Reno,89501,US\n",
    }
    new(home, "borealis", "erp", **files)
    profile = load_partner("borealis", home.partners).profile
    read = {
        document.dataset: document.rows
        for name, data in files.items()
        for document in translate(data, name.replace("_dot_", "."), profile).documents()
        if isinstance(document, ReferenceData)
    }
    assert sorted(read) == ["customers", "orders", "products", "sites"]
    order = read["orders"][0]
    assert (order["order_number"], order["order_date"], order["unit"]) == ("SO-1", "2025-05-01", "EA")
    assert order["unit_price"] == "84.50"
    assert [row["returnable"] for row in read["products"]] == ["Y", "N"]


def test_a_carriers_events_with_status_time_and_our_rma(home: Home) -> None:
    data = b"Tracking#|Status|Status Time|City|Reference\n1Z1|PU|06/14/2025 09:12:00|DAYTON|RMA-000001\n"
    new(home, "swift", TRK1_dot_txt=data)
    (event,) = translate(data, "TRK1.txt", load_partner("swift", home.partners).profile).documents()
    assert isinstance(event, CarrierEvent)
    assert (event.event, event.at, event.place) == ("PU", "2025-06-14T09:12:00", "DAYTON")
    assert event.reference("rma") == "RMA-000001"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"K;1;2\nP;a;b;c\nP;a;b;c\nE;1\n", "several kinds of record (E, K, P), separated by ';'"),
        (b"HAAA1\nDB2\nDC3\nT4\n", "several kinds of record (D, H, T)"),
        ("HMFRM20250612".ljust(80).encode("cp037") * 3, "EBCDIC"),
    ],
)
def test_what_cannot_be_guessed_is_named(home: Home, data: bytes, text: str) -> None:
    assert text in new(home, "oddly", a_dot_txt=data)


def test_a_flat_warehouse(home: Home) -> None:
    printed = new(home, "bramble", GRN_1_dot_csv=RECEIPTS, QC_1_dot_txt=INSPECTIONS)
    partner = load_partner("bramble", home.partners)
    assert (partner.role, partner.sends.layouts) == ("warehouse", ("receipts", "inspections"))
    assert partner.warehouse.sites == ("BL1",)
    assert partner.profile.crosswalk("condition").ours("DMG") == "damaged"
    assert partner.profile.crosswalk("disposition").ours("RESTOCK") == "restock"
    assert "condition OPN (1 line would be held)" in printed
    for name, data in (("GRN_1.csv", RECEIPTS), ("QC_1.txt", INSPECTIONS)):
        assert all(result.verdict == "accepted" for result in translate(data, name, partner.profile).sets)


def test_the_proposal_is_checked_like_any_folder(home: Home) -> None:
    new(home, "bramble", GRN_1_dot_csv=RECEIPTS, QC_1_dot_txt=INSPECTIONS)
    printed: list[str] = []
    assert check_partners(home.root, ["bramble"], True, printed.append) == 0
    printed.clear()
    assert check_partners(home.root, ["bramble"], False, printed.append) == 0
    assert "all right" in "".join(printed)


def test_files_of_one_form_are_one_layout(book: PartnerBook) -> None:
    proposal = propose("p", [("GRN_1.csv", RECEIPTS), ("GRN_2.csv", RECEIPTS)], book)
    (layout,) = proposal.layouts
    assert layout.table.files == ["GRN_1.csv", "GRN_2.csv"]


def test_a_shipped_layout_that_fits_is_taken_as_it_is(book: PartnerBook) -> None:
    from translators.flat.layout.parse import parse_layout
    from translators.flat.layout.shipped import shipped_layouts

    layout = parse_layout("generic-products", shipped_layouts()["generic-products"])
    columns = list(layout.records["row"].columns)
    data = (",".join(columns) + "\n" + ",".join("1" for _ in columns) + "\n").encode()
    proposal = propose("p", [(layout.files[0].replace("*", "1"), data)], book)
    assert (proposal.shipped, proposal.role) == (["generic-products"], "erp")


def test_delimiters_are_those_that_they_write(home: Home) -> None:
    new(home, "linden", a_dot_edi=interchange(REQUEST, segment="\n"))
    assert load_partner("linden", home.partners).x12.delimiters.segment == "\n"


def test_what_w07_includes_follows_from_the_totals(book: PartnerBook) -> None:
    def receipt(total: int) -> bytes:
        body = one_set(
            "944",
            "W17*C*20250318*HR1*RMA-1",
            "N1*WH*LINDEN*91*L1",
            "W07*4*EA**UP*400101001003",
            "W13*1*EA*01",
            f"W14*{total}",
        )
        return interchange(body, group="RE")

    assert propose("p", [("a.edi", receipt(4))], book).x12.w07_includes_exceptions is True
    assert propose("p", [("a.edi", receipt(5))], book).x12.w07_includes_exceptions is False


def test_an_incomplete_layout_stands_in_the_report_only(home: Home) -> None:
    printed = new(home, "odd", x_dot_csv=b"Foo;Bar\na;b\nc;d\n")
    assert "Incomplete layout" in printed
    assert load_partner("odd", home.partners).sends.layouts == ()
    assert "```toml" in (home.partners / "odd/PROPOSAL.md").read_text()


def test_a_sample_that_is_nothing_is_named(home: Home) -> None:
    assert "photo.jpg: it is not text" in new(home, "odd", photo_dot_jpg=b"\xff\xd8\0\0\0")


def test_samples_never_overwrite_each_other_nor_look_like_expectations() -> None:
    named = sample_names([("a.edi", b"1"), ("a.csv", b"2"), ("a.csv", b"3"), ("b.json", b"4"), ("c", b"5")])
    assert [name for name, _ in named] == ["a.edi", "a.csv", "a-2.csv", "b-json.txt", "c.txt"]


@pytest.mark.parametrize(
    ("samples", "why"),
    [
        ([], "no sample"),
        ([("a.edi", interchange(REQUEST).replace(b"07*6145550188     ", b"ZZ*MERIDIAN       "))], "ourselves"),
        ([("a.edi", interchange(REQUEST).replace(b"07*6145550188     ", b"ZZ*NORTHGATE      "))], "northgate"),
        ([("a.edi", interchange(REQUEST).replace(b"LINDENHOME", b"NORTHGATE"))], "application id"),
    ],
)
def test_what_cannot_be_proposed_is_refused(book: PartnerBook, samples: list[tuple[str, bytes]], why: str) -> None:
    with pytest.raises(CannotPropose, match=why):
        propose("p", samples, book)


def test_a_folder_that_is_there_is_never_touched(home: Home) -> None:
    before = (home.partners / "cedar/partner.toml").read_bytes()
    with pytest.raises(AlreadyThere):
        new(home, "cedar", a_dot_edi=interchange(REQUEST))
    assert (home.partners / "cedar/partner.toml").read_bytes() == before


@pytest.mark.parametrize(("name", "role"), [("Linden", ""), ("../x", ""), ("linden", "shop")])
def test_names_and_roles_are_checked(home: Home, name: str, role: str) -> None:
    with pytest.raises(CannotPropose):
        new(home, name, role, a_dot_edi=interchange(REQUEST))
