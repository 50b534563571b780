"""The tables of the READMEs that are made from the code. `python -m tests.readme_tables` writes them anew.

A table stands between `<!-- table: NAME -->` and `<!-- end of table -->`; NAME is a key of TABLES.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from gateway.faults.text import readme_table as faults_table
from gateway.holds.text import readme_tables as holds_tables
from gateway.returns.documents.ownership import ownership_table

README = Path(__file__).resolve().parents[1] / "README.md"
OF_PARTNERS = README.parent / "partners" / "README.md"
TABLES: dict[str, Callable[[], str]] = {
    "holds": holds_tables,
    "faults": faults_table,
    "ownership": ownership_table,
}
_TABLE = re.compile(r"(?P<begin><!-- table: (?P<name>\w+) -->\n)(?P<text>.*?)(?P<end><!-- end of table -->\n)", re.S)


def with_tables(text: str) -> str:
    """The README with every table as the code has it. KeyError for a table that nothing makes."""
    return _TABLE.sub(lambda table: f"{table['begin']}{TABLES[table['name']]()}{table['end']}", text)


def names_of_tables(text: str) -> list[str]:
    """The names of the tables that are marked in a README."""
    return [table["name"] for table in _TABLE.finditer(text)]


if __name__ == "__main__":
    for page in (README, OF_PARTNERS):
        page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
