"""Bindings: which element feeds which field, with provenance; and the tables that cannot work."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translators.bindings import (
    BindingError,
    compile_bindings,
    date_reader,
    parse_path,
    read_date,
    read_decimal,
    read_implied,
    unmatched_bindings,
)
from translators.canonical import Code
from translators.profile import Crosswalk, CrosswalkRow, Profile
from translators.provenance import Source

HEADER = {
    "BGN": [(2, ["BGN", "00", "R-1", "20250314"])],
    "N9": [(3, ["N9", "IA", "20117"]), (4, ["N9", "RZ", " RMA-7 "])],
    "QTY": [(5, ["QTY", "38", "5", "EA>2"])],
}
BASE: dict[str, Any] = {
    "loops": {"line": "BLI"},
    "header": {
        "issued_on": {"from": "BGN03", "type": "date"},
        "number": "BGN02",
        "rma": ["N9[QJ]02", "N9[RZ]02"],
        "unit": "QTY03-1",
        "currency": [],
    },
    "line": {
        "reason": {"from": ["BLI/RDR02", "/RDR02"], "type": "code", "crosswalk": "reason"},
        "quantity": {"from": "BLI03", "type": "decimal"},
    },
}


def test_the_first_candidate_with_a_value_wins_and_is_remembered() -> None:
    values, provenance = compile_bindings(BASE).read("header", HEADER)
    assert values == {"issued_on": date(2025, 3, 14), "number": "R-1", "rma": "RMA-7", "unit": "EA"}
    assert provenance["rma"] == Source(segment="N9", position=4, element=2)
    assert provenance["unit"] == Source(segment="QTY", position=5, element=3, component=1)


def test_an_override_replaces_one_field_and_inherits_the_rest() -> None:
    bindings = compile_bindings(BASE, {"header": {"rma": "N9[IA]02", "issued_on": "N9[IA]02"}})
    values, provenance = bindings.read("header", HEADER)
    assert values["rma"] == "20117"
    assert values["number"] == "R-1"
    assert "issued_on" not in values, "still a date, and N9*IA is none"
    assert provenance["rma"].position == 3


def test_a_constant_stands_in_without_provenance() -> None:
    bindings = compile_bindings(BASE, {"header": {"currency": {"constant": "USD"}, "rma": {"constant": "NONE"}}})
    values, provenance = bindings.read("header", HEADER)
    assert values["currency"] == "USD"
    assert values["rma"] == "NONE", "a constant alone replaces the base candidates"
    assert "currency" not in provenance


def test_a_constant_beside_paths_is_their_fallback() -> None:
    override = {"header": {"rma": {"from": "N9[D9]02", "constant": "OPEN"}}}
    assert compile_bindings(BASE, override).read("header", HEADER)[0]["rma"] == "OPEN"


def test_codes_go_through_the_crosswalk_then_the_built_in_table() -> None:
    walk = Crosswalk(name="reason", rows=(CrosswalkRow(theirs="X1", ours="recall", valid_to="2025-03-31"),))
    profile = Profile(crosswalks={"reason": walk})
    bindings = compile_bindings(BASE, profile=profile, builtin={"reason": {"DR": "defective"}})

    def read(code: str, on: str) -> Any:
        return bindings.read("line", {"RDR": [(7, ["RDR", "", code])]}, on=on)[0]["reason"]

    assert read("X1", "2025-03-14") == Code(raw="X1", canonical="recall")
    assert read("X1", "2025-04-01") == Code(raw="X1"), "the row is no longer valid"
    assert read("DR", "2025-04-01") == Code(raw="DR", canonical="defective")


def test_text_keeps_the_raw_value_where_the_crosswalk_says_nothing() -> None:
    base = {"header": {"unit": {"from": "BLI04", "crosswalk": "unit"}}}
    walk = Crosswalk(name="unit", rows=(CrosswalkRow(theirs="ST", ours="EA"),))
    bindings = compile_bindings(base, profile=Profile(crosswalks={"unit": walk}))
    assert bindings.read("header", {"BLI": [(2, ["BLI", "UP", "1", "1", "ST"])]})[0] == {"unit": "EA"}
    assert bindings.read("header", {"BLI": [(2, ["BLI", "UP", "1", "1", "CA"])]})[0] == {"unit": "CA"}


def test_a_slash_looks_in_the_header() -> None:
    bindings = compile_bindings(BASE)
    header = {"RDR": [(3, ["RDR", "", "DT"])]}
    assert bindings.read("line", {}, header)[0]["reason"].raw == "DT"
    assert bindings.read("line", {"RDR": [(9, ["RDR", "", "DR"])]}, header)[0]["reason"].raw == "DR"


def test_blank_elements_and_wrong_types_count_as_absent() -> None:
    bindings = compile_bindings(BASE)
    assert bindings.read("line", {"BLI": [(2, ["BLI", "UP", "1", "   "])]})[0] == {}
    assert bindings.read("line", {"BLI": [(2, ["BLI", "UP", "1", "TWO"]), (3, ["BLI", "UP", "1", "2"])]})[0] == {
        "quantity": Decimal(2)
    }
    assert bindings.read("header", {"QTY": [(5, ["QTY", "38", "5"])]})[0] == {}


@pytest.mark.parametrize(
    ("override", "place", "says"),
    [
        ({"footer": {}}, "footer", "no such scope"),
        ({"loops": {}}, "loops", "no such scope"),
        ({"header": {"rmaa": "BGN02"}}, "header.rmaa", "no such field"),
        ({"header": ["rma"]}, "header", "expected a table"),
        ({"header": {"rma": 7}}, "header.rma", "expected a path"),
        ({"header": {"rma": {"form": "BGN02"}}}, "header.rma", "unknown setting form"),
        ({"header": {"rma": {"from": 7}}}, "header.rma", "a path or a list"),
        ({"header": {"rma": {"format": 7}}}, "header.rma", "`format` is text"),
        ({"header": {"rma": "BGN"}}, "header.rma", "is not a path"),
        ({"header": {"rma": "bgn02"}}, "header.rma", "is not a path"),
        ({"header": {"rma": "N9[rz]02"}}, "header.rma", "is not a path"),
        ({"header": {"rma": {"type": "date"}}}, "header.rma", "this field is a text"),
        ({"line": {"quantity": {"crosswalk": "unit"}}}, "line.quantity", "a decimal has no crosswalk"),
        ({"line": {"reason": {"crosswalk": ""}}}, "line.reason", "a code needs a crosswalk"),
        ({"header": {"rma": {"format": "CCYYMMDD"}}}, "header.rma", "a text has no format"),
        ({"header": {"issued_on": {"format": "MMDD"}}}, "header.issued_on", "needs one each"),
        ({"header": {"issued_on": {"constant": "soon"}}}, "header.issued_on", "is not a date"),
        ({"line": {"quantity": {"format": "N9"}}}, "line.quantity", "unknown number format"),
    ],
)
def test_a_table_that_cannot_work_says_where_and_why(override: dict[str, Any], place: str, says: str) -> None:
    with pytest.raises(BindingError, match=r".") as caught:
        compile_bindings(BASE, override)
    assert caught.value.place == place
    assert says in caught.value.message


def test_an_unknown_type_in_a_base_table() -> None:
    with pytest.raises(BindingError, match="unknown type 'money'"):
        compile_bindings({"header": {"amount": {"from": "BGN02", "type": "money"}}})


@pytest.mark.parametrize(
    ("path", "loop", "key", "qualifier", "element", "component"),
    [
        ("BGN02", "", "BGN", "", 2, 0),
        ("N9[RZ]02", "BLI", "N9", "RZ", 2, 0),
        ("BLI/RDR02", "BLI", "RDR", "", 2, 0),
        ("RDR02", "BLI", "RDR", "", 2, 0),
        ("BLI/QTY/LX/N9[SE]02", "BLI", "QTY/LX/N9", "SE", 2, 0),
        ("QTY/QTY03-1", "BLI", "QTY", "", 3, 1),
        ("N1/N402", "", "N1/N4", "", 2, 0),
        ("LX/W07/W13/N902", "LX/W07", "W13/N9", "", 2, 0),
        ("W07/W13/W1303", "LX/W07", "W13", "", 3, 0),
        ("LX/MAN02", "LX/W07", "LX/MAN", "", 2, 0),
        ("W0701", "LX/W07", "W07", "", 1, 0),
    ],
)
def test_paths(path: str, loop: str, key: str, qualifier: str, element: int, component: int) -> None:
    found = parse_path(path, loop)
    assert (found.key, found.qualifier, found.element, found.component) == (key, qualifier, element, component)


def test_td5_is_qualified_by_its_second_element() -> None:
    bindings = compile_bindings({"header": {"carrier": "TD5[2]03"}})
    assert bindings.read("header", {"TD5": [(4, ["TD5", "B", "2", "PLRX"])]})[0] == {"carrier": "PLRX"}


def test_overrides_that_can_never_match() -> None:
    bindings = compile_bindings(BASE, {"header": {"rma": ["BGN12", "N9[ZZ]02"], "number": "XXX01"}})
    assert unmatched_bindings(bindings, lambda segment, element: (segment, element) == ("N9", 2)) == [
        "header.number: the guide has no XXX01 (XXX01)",
        "header.rma: the guide has no BGN12 (BGN12)",
    ]


@settings(deadline=None)
@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)))
def test_dates_survive_their_formats(day: date) -> None:
    written = f"{day.year:04d}{day.month:02d}{day.day:02d}"
    assert read_date(written) == day
    for form in ("CCYYMMDD", "MM/DD/CCYY", "DD.MM.YYYY"):
        text = form.replace("CCYY", written[:4]).replace("YYYY", written[:4])
        text = text.replace("MM", written[4:6]).replace("DD", written[6:])
        assert date_reader(form)(text) == day


@settings(deadline=None)
@given(st.text(max_size=12))
def test_reading_a_date_or_number_never_raises(text: str) -> None:
    read_date(text)
    date_reader("DD.MM.YY")(text)
    read_decimal(text)
    read_implied(text, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1250", "12.50"), ("12.5", "12.5"), ("-75", "-0.75"), ("0", "0.00"), (".5", "0.5"), ("7", "0.07")],
)
def test_implied_decimals_unless_the_point_is_written(text: str, expected: str) -> None:
    assert read_implied(text, 2) == Decimal(expected)


@pytest.mark.parametrize("text", ["", "1E5", "NaN", "Infinity", "1_000", "١", "1,5", "--1", "+", "."])
def test_what_is_not_a_number(text: str) -> None:
    assert read_decimal(text) is None


def test_decimal_comma() -> None:
    bindings = compile_bindings(BASE, {"line": {"quantity": {"format": "comma"}}})
    assert bindings.read("line", {"BLI": [(2, ["BLI", "UP", "1", "1.234,5"])]})[0] == {"quantity": Decimal("1234.5")}


def test_two_digit_years_turn_at_seventy() -> None:
    assert read_date("691231") == date(2069, 12, 31)
    assert read_date("700101") == date(1970, 1, 1)
