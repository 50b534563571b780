from __future__ import annotations

import csv
import hashlib
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.translators.erp.batches import batch, posting, shipped
from translators.canonical import ErpBatch, PostingRow
from translators.erp.profile.load import parse_erp_profile
from translators.erp.profile.model import ErpProfile
from translators.erp.write.batch import Unrenderable, find_unrenderable, render_batch
from translators.erp.write.records import Record

GENERIC = ("generic-csv", "generic-fixed", "generic-xml")
KINDS = {
    "return_order": "RETURN_ORDER", "goods_receipt": "GOODS_RECEIPT", "inventory_move": "INVENTORY_ADJ",
    "scrap": "SCRAP",
    "credit_request": "CREDIT_REQUEST", "replacement": "REPLACEMENT_REQUEST", "repair_order": "REPAIR_ORDER",
    "supplier_claim": "VENDOR_CLAIM",
    "charge_back": "CHARGE_BACK",
}  # fmt: skip


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def read_xml(data: bytes) -> list[dict[str, str]]:
    root = etree.fromstring(data)
    return [{str(child.tag): child.text or "" for child in element} for element in root]


def read_fixed(data: bytes, profile: ErpProfile) -> list[dict[str, str]]:
    """A reader of its own: positions added up from the widths, rows told by their first three bytes."""
    fields = next(record.fields for record in profile.files[0].records if record.when == "row")
    rows = []
    for line in data.decode(profile.encoding).split("\r\n"):
        if line.startswith("ROW"):
            row, at = {}, 0
            for field in fields:
                row[field.name] = line[at : at + field.width].strip()
                at += field.width
            assert at == len(line)
            rows.append(row)
    return rows


def read_back(name: str, data: bytes, profile: ErpProfile) -> list[dict[str, str]]:
    if name == "generic-csv":
        return read_csv(data)
    return read_xml(data) if name == "generic-xml" else read_fixed(data, profile)


def same(rows: list[dict[str, str]], of: ErpBatch) -> None:
    """The rows read back are the postings, field by field."""
    assert len(rows) == len(of.rows)
    for read, row in zip(rows, of.rows, strict=True):
        assert read["batch_id"] == of.batch_id
        assert read["movement_type"] == KINDS[row.kind]
        assert int(read["row_no"]) == row.row_no
        for name in PostingRow.model_fields:
            text, value = read.get(name, ""), getattr(row, name)
            if name in {"kind", "row_no"}:
                continue
            if isinstance(value, Decimal):
                assert Decimal(text) == value, name
            elif isinstance(value, date):
                assert date.fromisoformat(text) == value, name
            else:
                assert text == (value or ""), name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", GENERIC)
def test_generic_files_read_back_as_the_postings(name: str, kind: str) -> None:
    profile, erp_batch = shipped(name), batch(kind)
    rendered = render_batch(erp_batch, profile)
    same(read_back(name, rendered.data, profile), erp_batch)
    assert rendered.name.startswith(f"{name.upper()}_{kind.upper()}_ATLAS_000042_20250314093000.")
    assert not rendered.others


texts = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=20).map(str.strip)


@st.composite
def postings(draw: st.DrawFn) -> PostingRow:
    money = st.decimals(min_value=-(10**6), max_value=10**6, places=2)
    return posting(
        draw(st.integers(1, 999)),
        sku=draw(texts),
        description=draw(texts),
        reason=draw(texts),
        sign=draw(st.sampled_from("+-")),
        quantity=draw(st.decimals(min_value=0, max_value=10**6, places=3)),
        amount=draw(st.none() | money),
        unit_price=draw(st.none() | money),
        event_on=draw(st.none() | st.dates()),
    )


@pytest.mark.parametrize("name", GENERIC)
@settings(max_examples=40, deadline=None)
@given(rows=st.lists(postings(), min_size=1, max_size=4))
def test_whatever_is_written_reads_back(name: str, rows: list[PostingRow]) -> None:
    erp_batch = batch("goods_receipt").model_copy(update={"rows": tuple(rows)})
    profile = shipped(name)
    try:
        rendered = render_batch(erp_batch, profile)
    except Unrenderable as problem:
        assert name == "generic-csv"
        assert problem.value[0] in "=@"
        return
    same(read_back(name, rendered.data, profile), erp_batch)


