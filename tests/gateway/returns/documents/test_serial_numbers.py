"""Serial numbers as people write them: lists with blanks, empty entries, the same one twice."""

from __future__ import annotations

import pytest

from gateway.returns.documents.serial_numbers import distinct, listed, others, repeated, serial_keys


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", ()),
        (" ; , ", ()),
        ("S1", ("S1",)),
        (" S1 ;S2,S3|S4\n S5 ", ("S1", "S2", "S3", "S4", "S5")),
        ("S1;s1;S1", ("S1",)),
        ("A B;C", ("A B", "C")),
    ],
)
def test_a_list_in_one_cell(text: str, numbers: tuple[str, ...]) -> None:
    assert listed(text) == numbers


def test_capitals_and_blanks_make_no_other_unit() -> None:
    assert others(("s1", " S2 ", "S3"), ("S1", "S2")) == ("S3",)
    assert others(("S1", "S1", ""), ()) == ("S1",)
    assert distinct(("", " ", "S1", "s1")) == ("S1",)


def test_what_is_named_twice() -> None:
    assert repeated(("S1", "S2", "s1")) == ("s1",)
    assert repeated(("S1", ""), ("S1", "")) == ("S1",)
    assert repeated(("S1", "S2")) == ()


def test_units_are_found_by_every_id_of_the_item() -> None:
    assert serial_keys(("A", "400"), ("s7",)) == ["serial:A:S7", "serial:400:S7"]
