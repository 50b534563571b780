"""A table → the layout that probably reads it: kind of document, a field for each column, formats, grouping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from gateway.onboarding.propose.column_names import fields_for, words_of
from gateway.onboarding.propose.layout_guess import ColumnGuess, LayoutGuess
from gateway.onboarding.propose.reference_column_names import NAMES_OF, columns_for
from gateway.onboarding.propose.sample_tables import SampleColumn, SampleTable
from gateway.onboarding.propose.values import (
    NUMBERED,
    RMA,
    UPS_TRACKING,
    are_few_codes,
    date_formats,
    is_gtin,
    number_marks,
)
from translators.flat.layout.fields import DATASET_KEYS, DATASETS, KINDS, Target, UnknownField, resolve
from translators.flat.layout.model import LayoutError
from translators.flat.layout.parse import parse_layout
from translators.flat.values import NO, YES

GUESSED_KINDS = ("return_request", "receipt", "inspection", "shipment", "carrier_event")
ROLE_KINDS = {
    "retailer": ("return_request", "shipment"),
    "warehouse": ("receipt", "inspection"),
    "carrier": ("carrier_event",),
    "supplier": ("shipment", "return_request"),
}
LAYOUT_NAMES = {
    "return_request": "requests",
    "receipt": "receipts",
    "inspection": "inspections",
    "shipment": "shipments",
    "carrier_event": "events",
}
# What speaks for a kind beyond its fields: words of the headings, and of the files' names.
_SIGNS = {
    "return_request": ({"reason": 4, "request": 3, "store": 1}, {"return", "request", "rma"}),
    "receipt": ({"receipt": 3, "condition": 1}, {"receipt"}),
    "inspection": ({"inspection": 4, "inspector": 3, "disposition": 4, "grade": 3, "condition": 1}, {"inspection"}),
    "shipment": ({"carton": 3, "tracking": 2, "shipment": 3}, {"shipment"}),
    "carrier_event": ({"event": 5, "tracking": 2}, {"event", "tracking", "carrier"}),
}


def guess_layout(table: SampleTable, taken: Iterable[str] = (), role: str = "") -> LayoutGuess:
    """The most likely layout of a table. `taken`: names that other layouts have; `role` narrows what it may be."""
    if role == "erp":
        return _guess_reference_data(table, set(taken))
    attempts = [_guess_as(kind, table) for kind in ROLE_KINDS.get(role, GUESSED_KINDS)]
    document, columns = max(attempts, key=lambda attempt: _evidence(attempt[0], attempt[1], table))
    base = name = LAYOUT_NAMES[document]
    number = 2
    while name in set(taken):
        name, number = f"{base}-{number}", number + 1
    guess = LayoutGuess(name, table, document, columns)
    _number_from_reference(guess)
    _one_id_at_least(guess)
    guess.group_by = _grouping(guess)
    if document == "return_request":
        guess.constants["purpose"] = "request"
    return _checked(guess)


def _guess_reference_data(table: SampleTable, taken: set[str]) -> LayoutGuess:
    """An export of an ERP: the dataset for which most of its columns are known, by its name where that is even."""
    attempts = []
    for dataset in DATASETS:
        document, columns = _guess_as("reference_data", table, dataset)
        found = {path.removeprefix("rows.") for guess in columns for path in guess.paths}
        named = any(NAMES_OF[dataset] & words_of(file) for file in table.files)
        lacking = sum(key not in found for key in DATASET_KEYS[dataset])
        attempts.append((len(found) + 3 * named - 6 * lacking, dataset, document, columns))
    _, dataset, document, columns = max(attempts, key=lambda attempt: attempt[0])
    name, number = dataset, 2
    while name in taken:
        name, number = f"{dataset}-{number}", number + 1
    guess = LayoutGuess(name, table, document, columns, dataset=dataset)
    return _checked(guess)


def _checked(guess: LayoutGuess) -> LayoutGuess:
    """Note the guess's doubts and what `parse_layout` does not accept of it."""
    guess.doubts += _doubts(guess)
    try:
        parse_layout(guess.name, guess.settings())
    except LayoutError as error:
        guess.missing = [f"{place}: {message}" for place, message in error.problems]
    return guess