@pytest.mark.parametrize("name", GENERIC)
@settings(max_examples=40, deadline=None)
@given(row=postings(), odd=st.text(max_size=40))
def test_the_quick_way_is_the_exact_way(name: str, row: PostingRow, odd: str) -> None:
    """A record proved whole gives the bytes, or the refusal, that checking field by field gives."""
    profile = shipped(name)
    erp_batch = batch("goods_receipt").model_copy(update={"rows": (row.model_copy(update={"site": odd}),)})
    try:
        quick: bytes | tuple[str, str] = render_batch(erp_batch, profile).data
    except Unrenderable as problem:
        quick = (problem.field, problem.why)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Record, "quick_texts", lambda self, place: None)
        try:
            exact: bytes | tuple[str, str] = render_batch(erp_batch, profile).data
        except Unrenderable as problem:
            exact = (problem.field, problem.why)
    assert quick == exact


def refused(name: str, **changed: Any) -> Unrenderable:
    erp_batch = batch("goods_receipt")
    rows = (erp_batch.rows[0], erp_batch.rows[1].model_copy(update=changed), erp_batch.rows[2])
    with pytest.raises(Unrenderable) as error:
        render_batch(erp_batch.model_copy(update={"rows": rows}), shipped(name))
    assert [row.row_no for row in find_unrenderable(erp_batch.model_copy(update={"rows": rows}), shipped(name))] == [2]
    return error.value


@pytest.mark.parametrize(
    ("name", "changed", "why"),
    [
        ("generic-csv", {"sku": "=cmd()"}, "formula"),
        ("generic-csv", {"description": "@sum"}, "formula"),
        ("generic-csv", {"description": "two\nlines"}, "control character"),
        ("generic-csv", {"kind": "gift"}, "no entry"),
        ("generic-csv", {"description": "a\ud800"}, "does not exist"),
        ("generic-fixed", {"sku": "S" * 31}, "31 long"),
        ("generic-fixed", {"description": "Жук"}, "does not exist in latin-1"),
        ("generic-fixed", {"quantity": Decimal("0.0001")}, "more than 3 decimals"),
        ("generic-fixed", {"amount": Decimal("1E30")}, "more digits"),
        ("generic-fixed", {"quantity": Decimal("1E20")}, "long"),
        ("generic-xml", {"description": "a\x0bb"}, "control character"),
        ("generic-xml", {"description": "a\uffff"}, "XML"),
    ],
)
def test_what_a_format_cannot_carry_names_row_and_field(name: str, changed: dict[str, Any], why: str) -> None:
    problem = refused(name, **changed)
    assert problem.row_no == 2
    assert problem.field in {*changed, "movement_type"}
    assert why in problem.why


def test_every_refused_row_is_found_at_once() -> None:
    erp_batch = batch("goods_receipt")
    rows = tuple(row.model_copy(update={"sku": "=x"} if row.row_no != 2 else {}) for row in erp_batch.rows)
    found = find_unrenderable(erp_batch.model_copy(update={"rows": rows}), shipped("generic-csv"))
    assert [(problem.row_no, problem.field) for problem in found] == [(1, "sku"), (3, "sku")]


def test_formulas_may_be_escaped_or_let_through() -> None:
    erp_batch = batch("goods_receipt", rows="plain")
    erp_batch = erp_batch.model_copy(update={"rows": (erp_batch.rows[0].model_copy(update={"sku": "=1"}),)})
    assert read_csv(render_batch(erp_batch, shipped("generic-csv", formula_guard="escape")).data)[0]["sku"] == "'=1"
    assert read_csv(render_batch(erp_batch, shipped("generic-csv", formula_guard="off")).data)[0]["sku"] == "=1"


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"rows": ()}, "rows"), ({"destination": "../atlas"}, "file name"), ({"posting_kind": "gift"}, "")],
)
def test_batches_that_make_no_file(changed: dict[str, Any], field: str) -> None:
    erp_batch = batch("goods_receipt").model_copy(update=changed)
    if changed == {"posting_kind": "gift"}:
        with pytest.raises(Unrenderable, match="writes no such postings"):
            render_batch(erp_batch, shipped("d365-fo"))
        return
    with pytest.raises(Unrenderable) as error:
        render_batch(erp_batch, shipped("generic-csv"))
    assert (error.value.row_no, error.value.field) == (0, field)


def test_the_control_file_proves_the_import_file() -> None:
    rendered = render_batch(batch("goods_receipt"), shipped("generic-fixed"))
    assert rendered.control is not None
    name, data = rendered.control
    facts = dict(line.split("=", 1) for line in data.decode().splitlines())
    assert name == rendered.name.replace(".txt", ".ctl")
    assert facts["sha256"] == hashlib.sha256(rendered.data).hexdigest()
    assert int(facts["bytes"]) == len(rendered.data)
    assert (facts["rows"], facts["absolute_quantity_total"], facts["absolute_amount_total"]) == ("3", "5.500", "798.00")
    trailer = rendered.data.decode("latin-1").splitlines()[-1]
    assert trailer.startswith("TRL")
    assert trailer.split()[-4:-2] == ["5.500", "798.00"]


