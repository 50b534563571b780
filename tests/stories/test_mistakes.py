"""What an integration analyst gets wrong, and what `check` says: file, line, what is wrong and what mends it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.stories.commands import type_command


@pytest.fixture
def home(home: Path) -> Path:
    for samples in home.glob("partners/*/samples"):
        samples.rename(samples.with_name(".samples"))  # what is proved by samples is told elsewhere
    return home


RECEIPTS = 'document = "receipt"\nformat = "delimited"\nfiles = ["R_*.csv"]\n'
NORTH, ATLAS, CEDAR = "northgate/partner.toml", "atlas/partner.toml", "cedar/partner.toml"
POLICY, OVERLAY, BINDING, LAYOUT = (
    "_house/policy.toml",
    "northgate/guides/180.toml",
    "northgate/bindings/180.toml",
    "cedar/layouts/more.toml",
)
# File, what is replaced in it ("": added at its end; ALL: the whole file), by what; the line (0: of what is
# replaced), message, remedy.
ALL = "*"
MISTAKES: dict[str, tuple[str, str, str, int, str, str]] = {
    "smart quotes": (NORTH, '"retailer"', "“retailer”", 0, "not readable as TOML", "text needs quotes"),
    "a section's name": (NORTH, "[sends]", "[send]", 0, "send: unknown key", "did you mean sends?"),
    "a set in no quotes": (NORTH, 'sets = ["180"', "sets = [180", 0, "must be text, not 180", "put it in quotes"),
    "a stage of one's own": (NORTH, '"live"', '"production"', 0, "not a choice", "'test', 'pilot' or 'live'"),
    "a set that is not written": (NORTH, '"x12:180"', '"x12:855"', 0, "no return answer as set 855", '"x12:180"'),
    "a layout that is not there": (CEDAR, '["requests"', '["reqests"', 0, "no 'reqests'", "requests"),
    "a time zone": (ATLAS, "America/Chicago", "Central", 0, "unknown time zone 'Central'", '"America/Chicago"'),
    "a time instead of cron": (ATLAS, "", '\n[batch]\ncron = ["18:00"]', 26, "five fields", '"0 18 * * 1-5"'),
    "for ever": (ATLAS, "", "\n[batch]\nmax_age_minutes = inf", 26, "must be a finite number", "write digits"),
    "hours with a unit": (ATLAS, "result_hours = 24", 'result_hours = "24h"', 0, "must be a number", "without quotes"),
    "long separators": (NORTH, "", '\n[x12.delimiters]\nelement = "**"', 33, "'**' is no separator", 'element = "*"'),
    "one separator twice": (NORTH, "", '\n[x12.delimiters]\nelement = "~"', 33, "same character", "one character each"),
    "a secret": (
        NORTH,
        "",
        '\n[api]\ntoken = "s3cret"',
        34,
        "a secret must not stand in this file",
        'token = { env = "NAME" }',
    ),
    "a rule's name": (POLICY, '"unknown_order"', '"unkown_order"', 0, "not a choice here", "'unknown_order'"),
    "a disposition": (
        POLICY,
        'good = "restock"',
        'good = "restok"',
        0,
        "condition_dispositions.good: no such disposition: restok; there are donate",
        "correct the value",
    ),
    "a warehouse": (NORTH, "", 'warehouse = "habor"', 32, "no partner 'habor'", "did you mean harbor?"),
    "an overlay's table": (
        OVERLAY,
        ALL,
        '[[requires]]\nelement = "BGN07"',
        1,
        "no such table",
        "write require instead",
    ),
    "an overlay's form": (
        OVERLAY,
        ALL,
        'require = ["BGN07"]',
        1,
        "must be a table",
        '[[require]] with path = "/BLI/RDR"',
    ),
    "a field's name": (BINDING, ALL, '[header]\nnumer = "BGN02"', 2, "no such field", "write number instead"),
    "an element too far": (BINDING, ALL, '[header]\nnumber = "BGN22"', 2, "no BGN22", "name an element of the guide"),
    "a long qualifier": (BINDING, ALL, '[header]\nrma = "N9[ZZZZ]02"', 2, "lets N901 never be ZZZZ", "[[codes]]"),
    "a layout's document": (LAYOUT, ALL, 'format = "delimited"', 1, "document: this key must be there", "add document"),
    "a layout's field": (
        LAYOUT,
        "",
        RECEIPTS + '[columns]\nN = "numer"',
        5,
        "no field 'numer'",
        "write number instead",
    ),
    "a layout without items": (LAYOUT, ALL, RECEIPTS + '[columns]\nN = "number"', 4, "nothing feeds", "Heading = "),
    "a header in German": (
        "northgate/codes/reason.csv",
        ALL,
        "code,meaning\nA,b",
        1,
        "unknown column",
        "the first line must be",
    ),
    "a date in a codes file": (
        "northgate/codes/reason.csv",
        ALL,
        "theirs,ours,text,valid_from\nBRK,defective,,14.03.2025",
        2,
        "'14.03.2025' is not a date",
        "write it as 2025-03-14",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place_and_its_remedy(home: Path, mistake: str) -> None:
    file, before, after, line, says, remedy = MISTAKES[mistake]
    path = home / "partners" / file
    path.parent.mkdir(exist_ok=True)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    assert before in {"", ALL} or before in text
    changed = {"": text + after + "\n", ALL: after + "\n"}.get(before, text.replace(before, after, 1))
    path.write_text(changed, encoding="utf-8")
    line = line or text[: text.index(before)].count("\n") + 1
    result = type_command(home, "check")
    assert result.code == 1
    assert "Traceback" not in result.text
    assert "s3cret" not in result.text
    problems = re.findall(rf"{re.escape(file)}(?::(\d+))?: (.*)\n\s+remedy: (.*)\n", result.text)
    assert any(
        says in message and remedy in mended and int(number or 0) == line for number, message, mended in problems
    ), result.text


def test_a_mistake_of_the_house_is_told_once(home: Path) -> None:
    path = home / "partners" / POLICY
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('settlement = "after_inspection"', 'settlement = "later"'), encoding="utf-8")
    result = type_command(home, "check")
    assert result.code == 1
    assert result.text.count('"later" is not a choice here') == 1
    assert result.text.endswith("checked: not right: _house\n")


@pytest.mark.parametrize(
    ("file", "text", "warning"),
    [
        (
            "northgate/codes/reason.csv",
            "theirs,ours\nBRK,defectiv\n",
            "which is no reason of ours; did you mean defective?",
        ),
        (
            LAYOUT,
            RECEIPTS
            + '[columns]\nN = "number"\nS = { field = "lines.item.sku", crosswalk = "skus" }\nQ = "lines.quantity"\n',
            "a column names the crosswalk skus, but there is no codes/skus.csv",
        ),
    ],
)
def test_what_only_looks_like_a_slip_is_a_warning(home: Path, file: str, text: str, warning: str) -> None:
    path = home / "partners" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    result = type_command(home, "check")
    assert result.code == 0
    assert warning in result.text