def _guess_as(kind: str, table: SampleTable, dataset: str = "") -> tuple[str, list[ColumnGuess]]:
    """Each column with the best field of this kind of document that its heading and values allow."""
    offers: list[tuple[int, int, Target]] = []
    for number, column in enumerate(table.columns):
        by_content = [] if dataset else _rma_by_content(column) if _has_headings(table) else _by_content(column, kind)
        by_name = columns_for(column.name, dataset) if dataset else fields_for(column.name, kind)
        for fit, path in [*by_name, *by_content]:
            target = _target(kind, path, dataset)
            if target is not None and _fits_content(target, column):
                offers.append((fit, number, target))
    columns = [ColumnGuess(column) for column in table.columns]
    used: set[str] = set()
    for _, number, target in sorted(offers, key=lambda offer: (-offer[0], offer[1])):
        guess = columns[number]
        if guess.settings or (target.path in used and target.form != "list"):
            continue
        used.add(target.path)
        guess.settings = {"field": (target.path,), **_settings_of_form(target, guess.column)}
        guess.why = "from its heading" if _has_headings(table) else "from its values"
    _find_by_place(table, columns)
    return kind, columns


def _has_headings(table: SampleTable) -> bool:
    return table.header and table.format == "delimited"


def _find_by_place(table: SampleTable, columns: list[ColumnGuess]) -> None:
    """Columns without a heading are found by their place, and named by what they are taken for."""
    if _has_headings(table):
        return
    for guess in columns:
        guess.settings["at"] = guess.column.at
        if table.format == "fixed":
            guess.settings["width"] = guess.column.width
        if guess.paths:
            guess.column = replace(guess.column, name=_short_name(guess))


def _short_name(guess: ColumnGuess) -> str:
    return guess.paths[0].removeprefix("lines.").replace(".", "_")


def _target(kind: str, path: str, dataset: str = "") -> Target | None:
    try:
        return resolve(KINDS[kind], path, dataset)
    except UnknownField:
        return None


def _by_content(column: SampleColumn, kind: str) -> list[tuple[int, str]]:
    """What values alone say: GTINs, days, small numbers, tracking numbers, codes, and numbers that name a document."""
    values = column.filled
    if not values:
        return []
    day = {"receipt": "received_on", "inspection": "inspected_on", "shipment": "shipped_on"}.get(kind, "issued_on")
    code = {"receipt": "lines.exceptions.condition", "inspection": "lines.condition"}.get(kind, "lines.reason")
    tests: tuple[tuple[bool, list[tuple[int, str]]], ...] = (
        (all(is_gtin(value) for value in values), [(5, "lines.item.gtin")]),
        (bool(date_formats(values)), [(4, day)]),
        (all(value.isdigit() and 0 < int(value) < 100_000 for value in values), [(3, "lines.quantity")]),
        (all(RMA.fullmatch(value) for value in values), [(4, "references.rma")]),
        (all(UPS_TRACKING.fullmatch(value) for value in values), [(4, "tracking")]),
        (are_few_codes(values), [(2, code), (1, "lines.disposition")]),
        (all(NUMBERED.fullmatch(value) for value in values), [(3 - (column.at > 1), "number"), (1, "lines.item.sku")]),
    )
    return next((offers for holds, offers in tests if holds), [])


def _rma_by_content(column: SampleColumn) -> list[tuple[int, str]]:
    """Our RMA numbers are known whatever the heading says."""
    values = column.filled
    return [(1, "references.rma")] if values and all(RMA.fullmatch(value) for value in values) else []


def _fits_content(target: Target, column: SampleColumn) -> bool:
    """May the column's values be values of this field? A column without any may be anything."""
    values = column.filled
    if not values:
        return not target.required
    if target.type in {"date", "instant"}:
        return bool(date_formats(values))
    if target.type in {"quantity", "decimal", "integer"}:
        return number_marks(values) is not None
    if target.type == "flag":
        return len({value.upper() for value in values}) <= 2
    if target.type == "choice":
        return set(values) <= set(target.choices)
    return True