@pytest.mark.parametrize("profile", ["generic-csv", "generic-fixed", "generic-xml"])
def test_totals_are_absolute_and_signed_and_named_so(profile: str) -> None:
    given, *_ = batch("credit_request").rows
    money = {"amount": Decimal("111.60"), "quantity": Decimal(4), "sign": "+"}
    taken_back = {"amount": Decimal("169.00"), "quantity": Decimal(2), "sign": "-", "row_no": 2}
    rows = (given.model_copy(update=money), given.model_copy(update=taken_back))
    rendered = render_batch(batch("credit_request").model_copy(update={"rows": rows}), shipped(profile))
    assert rendered.control is not None
    facts = dict(line.split("=", 1) for line in rendered.control[1].decode().splitlines())
    totals = {name: Decimal(value) for name, value in facts.items() if name.endswith("_total")}
    assert totals == {
        "absolute_quantity_total": Decimal(6),
        "absolute_amount_total": Decimal("280.60"),
        "signed_quantity_total": Decimal(2),
        "signed_amount_total": Decimal("-57.40"),
    }
    if profile == "generic-fixed":
        trailer = rendered.data.decode("latin-1").splitlines()[-1]
        assert trailer.split()[-4:] == ["6.000", "280.60", "2.000", "-57.40"]
    if profile == "generic-xml":
        root = etree.fromstring(rendered.data)
        assert {name: Decimal(str(root.get(name))) for name in totals} == totals


def test_the_same_batch_gives_the_same_bytes() -> None:
    for name in GENERIC:
        assert render_batch(batch("scrap"), shipped(name)) == render_batch(batch("scrap"), shipped(name))


def test_xml_lines_made_at_once_are_those_of_lxml(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = batch("scrap").rows[0].model_copy(update={"description": "<Zelt> & \"Plane\" 'für' 日本", "sku": "A&amp;B"})
    erp_batch = batch("scrap").model_copy(update={"rows": (marks, *batch("scrap").rows[1:])})
    quick = render_batch(erp_batch, shipped("generic-xml")).data
    monkeypatch.setattr("translators.erp.write.xml.XmlWriter._quick", lambda *_: None)
    assert render_batch(erp_batch, shipped("generic-xml")).data == quick


@pytest.mark.parametrize("quoting", ["minimal", "all", "none"])
def test_records_may_end_with_a_delimiter(quoting: str) -> None:
    raw: dict[str, Any] = {"format": "csv", "delimiter": ";", "line_ends": "lf", "quoting": quoting}
    record = {"when": "row", "fields": ["row_no", "sku"]}
    raw["files"] = [{"name": "X_{sequence:06}.csv", "records": [record], "trailing_delimiter": True}]
    lines = render_batch(batch("goods_receipt"), parse_erp_profile("own", raw)).data.decode().splitlines()
    assert [line.replace('"', "") for line in lines[:2]] == ["row_no;sku;", "1;TENT-2;"]


def test_every_split_of_the_shipped_policy_fits_the_fixed_file() -> None:
    """Twelve characters, as `split_code` makes them of a disposition."""
    erp_batch = batch("inventory_move").rows[0].model_copy(update={"split_no": "returntocust"})
    only = batch("inventory_move").model_copy(update={"rows": (erp_batch,)})
    line = render_batch(only, shipped("generic-fixed")).data.decode("latin-1").splitlines()[1]
    assert line[173:185] == "returntocust"


def with_units(serials: tuple[str, ...], lots: tuple[str, ...] = ()) -> ErpBatch:
    """A batch whose first posting names its units."""
    erp_batch = batch("goods_receipt")
    first = erp_batch.rows[0].model_copy(update={"serials": serials, "lots": lots})
    return erp_batch.model_copy(update={"rows": (first, *erp_batch.rows[1:])})


def test_units_are_written_as_a_list_that_reads_back() -> None:
    told = read_xml(render_batch(with_units(("S1", "S2"), ("L1",)), shipped("generic-xml")).data)
    assert (told[0]["serials"], told[0]["lots"]) == ("S1;S2", "L1")
    assert "serials" not in told[1]


def test_a_unit_that_holds_the_mark_between_the_entries_is_refused() -> None:
    with pytest.raises(Unrenderable, match="stands between the entries of the list"):
        render_batch(with_units(("S1;S2",)), shipped("generic-xml"))
