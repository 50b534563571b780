"""Rows → documents: rows of one group become one document, each group a SetResult with its verdict and findings.

A bad row is left out and reported; the good rows of its document go on (`bad_rows = "reject_document"` refuses all of
them). A receipt that lost a row is no longer final: more of it has to come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from translators.canonical import Inbound, Source
from translators.findings import Finding, found
from translators.flat.fields import KINDS, Target, resolve
from translators.flat.rows import Row, compile_cell
from translators.flat.values import BadValue
from translators.profile import Profile
from translators.translation import SetResult

if TYPE_CHECKING:
    from translators.flat.layout import Layout

WHOLE_FILE = ("reference_data", "erp_result")  # without a number of their own, all rows are one document


@dataclass(slots=True)
class Group:
    """The rows of one document so far."""

    first_row: int
    rows: int = 0
    dropped: int = 0
    broken: bool = False  # the document itself (not one of its lines) is wrong
    head: dict[str, Any] = field(default_factory=dict)
    head_row: dict[str, int] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class Assembler:
    """Takes rows one by one and gives the sets at the end. Groups keep the order of their first rows."""

    def __init__(self, layout: Layout, profile: Profile) -> None:
        self.layout = layout
        self.kind = KINDS[layout.document]
        self.groups: list[Group] = []
        self.file = Group(0)
        self._by_key: dict[tuple[str, ...], Group] = {}
        self._current: Group | None = None
        self._targets: dict[str, Target] = {}
        self._head_constants, self._line_constants = _constants(layout, profile)
        self._per_field = not layout.dataset and layout.document != "erp_result"
        self._lines_are = self.kind.lines if (self.kind.line is not None or layout.dataset) else ""
        line = self.kind.line
        self._numbered = line is not None and "line_no" in line.model_fields

    def add(self, row: Row) -> None:
        """One row, in file order."""
        if row.role == "file":
            self._merge_head(self.file, row)
            self.file.findings += row.findings
            return
        group = self._group_of(row)
        if group is None:
            row.findings.append(
                found(
                    "inconsistent_rows",
                    "A line stands before the document that it belongs to",
                    segment=row.segment,
                    position=row.number,
                )
            )
            group = self._open((), row.number)
            group.broken = True
        group.rows += 1
        if row.ok:
            row.ok = self._merge_head(group, row)
        group.findings += row.findings
        if not row.ok:
            group.dropped += 1
            group.broken = group.broken or row.role == "document"
            if row.line or row.role in {"row", "line"}:
                group.lines.append({})  # keeps the numbers of the lines that follow
            return
        if row.line or row.role == "line":
            self._add_line(group, row)

    def bad_row(self, number: int, finding: Finding) -> None:
        """A row that could not be read as any record: it stands alone, rejected."""
        group = self._open((), number)
        group.rows, group.dropped, group.broken = 1, 1, True
        group.findings.append(finding)

    def _group_of(self, row: Row) -> Group | None:
        if row.role == "line" and (not row.key or not any(row.key)):
            return self._current
        key = row.key if any(row.key) else ()
        whole = self.layout.document in WHOLE_FILE and not key
        if row.role == "document" and not key:
            return self._open(key, row.number)
        known = self._by_key.get(key) if key or whole else None
        if known is None:
            known = self._open(key, row.number)
            if whole:
                self._by_key[key] = known
        self._current = known
        return known

    def _open(self, key: tuple[str, ...], number: int) -> Group:
        group = Group(number)
        self.groups.append(group)
        if key:
            self._by_key[key] = group
        self._current = group
        return group

    def _target(self, path: str) -> Target:
        target = self._targets.get(path)
        if target is None:
            target = self._targets[path] = resolve(self.kind, path, self.layout.dataset)
        return target

    def _merge_head(self, group: Group, row: Row) -> bool:
        """What the row says about its document joins what earlier rows said; False if they disagree."""
        columns = {path: column for path, column, of_line in row.sources if not of_line}
        for path, value in row.head.items():
            held = group.head.get(path)
            if held is None:
                continue
            if self._target(path).form == "list" or held == value:
                continue
            row.findings.append(
                found(
                    "inconsistent_rows",
                    f"{columns.get(path, path)} is {_shown(value)!r}, but row {group.head_row[path]} of the same "
                    f"document says {_shown(held)!r}; expected the same value in every row of a document",
                    segment=row.segment,
                    position=row.number,
                    column=columns.get(path, ""),
                    value=_shown(value),
                )
            )
            return False
        for path, value in row.head.items():
            if path not in group.head:
                group.head[path], group.head_row[path] = value, row.number
                group.sources[path] = Source(segment=row.segment, position=row.number, column=columns.get(path, ""))
            elif self._target(path).form == "list":
                group.head[path] = list(dict.fromkeys([*group.head[path], *value]))
        return True

    def _add_line(self, group: Group, row: Row) -> None:
        line = row.line
        ordinal = len(group.lines) + 1
        for store, value in self._line_constants:
            if store[0] not in {path for path, _, _ in row.sources}:
                store[1](line, value)
        if self._numbered and not line.get("line_no"):
            line["line_no"] = str(ordinal)
        _settle_exception(line)
        line["__sources"] = (row.segment, row.number, row.sources)
        group.lines.append(line)

    def finish(self) -> list[SetResult]:
        """Every group as a SetResult, in the order of the groups' first rows."""
        return [self._set(group) for group in self.groups]

    def _set(self, group: Group) -> SetResult:
        for path, value in self.file.head.items():
            if path not in group.head:
                group.head[path] = value
                group.sources[path] = self.file.sources[path]
        number = str(group.head.get("number", "") or group.first_row)
        result = SetResult(self.layout.name, number, group.rows, "accepted", group.findings)
        errors = any(each.severity == "error" for each in group.findings)
        refused = group.broken or (errors and self.layout.bad_rows == "reject_document")
        if refused or (group.dropped and group.dropped >= group.rows):
            result.verdict = "rejected"
            return result
        document = self._document(group, result)
        if document is None:
            result.verdict = "rejected"
        else:
            result.documents.append(document)
            result.verdict = "accepted_with_errors" if group.findings else "accepted"
        return result

    def _document(self, group: Group, result: SetResult) -> Inbound | None:
        body: dict[str, Any] = {"kind": self.layout.document}
        if self.layout.dataset:
            body["dataset"] = self.layout.dataset
        provenance: dict[str, Any] = {}
        _fill_head(body, provenance, group, self._target, self._head_constants)
        if self._lines_are:
            lines: list[dict[str, Any]] = []
            body[self._lines_are] = lines
            for line in group.lines:
                if line:
                    self._trace(provenance, len(lines), line.pop("__sources"))
                    lines.append(line)
        if self.layout.document == "receipt" and group.dropped:
            body["final"] = False
        body["provenance"] = provenance
        try:
            return _INBOUND.validate_python(body)
        except ValidationError as error:
            for each in error.errors():
                place = ".".join(str(part) for part in each["loc"][1:])
                result.findings.append(
                    found("bad_value", f"{place}: {each['msg']}", position=group.first_row, column=place)
                )
            return None

    def _trace(
        self, provenance: dict[str, Any], index: int, traced: tuple[str, int, list[tuple[str, str, bool]]]
    ) -> None:
        """Where each field of a line came from; for reference and result rows, which are many and plain, the row."""
        segment, position, sources = traced
        prefix = f"{self._lines_are}.{index}"
        if not self._per_field:
            provenance[prefix] = {"segment": segment, "position": position}
            return
        counts: dict[str, int] = {}
        for path, column, of_line in sources:
            if of_line:
                name = path.partition(".")[2]
                first = name.partition(".")[0]
                if first in {"references", "charges"}:
                    counts[first] = counts.get(first, -1) + 1
                    name = f"{first}.{counts[first]}"
                provenance[f"{prefix}.{name}"] = {"segment": segment, "position": position, "column": column}


