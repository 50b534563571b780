"""From an old ERP to a new one, through the command line: what goes where, and what stays."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.homes import append_settings, drop_sample
from tests.stories.commands import once, type_command

BOREALIS = """name = "Borealis ERP"
role = "erp"
stage = "live"
[receives.erp_batch]
default = "erp:generic-csv"
"""


def _posted(home: Path, erp: str) -> set[str]:
    """The returns that this ERP has import files about."""
    found: set[str] = set()
    for path in sorted((home / "outbox" / erp).glob("*.csv")):
        found |= {row["return_no"] for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())}
    return found


def test_one_partner_goes_to_the_new_erp_and_a_return_that_was_open_stays(home: Path) -> None:
    atlas = home / "partners/atlas/partner.toml"
    atlas.write_text(atlas.read_text(encoding="utf-8").replace("generic-fixed", "generic-csv"), encoding="utf-8")
    drop_sample(home, "atlas", "orders.csv")
    drop_sample(home, "atlas", "products.csv")
    drop_sample(home, "northgate", "180-requests.edi")
    once(home)
    open_before = _posted(home, "atlas")
    assert len(open_before) == 1
    append_settings(home, "borealis", BOREALIS)
    append_settings(home, "_house", '\n[[erp_switch]]\nto = "borealis"\nsite = "HP1"\nreturn_type = "credit"\n')
    assert type_command(home, "check", "borealis").code == 0
    drop_sample(home, "cedar", "requests.csv")
    drop_sample(home, "northgate", "856-shipment.edi")
    drop_sample(home, "harbor", "944-receipt.edi")
    once(home)
    assert _posted(home, "borealis")
    assert not _posted(home, "borealis") & open_before
    assert _posted(home, "atlas") == open_before
    assert type_command(home, "verify").code == 0
    assert type_command(home, "rebuild", "--check").code == 0


def test_a_switch_that_names_nobody_is_a_mistake_with_its_line(home: Path) -> None:
    lines = len((home / "partners/_house/partner.toml").read_text(encoding="utf-8").splitlines())
    append_settings(home, "_house", '[[erp_switch]]\nto = "atlsa"\npartner = "cedr"\nsite = "HP2"\n')
    done = type_command(home, "check")
    assert done.code == 1
    for number, words in ((2, "there is no partner 'atlsa'"), (3, "no partner 'cedr'"), (4, "'HP2' is no site")):
        assert any(
            line.startswith(f"_house/partner.toml:{lines + number}:") and words in line
            for line in done.text.splitlines()
        ), done.text
    assert "did you mean atlas?" in done.text


def test_orders_of_an_erp_in_test_authorize_nothing_live(home: Path) -> None:
    append_settings(home, "atlas", '\n[stages]\nreference_data = "test"\n')
    drop_sample(home, "atlas", "orders.csv")
    drop_sample(home, "atlas", "products.csv")
    drop_sample(home, "northgate", "180-requests.edi")
    once(home)
    status = type_command(home, "status").text
    assert "returns     2 requested" in status
    assert "eligibility_review" in status
    assert _posted(home, "atlas") == set()


def test_two_partners_with_one_api_token_are_refused(home: Path) -> None:
    for partner in ("northgate", "cedar"):
        append_settings(home, partner, f'\n[api]\ntoken = {{ env = "{partner.upper()}_TOKEN" }}\n')
    both = {"NORTHGATE_TOKEN": "one-and-the-same", "CEDAR_TOKEN": "one-and-the-same"}
    done = type_command(home, "check", **both)
    assert done.code == 1
    assert "API token (env NORTHGATE_TOKEN) also belongs to cedar" in done.text
    assert "one-and-the-same" not in done.text
    assert type_command(home, "check", **both | {"CEDAR_TOKEN": "another"}).code == 0
