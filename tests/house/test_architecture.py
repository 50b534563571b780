"""The architecture page shows the rooms and arrows that the code has."""

from __future__ import annotations

from tests.architecture import PAGE, page


def test_the_page_is_what_the_imports_say() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.architecture"
