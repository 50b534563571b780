"""Rows → documents: rows of one group become one document, each group a SetResult with its verdict and findings.

If a first look at the file has found the stretches of rows, a group is done (and its set ready) after its last row.
Otherwise all groups are done at the end.

A bad row is left out and reported; the good rows of its document go on (`bad_rows = "reject_document"` refuses all of
them). A receipt that lost a row is no longer final: more of it has to come.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import ValidationError

from translators.canonical import Inbound
from translators.findings import Finding, new_finding
from translators.flat.layout.fields import KINDS, WHOLE_FILE, Target, resolve
from translators.flat.layout.model import Layout
from translators.flat.read.group import Group
from translators.flat.read.heads import DocumentHeads
from translators.flat.read.line_values import constants, put_line, settle_exception
from translators.flat.read.rows import Row
from translators.flat.read.shapes import Pairs
from translators.flat.read.survey import DocumentStretches
from translators.profile import Profile
from translators.provenance import RowSources
from translators.translation import SetResult

ROWS_PER_DOCUMENT = 5000  # a long list of reference or result rows becomes several documents
_WHOLE: Pairs = (("", ""),)


class Assembler:
    """Takes rows one by one and gives the sets. Groups keep the order of their first rows."""

    def __init__(self, layout: Layout, profile: Profile, stretches: DocumentStretches | None = None) -> None:
        self.layout = layout
        self.kind = KINDS[layout.document]
        self.file = Group(0)
        self._stretches = stretches
        self._stretch = -1
        self._groups: deque[Group] = deque()
        self.built: list[SetResult] = []  # sets that are done, for the caller to take away
        self._by_key: dict[tuple[str, ...], Group] = {}
        self._current: Group | None = None
        self._target = cache(self._resolve)
        heads, self._line_constants = constants(layout, profile)
        if layout.document == "return_request" and profile.customer:
            heads.setdefault("customer", profile.customer)
        self._heads = DocumentHeads(self._target, heads)
        self._per_field = not layout.dataset and layout.document != "erp_result"
        self._has_lines = self.kind.line is not None or bool(layout.dataset)
        line = self.kind.line
        self._numbered = line is not None and "line_no" in line.model_fields
        self.kind.model.model_rebuild()  # builds the validator, which is otherwise built on first use
        self._validate = self.kind.model.__pydantic_validator__.validate_python
        self._whole = layout.document in WHOLE_FILE
        self._in_parts = self._whole and layout.bad_rows != "reject_document"

    def _resolve(self, path: str) -> Target:
        return resolve(self.kind, path, self.layout.dataset)

    @property
    def documents(self) -> int:
        """How many documents the rows so far make, without those that were taken away."""
        return len(self._groups)

    def add(self, row: Row) -> None:
        """One row, in file order."""
        if row.role == "file":
            self._merge_head(self.file, row)
            self.file.findings += row.findings
            return
        group = self._group_of(row)
        if group is None:
            text = "A line stands before the document that it belongs to"
            row.findings.append(new_finding("inconsistent_rows", text, segment=row.segment, position=row.number))
            group = self._open((), row.number)
            group.broken = True
        if self._in_parts and group.rows >= ROWS_PER_DOCUMENT:
            group = self._part(group, row.number)
        group.rows += 1
        if row.ok:
            row.ok = self._merge_head(group, row)
        if row.findings:
            group.findings += row.findings
        is_line = row.role == "line" or bool(row.line)
        group.ordinal += is_line or (row.role == "row" and not row.ok)
        if not row.ok:
            group.dropped += 1
            group.broken = group.broken or row.role == "document"
            group.number = group.number or str(row.head.get("number", ""))
        elif is_line:
            self._add_line(group, row)

    def bad_row(self, number: int, finding: Finding) -> None:
        """A row that could not be read as any record: it stands alone, rejected."""
        group = self._open((), number)
        group.rows, group.dropped, group.broken = 1, 1, True
        group.findings.append(finding)

    def _group_of(self, row: Row) -> Group | None:
        key = row.key if any(row.key) else ()
        if row.role == "line" and not key:
            return self._current
        whole = self._whole and not key
        known = self._by_key.get(key) if key or whole else None
        if known is None:
            known = self._open(key, row.number)
            if whole:
                self._by_key[key] = known
        elif known is not self._current:
            self._switch(known)
        return known

    def _open(self, key: tuple[str, ...], number: int) -> Group:
        group = Group(number, key)
        self._groups.append(group)
        if key:
            self._by_key[key] = group
        self._switch(group)
        return group

    def _switch(self, group: Group) -> None:
        """Go on with the rows of another group; build the sets that are done now."""
        before, self._current = self._current, group
        stretches = self._stretches
        if before is not None and stretches is not None and not stretches.goes_on(before.key, self._stretch):
            before.done = True
            self._by_key.pop(before.key, None)
            self._build()
        self._stretch += 1

    def _build(self) -> None:
        """The sets of groups that are done, as far as none before them is still open."""
        groups = self._groups
        while groups and groups[0].done:
            self.built.append(self._set(groups.popleft()))

    def _part(self, group: Group, number: int) -> Group:
        """Continue a long list in a further document with the same head."""
        part = Group(number, group.key)
        part.broken, part.number, part.ordinal = group.broken, group.number, group.ordinal
        part.head, part.traces = dict(group.head), list(group.traces)
        group.done = True
        self._groups.append(part)
        if self._by_key.get(group.key) is group:
            self._by_key[group.key] = part
        self._current = part
        if self._stretches is not None:
            self._build()
        return part

    def _merge_head(self, group: Group, row: Row) -> bool:
        """Merge what the row says about its document into what earlier rows said; False if they disagree."""
        if not group.head:
            group.head = row.head
            if row.trace.head:
                group.traces.append((row.segment, row.number, row.trace.head))
            return True
        if row.head == group.head:
            return True
        columns = dict(row.trace.head)
        for path, value in row.head.items():
            held = group.head.get(path, value)
            if held != value and not self._heads.is_list(path):
                row.findings.append(self._disagreement(group, row, path, columns.get(path, "")))
                return False
        new = tuple((path, column) for path, column in row.trace.head if path not in group.head)
        for path, value in row.head.items():
            if path in group.head and self._heads.is_list(path):
                group.head[path] = list(dict.fromkeys([*group.head[path], *value]))
            else:
                group.head[path] = value
        if new:
            group.traces.append((row.segment, row.number, new))
        return True

    @staticmethod
    def _disagreement(group: Group, row: Row, path: str, column: str) -> Finding:
        earlier = next((at for _, at, pairs in group.traces if any(column_path == path for column_path, _ in pairs)), 0)
        value, held = _shown(row.head[path]), _shown(group.head[path])
        return new_finding(
            "inconsistent_rows",
            f"{column} is {value!r}, but row {earlier} of the same document says {held!r}; "
            "expected the same value in every row of a document",
            segment=row.segment,
            position=row.number,
            column=column,
            value=value,
        )

    def _add_line(self, group: Group, row: Row) -> None:
        line = row.line
        if self._line_constants:
            given = {path for path, _ in row.trace.line}
            for slot, value in self._line_constants:
                if slot.path.partition(".")[2] not in given:
                    put_line(slot, line, value)
        if self._numbered and not line.get("line_no"):
            line["line_no"] = str(group.ordinal)
        if "exceptions" in line:
            settle_exception(line)
        group.lines.append((line, row.segment, row.number, row.trace.line))

    def finish(self) -> Iterator[SetResult]:
        """After the last row: the sets that are left, in the order of the groups' first rows."""
        self._by_key.clear()
        while self._groups:
            yield self._set(self._groups.popleft())

    def _set(self, group: Group) -> SetResult:
        if self.file.head:
            self._add_file_values(group)
        number = str(group.head.get("number", "")) or group.number or str(group.first_row)
        findings = group.findings
        result = SetResult(self.layout.name, number, group.rows, "accepted", findings)
        refused = group.broken or (group.dropped and group.dropped >= group.rows)
        if findings and self.layout.bad_rows == "reject_document":
            refused = refused or any(finding.severity == "error" for finding in findings)
        if refused:
            result.verdict = "rejected"
            return result
        document = self._document(group, result)
        if document is None:
            result.verdict = "rejected"
        else:
            result.documents.append(document)
            if findings:
                result.verdict = "accepted_with_errors"
        return result

    def _add_file_values(self, group: Group) -> None:
        """Add what the file's header says of all documents, where the group's own rows say nothing else."""
        new = {path: value for path, value in self.file.head.items() if path not in group.head}
        if new:
            group.head = {**group.head, **new}
            for segment, position, pairs in self.file.traces:
                group.traces.append((segment, position, tuple(pair for pair in pairs if pair[0] in new)))

    def _document(self, group: Group, result: SetResult) -> Inbound | None:
        body: dict[str, Any] = {"kind": self.layout.document}
        if self.layout.dataset:
            body["dataset"] = self.layout.dataset
        sources = self._heads.fill(body, group)
        if self._has_lines:
            body[self.kind.lines] = [line[0] for line in group.lines]
            # Provenance of reference and result rows names the row only: they are many and plain.
            per_field = self._per_field
            sources += [
                (segment, number, index, trace if per_field else _WHOLE)
                for index, (_, segment, number, trace) in enumerate(group.lines)
            ]
        body["provenance"] = RowSources(self.kind.lines, tuple(sources))
        if self.layout.document == "receipt" and group.dropped:
            body["final"] = False
        try:
            document: Inbound = self._validate(body)
            return document
        except ValidationError as error:
            for problem in error.errors():
                place = ".".join(str(part) for part in problem["loc"])
                text = f"{place}: {problem['msg']}"
                result.findings.append(new_finding("bad_value", text, position=group.first_row, column=place))
            return None


def _shown(value: Any) -> str:
    return str(value[0] if isinstance(value, tuple) else value)[:80]
