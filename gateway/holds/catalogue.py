"""The rows of all subjects as one table, and what is read off it."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.holds import (
    about_charges,
    about_dispatches,
    about_documents,
    about_files,
    about_goods,
    about_numbers,
    about_postings,
    about_prices,
    about_promises,
    about_returns,
    about_vendors,
)
from gateway.holds.row import Answer, HoldClass


def table_of(*parts: Iterable[HoldClass]) -> dict[str, HoldClass]:
    """Rows by the name of their class. Raises ValueError for a class with two rows."""
    table: dict[str, HoldClass] = {}
    for row in (row for part in parts for row in part):
        if row.name in table:
            raise ValueError(f"the Hold class {row.name} has two rows")
        table[row.name] = row
    return table


CATALOGUE = table_of(
    about_returns.ROWS,
    about_goods.ROWS,
    about_vendors.ROWS,
    about_numbers.ROWS,
    about_prices.ROWS,
    about_charges.ROWS,
    about_postings.OF_RETURNS,
    about_documents.ROWS,
    about_promises.OF_RETURNS,
    about_promises.OF_FILES,
    about_files.ROWS,
    about_dispatches.ROWS,
    about_postings.OF_FILES,
)
"""Every class of Hold by its name, in the order of the README."""

CLOCK_HOLDS = {row.clock: row for row in CATALOGUE.values() if row.clock}
"""The Hold that a breached clock opens, by the class of the clock."""

OF_RETURNS = frozenset(row.name for row in CATALOGUE.values() if row.origin == "return")
"""Classes that deciding everything again opens again: they follow from returns and their documents."""

OVERDUE_OF_RETURNS = frozenset(
    row.name for row in CLOCK_HOLDS.values() if row.origin == "return" and row.about == "promise"
)
"""Broken promises about a return: they say how late something is, not what is wrong."""

REFUSED_INTERCHANGES = frozenset(row.name for row in about_files.REFUSED_INTERCHANGES)
"""Classes of the Holds of interchanges that are not processed: a replay of their file resolves them."""


def hold_class(name: str) -> HoldClass:
    """The row of a class. Raises LookupError for a class that is not in the catalogue."""
    row = CATALOGUE.get(name)
    if row is None:
        raise LookupError(f"there is no Hold class {name!r}: add a row to gateway/holds")
    return row


def answers_to(name: str, posting_key: str = "") -> tuple[Answer, ...]:
    """What may be said to a stored Hold of this class, the most usual answer first; nothing if another version of the
    gateway stored it, whose class this one does not know.

    `posting_key` is the posting that the Hold names, if it does: one class may be about a posting or about a file.
    """
    row = CATALOGUE.get(name)
    return row.answers_about(posting_key) if row else ()