def _settings_of_form(target: Target, column: SampleColumn) -> dict[str, Any]:
    """How the values are written, where it is not the default way; the codes file of a code."""
    if (target.type in {"date", "instant"} or target.path == "at") and column.filled:
        return {"format": forms[0]} if (forms := date_formats(column.filled)) else {}
    if target.type in {"quantity", "decimal"}:
        return number_marks(column.filled) or {}
    if target.type == "flag" and not {value.upper() for value in column.filled} <= {*YES, *NO}:
        words = sorted(set(column.filled))
        yes = [word for word in words if word.upper()[:1] in "JYSOW1"]
        return {"yes": yes, "no": [word for word in words if word not in yes] or ["N"]}
    if target.form == "code":
        return {"crosswalk": target.key}
    if target.form == "exception" and target.part == "condition":
        return {"crosswalk": "condition"}
    return {}


def _evidence(kind: str, columns: list[ColumnGuess], table: SampleTable) -> int:
    """How much speaks for a kind: fields found, words of headings and file names, and what it cannot do without."""
    headings, names = _SIGNS[kind]
    paths = {path for guess in columns for path in guess.paths}
    score = len(paths)
    for column in table.columns:
        score += sum(headings.get(word, 0) for word in words_of(column.name))
    for name in table.files:
        stem = name.rpartition(".")[0] or name
        score += 4 * len(names & words_of(stem))
    asks = any({"reason", "request"} & words_of(column.name) for column in table.columns)
    if kind == "return_request" and "references.rma" in paths and not asks:
        score -= 4  # a file with our RMA numbers is no request for them
    if kind != "carrier_event":
        score -= 6 * ("lines.quantity" not in paths)
    else:
        score -= 6 * ("lines.quantity" in {path for _, path in _all_offers(table)}) + 6 * ("tracking" not in paths)
    return score


def _all_offers(table: SampleTable) -> Iterator[tuple[int, str]]:
    for column in table.columns:
        yield from fields_for(column.name, "receipt")


def _number_from_reference(layout: LayoutGuess) -> None:
    """A document without a number takes its best reference as its number: one column feeds both."""
    fed = {path: guess for guess in layout.columns for path in guess.paths}
    if "number" in fed or not KINDS[layout.document].number_required:
        return
    for path in ("references.receipt", "references.rma", "references.request", "purchase_order", "order_number"):
        if path in fed:
            fed[path].settings["field"] = ("number", path)
            layout.doubts.append(
                f"{layout.name}: no column is the number of the {layout.document.replace('_', ' ')}; "
                f"{fed[path].column.name!r} serves for it: two documents must never share one"
            )
            return


def _one_id_at_least(layout: LayoutGuess) -> None:
    """Without a heading that names the item, take a column of GTINs for it."""
    fed = {path for guess in layout.columns for path in guess.paths}
    if any(path.startswith("lines.item.") and path != "lines.item.description" for path in fed):
        return
    for guess in layout.columns:
        if not guess.paths and guess.column.filled and all(is_gtin(value) for value in guess.column.filled):
            guess.settings["field"] = ("lines.item.gtin",)
            guess.why = "from its values"
            return


def _grouping(layout: LayoutGuess) -> tuple[str, ...]:
    """Rows with the same document number are one document."""
    named = next((guess.column for guess in layout.columns if "number" in guess.paths), None)
    return (named.name,) if named is not None else ()


def _doubts(layout: LayoutGuess) -> Iterator[str]:
    for guess in layout.columns:
        if "format" in guess.settings:
            others = [
                form for form in date_formats(guess.column.filled)[1:] if len(form) == len(guess.settings["format"])
            ]
            if others:
                yield (
                    f"{layout.name}: the days of {guess.column.name!r} are read as {guess.settings['format']}; "
                    f"the samples would also fit {', '.join(others)}"
                )
    idle = [guess.column.name for guess in layout.columns if not guess.paths]
    if idle:
        yield f"{layout.name}: nothing is read from {', '.join(repr(name) for name in idle)}"
    for guess in layout.columns:
        if len(set(guess.column.filled)) == 1 and len(guess.column.filled) > 3 and "lines.item" in "".join(guess.paths):
            yield f"{layout.name}: every row has the same {guess.column.name!r}"
