from __future__ import annotations

import tomllib
from typing import Any

import pytest

from translators.erp.profile import model as module
from translators.erp.profile.load import parse_erp_profile, shipped_erp_profiles
from translators.erp.profile.model import ErpProfileError

SUPPORTED = {"generic-csv", "generic-fixed", "generic-xml", "d365-fo"}


def problems(raw: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(ErpProfileError) as error:
        parse_erp_profile("test", raw)
    return dict(error.value.problems)


@pytest.mark.parametrize("name", sorted(shipped_erp_profiles()))
def test_shipped_profiles_are_right_and_say_what_is_verified(name: str) -> None:
    parsed = parse_erp_profile(name, shipped_erp_profiles()[name])
    assert parsed.title
    assert parsed.load
    assert (parsed.status == "supported") == (name in SUPPORTED)
    if parsed.status == "experimental":
        assert "experimental" in parsed.title
        assert "Verified" in parsed.verified
        assert "Not verified" in " ".join(parsed.verified.split())


def test_generic_profiles_carry_the_contract() -> None:
    contract = {"batch_id", "row_no", "idempotency_key", "correlation_id", "return_no", "line_no", "split_no",
                "movement_type", "sign"}  # fmt: skip
    for name in ("generic-csv", "generic-fixed", "generic-xml"):
        parsed = parse_erp_profile(name, shipped_erp_profiles()[name])
        row = next(record for record in parsed.files[0].records if record.when == "row")
        assert contract <= {field.name for field in row.fields}


def test_all_problems_are_said_at_once() -> None:
    found = problems(
        tomllib.loads("""
format = "fixed"
encoding = "latin-1"
[[files]]
name = "sub/{batch}_{sequence:>9}.txt"
group_by = "weekday"
[[files.records]]
when = "end"
fields = ["sku", { name = "a", from = "today", width = 3 }, { name = "b", from = "quantity", width = 3, map = "none" }]
[[files.records]]
fields = [{ name = "c", from = "concat", width = 5 }, { name = "d", from = "event_on", width = 9, format = "eval()" },
          { name = "e", from = "amount", width = 9, implied = true },
          { name = "f", from = "sku", width = 9, decimals = 2 }]
""")
    )
    assert {
        "files.0.name", "files.0.group_by", "files.0.records.0.fields.sku", "files.0.records.0.fields.a",
        "files.0.records.0.fields.b", "files.0.records.1.fields.c", "files.0.records.1.fields.d",
        "files.0.records.1.fields.e", "files.0.records.1.fields.f",
    } <= set(found)  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ({"format": "csv", "files": [], "encoding": "klingon"}, "encoding"),
        ({"format": "fixed", "files": [], "encoding": "utf-16"}, "encoding"),
        ({"format": "csv", "files": []}, "files"),
        ({"format": "csv", "files": [], "status": "experimental"}, "verified"),
        ({"format": "csv"}, "files"),
        ({"format": "csv", "files": [], "colour": 1}, "colour"),
        ({"use": "nothing"}, "use"),
    ],
)
def test_single_problems(raw: dict[str, Any], place: str) -> None:
    assert place in problems(raw)


def test_a_partner_may_start_from_a_shipped_profile() -> None:
    parsed = parse_erp_profile(
        "atlas", {"use": "generic-csv", "delimiter": ";", "maps": {"movement": {"scrap": "SCR"}}, "direction": "erp"}
    )
    assert parsed.delimiter == ";"
    assert parsed.maps["movement"] == {"scrap": "SCR"}


def test_toml_in_the_docstring_is_a_profile() -> None:
    text = "\n".join(line[4:] for line in (module.__doc__ or "").splitlines() if line.startswith("    "))
    raw = tomllib.loads(text)
    raw["files"][0]["records"][0]["fields"] = [
        field if isinstance(field, dict) else {"name": field, "width": 30}
        for field in raw["files"][0]["records"][0]["fields"]
    ]
    raw["files"][0]["records"][0]["fields"][-1]["width"] = 30
    assert parse_erp_profile("doc", raw).maps["movement"]["return_order"] == "RET"
