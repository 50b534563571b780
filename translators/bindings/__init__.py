"""Which element feeds which canonical field: tables compiled once, read for every scope, with provenance.

A table has scopes (`header`, `line`, …), a scope has fields, a field has ordered candidates. A candidate is a path in
pyx12's syntax: `BGN02`, `N9[RZ]02`, `QTY03-1`, `BLI/RDR02`, `QTY/LX/N9[SE]02`. A leading `/` looks in the header
instead of the scope at hand. The first candidate that has a value wins; `constant` stands in where none has.

A field is written as a path, a list of paths, or a table:

    number      = "BGN02"
    rma         = ["N9[RZ]02", "N9[QJ]02"]
    expires_on  = { from = "DTM[036]02", type = "date", format = "MMDDCCYY" }
    unit        = { from = "BLI04", crosswalk = "unit" }
    currency    = { constant = "USD" }

A partner's table replaces the base table field by field; what it does not say (format, crosswalk) it inherits, and
the type of a field is always the base table's.
Loops are no business of this module: a reader hands it one scope at a time.
"""

from __future__ import annotations

from translators.bindings.compile import compile_bindings
from translators.bindings.errors import BindingError
from translators.bindings.paths import parse_path
from translators.bindings.table import Bindings, Located, Provenance, Scope
from translators.bindings.unmatched import unmatched_bindings
from translators.bindings.values import date_reader, read_date, read_decimal, read_implied

__all__ = [
    "BindingError",
    "Bindings",
    "Located",
    "Provenance",
    "Scope",
    "compile_bindings",
    "date_reader",
    "parse_path",
    "read_date",
    "read_decimal",
    "read_implied",
    "unmatched_bindings",
]
