"""The tables of the READMEs are those that the code makes."""

from __future__ import annotations

from tests.readme_tables import OF_PARTNERS, README, TABLES, names_of_tables, with_tables


def test_every_table_stands_as_the_code_has_it() -> None:
    texts = [page.read_text(encoding="utf-8") for page in (README, OF_PARTNERS)]
    assert [name for text in texts for name in names_of_tables(text)] == list(TABLES)
    assert [with_tables(text) for text in texts] == texts, "python -m tests.readme_tables writes the tables anew"
