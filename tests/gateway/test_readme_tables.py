"""The tables of the README are those that the code makes."""

from __future__ import annotations

from tests.readme_tables import README, TABLES, names_of_tables, with_tables


def test_every_table_stands_as_the_code_has_it() -> None:
    text = README.read_text(encoding="utf-8")
    assert names_of_tables(text) == list(TABLES)
    assert with_tables(text) == text, "python -m tests.readme_tables writes the tables anew"
