"""One row is all that a new class of Hold needs to be shown, answered and documented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.recipes.recipes import ScratchCopy

ROW = """    HoldClass(
        "toy_class",
        about="file",
        origin="file",
        owner="it",
        severity="urgent",
        happened="a toy lies in the inbox",
        message="{name} of {partner} is a toy.",
        next_action="Put {name} away.",
        answers=(REPLAY, DONE),
        runbook="Somebody played here. Look who it was.",
    ),
"""
OPEN = """
import sys
from pathlib import Path
from gateway.commands.homes import make_home
from gateway.holds import HoldSubject, new_hold
from gateway.store import open_store
from gateway.store.people import holds
from gateway.web import create_app
from tests.gateway.web.browser import Browser

home = make_home(Path(sys.argv[1]))
with open_store(home) as store:
    with store.write() as tx:
        new = new_hold("toy_class", "toy:1", HoldSubject(partner="cedar"), name="blocks")
        holds.open_(tx, new, "2025-03-14T15:30:00.000000Z")
    browser = Browser(create_app(store, home))
    print(browser.page("/holds"))
    print(browser.get("/api/v1/holds").text)
"""


@pytest.mark.long
def test_a_toy_class_of_one_row_is_shown_answered_and_documented(tmp_path: Path) -> None:
    copy = ScratchCopy.make(tmp_path)
    copy.insert("gateway/holds/about_files.py", "OTHERS = (", ROW)
    copy.write("open_toy.py", OPEN)
    pages = copy.run("python open_toy.py home")
    page, _, data = pages.partition("</html>")
    assert "toy class" in page and "blocks of cedar is a toy." in page and "Put blocks away." in page
    (hold,) = json.loads(data)["holds"]
    assert (hold["class"], hold["owner"], hold["answers"]) == ("toy_class", "it", ["replay", "done"])

    status = copy.run("python -m gateway --home home status")
    assert "toy_class (it) cedar" in status
    assert "next: Put blocks away." in status
    assert "answer: resolve 1 replay | done" in status

    copy.run("python -m gateway --home home resolve 1 done && python -m gateway --home home once")
    assert "toy_class" not in copy.run("python -m gateway --home home status")

    check = "python -m pytest -q -p no:cacheprovider tests/gateway/test_readme_tables.py"
    assert "python -m tests.readme_tables" in copy.run(check, check=False)
    copy.run(f"python -m tests.readme_tables && {check}")
    row = "| `toy_class` | a toy lies in the inbox | it | urgent | `replay`, `done` |"
    assert row in (copy.root / "README.md").read_text(encoding="utf-8")
