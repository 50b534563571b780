"""`translate` of a long flat file writes while it reads: the same object, byte by byte, as of a file in one part."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.commands.translating import translate_file
from gateway.partners import shipped_partners
from translators import registry

HEAD = "Request,Date,PO,Store,Item,UPC,Qty,Reason,Remark\n"


def _rows(count: int, date: str = "03/14/2025") -> str:
    return HEAD + "".join(
        f"CR-{n},{date},CH-{n},S014,CH-TL-18V,400101001003,1,DEF,Two\u2028lines \u00e9\n" for n in range(count)
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [(_rows(7), 0), (_rows(7, "31/31/2025"), 1), (_rows(3) + "CR-9,x,,,,,,,\n" + _rows(4).removeprefix(HEAD), 1)],
)
def test_parts_make_the_same_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, code: int) -> None:
    file = tmp_path / "requests_1.csv"
    file.write_text(text, encoding="utf-8")
    whole: list[str] = []
    assert translate_file(file, "cedar", shipped_partners().parent, whole.append) == code
    monkeypatch.setattr(registry, "SETS_PER_PART", 2)
    parts: list[str] = []
    assert translate_file(file, "cedar", shipped_partners().parent, parts.append) == code
    assert "".join(parts) == "".join(whole)
    assert len(whole) == 1 < len(parts)