_INBOUND: TypeAdapter[Inbound] = TypeAdapter(Inbound)


def _shown(value: Any) -> str:
    return str(value[0] if isinstance(value, tuple) else value)[:80]


def _settle_exception(line: dict[str, Any]) -> None:
    """`lines.exceptions.*` of one row → at most one exception: none without a condition or with quantity 0."""
    exception = line.pop("exceptions", None)
    if not exception or "condition" not in exception:
        return
    raw, ours = exception["condition"]
    quantity = exception.get("quantity", line.get("quantity"))
    if quantity:
        line["exceptions"] = [
            {
                **exception,
                "condition": {"raw": raw, "canonical": ours},
                "quantity": quantity,
                "unit": line.get("unit", "EA"),
            }
        ]


def _constants(layout: Layout, profile: Profile) -> tuple[dict[str, Any], list[tuple[tuple[str, Any], Any]]]:
    """`[constants]` as values: of the document by path, of the lines as (path, store) and value."""
    from translators.flat.layout import Column, LayoutError

    heads: dict[str, Any] = {}
    lines: list[tuple[tuple[str, Any], Any]] = []
    for path, text in layout.constants.items():
        cell = compile_cell(layout, KINDS[layout.document], path, Column(field=(path,)), profile)
        try:
            value = cell.code(text, "") if cell.code else cell.convert(text)
        except BadValue as bad:
            raise LayoutError(f"constants.{path}", f"{text!r}: expected {bad.expected}") from bad
        _, store, of_line = cell.stores[0]
        if of_line:
            lines.append(((path, store), value))
        else:
            heads[path] = value
    return heads, lines


def _fill_head(
    body: dict[str, Any], provenance: dict[str, Any], group: Group, target_of: Any, constants: dict[str, Any]
) -> None:
    """Head values by path → the nested fields of the document, with provenance by canonical field."""
    parties: dict[str, dict[str, Any]] = {}
    items: Iterable[tuple[str, Any]] = {**constants, **group.head}.items()
    for path, value in items:
        target: Target = target_of(path)
        name = path
        if target.form == "scalar":
            body[target.key] = value
        elif target.form == "list":
            body.setdefault(target.key, []).extend(value)
        elif target.form == "code":
            body.setdefault(target.key, {}).update(raw=value[0], canonical=value[1])
        elif target.form == "code_text":
            body.setdefault(target.key, {})["text"] = value
        elif target.form == "reference":
            references = body.setdefault("references", [])
            name = f"references.{len(references)}"
            references.append({"kind": target.key, "value": value})
        elif target.form == "charge":
            charges = body.setdefault("charges", [])
            name = f"charges.{len(charges)}"
            charges.append({"kind": target.key, "amount": value})
        elif target.form == "party":
            party = parties.setdefault(target.key, {"role": target.key, "__at": len(parties)})
            party[target.part] = (value,) if target.part == "address" else value
            name = f"parties.{party['__at']}.{target.part}"
        if path in group.sources:
            provenance[name] = group.sources[path]
    if parties:
        body["parties"] = [{k: v for k, v in party.items() if k != "__at"} for party in parties.values()]
