"""What a layout must say beyond the types of its keys: every problem found, with its place in the TOML file."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from translators.canonical.kinds import DocumentKind
from translators.flat.layout.columns import type_of
from translators.flat.layout.fields import (
    DATASET_KEYS,
    ITEM_IDS,
    KINDS,
    LISTS_OF_ROWS,
    OUT_KINDS,
    Target,
    UnknownField,
    resolve,
)
from translators.flat.layout.idle_settings import idle_settings
from translators.flat.layout.model import Column, Layout, Record
from translators.flat.values import date_pattern

Problem = tuple[str, str]
# Forms of fields whose text may be read through a crosswalk.
CROSSWALK_FORMS = frozenset({"code", "scalar", "item", "party", "reference", "exception"})


def layout_problems(layout: Layout) -> Iterator[Problem]:
    """Every (place, problem) of a layout whose keys have the right types."""
    kinds = KINDS if layout.direction == "in" else OUT_KINDS
    kind = kinds.get(layout.document)
    if kind is None:
        yield "document", f"{layout.document!r} is not one of {', '.join(kinds)}"
        return
    yield from _file_problems(layout)
    yield from _record_problems(layout)
    targets: list[Target] = []
    for record_name, record in layout.records.items():
        for name, column in record.columns.items():
            place = f"columns.{name}" if record_name == "row" else f"records.{record_name}.columns.{name}"
            yield from _column_problems(layout, place, column)
            fed, problems = _fed_fields(layout, kind, place, record, column)
            yield from problems
            yield from idle_settings(layout, place, column, fed)
            targets += fed
    for path in layout.constants:
        try:
            targets.append(resolve(kind, path, layout.dataset))
        except UnknownField as error:
            yield f"constants.{path}", str(error)
    if layout.direction == "in":
        yield from _missing_fields(layout, kind, targets)


def _fed_fields(
    layout: Layout, kind: DocumentKind, place: str, record: Record, column: Column
) -> tuple[list[Target], list[Problem]]:
    """The fields that a column feeds, and what is wrong with feeding them."""
    fed: list[Target] = []
    problems: list[Problem] = []
    for path in column.field:
        try:
            target = resolve(kind, path, layout.dataset)
        except UnknownField as error:
            problems.append((place, str(error)))
        else:
            fed.append(target)
            problems += _target_problems(layout, place, record, column, target)
    return fed, problems


def _file_problems(layout: Layout) -> Iterator[Problem]:
    if layout.direction == "in" and not layout.files:
        yield "files", "name at least one file-name pattern, such as returns-*.csv"
    try:
        if not getattr(codecs.lookup(layout.charset), "_is_text_encoding", True):
            yield "charset", f"{layout.charset!r} is not a character set"
    except LookupError:
        yield "charset", f"{layout.charset!r} is not a known character set (utf-8, latin-1, cp1252, cp037 …)"
    if (layout.document == "reference_data") != bool(layout.dataset):
        yield "dataset", 'goes with document = "reference_data", and only with it'
    if layout.quote and layout.quote == layout.delimiter:
        yield "quote", "is the delimiter too"
    if layout.format == "xml":
        yield from _xml_problems(layout)
    if layout.format == "delimited" and layout.line_ends == "none":
        yield "line_ends", "a delimited file has line ends"


def _xml_problems(layout: Layout) -> Iterator[Problem]:
    if not layout.root:
        yield "root", "an XML layout names its root element"
    if layout.direction == "out":
        return
    if not layout.document_path:
        yield "document_path", "an XML layout says where its documents are (XPath from the root element)"
    from lxml import etree

    paths = [("document_path", layout.document_path), ("line_path", layout.line_path)]
    paths += [(f"columns.{name}", name) for record in layout.records.values() for name in record.columns]
    for place, path in paths:
        if path:
            try:
                etree.XPath(path, namespaces=layout.namespaces or None)
            except etree.XPathError as error:
                yield place, f"{path!r} is not an XPath: {error}"


def _record_problems(layout: Layout) -> Iterator[Problem]:
    if not layout.records:
        yield "columns", "a layout needs columns"
        return
    plain = [name for name, record in layout.records.items() if not record.begins]
    if len(plain) > 1 and layout.format != "xml":
        yield f"records.{plain[1]}", f"only one record may do without `begins`, and {plain[0]} already does"
    roles = [record.role for record in layout.records.values()]
    if "line" in roles and "document" not in roles:
        yield "records", "a record with role line needs one with role document before it"
    if layout.direction == "out" and layout.group_by:
        yield "group_by", "belongs to files that come in"
    names = {name for record in layout.records.values() for name in record.columns}
    for name in layout.group_by:
        if name not in names:
            yield "group_by", f"there is no column {name!r}"
    if layout.direction == "out":
        return
    for name, record in layout.records.items():
        if record.total_of and record.total_of not in names:
            yield f"records.{name}.total_of", f"there is no column {record.total_of!r}"


def _column_problems(layout: Layout, place: str, column: Column) -> Iterator[Problem]:
    if layout.format == "fixed" and not column.width:
        yield place, "a fixed-width column needs `width`"
    if layout.direction == "in":
        if layout.format == "fixed" and not column.at:
            yield place, "a fixed-width column needs `at`, its first byte counted from 1"
        if layout.format == "delimited" and not layout.header and not column.at:
            yield place, "a file without a header row needs `at`, the column's number from 1"
        if column.constant is not None:
            yield place, "`constant` belongs to files that go out; for files that come in use [constants]"
    elif column.constant is None and not column.field:
        yield place, "a column that goes out needs `field` or `constant`"
    if len(column.field) > 1 and layout.direction == "out":
        yield place, "a column that goes out has one field"


def _target_problems(layout: Layout, place: str, record: Record, column: Column, target: Target) -> Iterator[Problem]:
    """What is wrong with feeding this field from this column."""
    yield from _type_problems(place, column, target)
    if target.type == "choice" and layout.direction == "in":
        wrong = sorted(set(column.values.values()) - set(target.choices))
        if wrong:
            yield place, f"values may give {', '.join(target.choices)}; not {', '.join(wrong)}"
    if column.crosswalk and target.form not in CROSSWALK_FORMS:
        yield place, f"{target.path} takes no crosswalk"
    if column.split and target.form != "list" and target.path not in LISTS_OF_ROWS:
        yield place, f"{target.path} is one value: `split` is for lists such as lines.serials"
    yield from _trailer_problems(layout, place, record, target)


def _type_problems(place: str, column: Column, target: Target) -> Iterator[Problem]:
    if type_of(column, target) in {"date", "instant"} and column.format:
        try:
            date_pattern(column.format)
        except ValueError as error:
            yield place, str(error)
    if column.type == "instant" and not column.format:
        yield place, "an instant needs `format`, such as YYYYMMDDhhmmss"
    if column.type and not _type_fits(column.type, target):
        yield place, f"{target.path} holds {target.type}, not {column.type}"


def _trailer_problems(layout: Layout, place: str, record: Record, target: Target) -> Iterator[Problem]:
    if (record.role == "trailer") != (target.scope == "trailer") and layout.direction == "in":
        yield place, "trailer fields stand in a record with role trailer, other fields do not"
    if target.path == "trailer.total" and not record.total_of:
        yield place, "a total needs `total_of` in its record: the column that is summed"


def _type_fits(type_: str, target: Target) -> bool:
    if target.type in {"decimal", "quantity"}:
        return type_ in {"decimal", "integer"}
    return target.type in {type_, "text"}


def _missing_fields(layout: Layout, kind: DocumentKind, targets: list[Target]) -> Iterator[Problem]:
    """Fields without which no document of this kind can be made."""
    paths = {target.path for target in targets}
    if kind.number_required and "number" not in paths:
        yield "columns", f"nothing feeds `number`: the sender's own number of each {layout.document}"
    for path in _needed_paths(layout, kind, targets):
        if path not in paths:
            yield "columns", f"nothing feeds `{path}`"
    if _needs_lines(layout, kind, targets) and not any(_names_item(target) for target in targets):
        yield "columns", "nothing feeds an item id (`lines.item.sku`, .gtin, .buyer_sku or .vendor_sku)"


def _needed_paths(layout: Layout, kind: DocumentKind, targets: list[Target]) -> list[str]:
    if layout.dataset:
        return [f"rows.{key}" for key in DATASET_KEYS[layout.dataset]]
    if layout.document == "erp_result":
        # A register may name the ERP's own document instead of our key.
        is_register = {"rows.erp_document", "rows.amount"} <= {target.path for target in targets}
        return ["rows.status"] if is_register else ["rows.status", "rows.idempotency_key"]
    return ["lines.quantity"] if _needs_lines(layout, kind, targets) else []


def _needs_lines(layout: Layout, kind: DocumentKind, targets: list[Target]) -> bool:
    """Does a document of this layout have lines? A cancellation without any is one of the whole return."""
    if layout.dataset or layout.document == "erp_result" or kind.line is None or not kind.items_required:
        return False
    return layout.document != "cancellation" or any(target.scope == "line" for target in targets)


def _names_item(target: Target) -> bool:
    return target.form == "item_other" or (target.form == "item" and target.part in ITEM_IDS)
