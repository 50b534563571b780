"""What the rows of a document say about it (path → value) → the nested fields of the document, and their provenance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from translators.canonical import Party
from translators.flat.layout.fields import Target
from translators.flat.read.group import Group
from translators.flat.read.shapes import KNOWN, Pairs, fetch
from translators.provenance import SourcePart

Fill = Callable[[dict[str, Any], Any], None]


class HeadPlan:
    """Compiled for one set of paths: fills a document's body and names each path as provenance names it."""

    def __init__(self, targets: list[Target]) -> None:
        self.names: dict[str, str] = {}
        self._renamed: dict[int, tuple[Pairs, Pairs]] = {}
        self._fills: list[tuple[str, Fill]] = []
        references = charges = 0
        roles = list(dict.fromkeys(target.key for target in targets if target.form == "party"))
        self._parties = [_PartyPlan(role, [target for target in targets if _is_party(target, role)]) for role in roles]
        for target in targets:
            name = target.path
            if target.form == "reference":
                name, references = f"references.{references}", references + 1
            elif target.form == "charge":
                name, charges = f"charges.{charges}", charges + 1
            elif target.form == "party":
                name = f"parties.{roles.index(target.key)}.{target.part}"
            self.names[target.path] = name
            if target.form not in {"scalar", "party"}:
                self._fills.append((target.path, _fill(target)))
        plain = [target for target in targets if target.form == "scalar"]
        self._keys = [target.key for target in plain]
        self._fetch = fetch([target.path for target in plain])

    def renamed(self, pairs: Pairs) -> Pairs:
        """(path, column) pairs with the names that provenance has; most rows share one tuple, so it is known by its id
        (and kept, so that no other can get that id)."""
        known = self._renamed.get(id(pairs))
        if known is None:
            known = (pairs, tuple((self.names[path], column) for path, column in pairs))
            if len(self._renamed) < 256:
                self._renamed[id(pairs)] = known
        return known[1]

    def fill(self, body: dict[str, Any], head: dict[str, Any]) -> None:
        """The head's values into the body of a document."""
        body.update(zip(self._keys, self._fetch(head)))  # noqa: B905 - equal by construction, and a check costs time
        for path, put in self._fills:
            put(body, head[path])
        if self._parties:
            body["parties"] = tuple([plan.party(head) for plan in self._parties])


class _PartyPlan:
    """One party of a document. Files name the same stores again and again: equal parties are one object."""

    def __init__(self, role: str, targets: list[Target]) -> None:
        self._role = role
        self._parts = [target.part for target in targets]
        self._fetch = fetch([target.path for target in targets])
        self._known: dict[tuple[Any, ...], Party] = {}

    def party(self, head: dict[str, Any]) -> Party:
        values = self._fetch(head)
        return self._known.get(values) or self._new(values)

    def _new(self, values: tuple[Any, ...]) -> Party:
        parts = dict(zip(self._parts, values, strict=True))
        if "address" in parts:
            parts["address"] = (parts["address"],)
        party = Party.model_validate({"role": self._role, **parts})
        if len(self._known) < KNOWN:
            self._known[values] = party
        return party


def _is_party(target: Target, role: str) -> bool:
    return target.form == "party" and target.key == role


def _fill(target: Target) -> Fill:
    key = target.key

    def listed(body: dict[str, Any], value: Any) -> None:
        body.setdefault(key, []).extend(value)

    def code(body: dict[str, Any], value: Any) -> None:
        body.setdefault(key, {}).update(raw=value[0], canonical=value[1])

    def code_text(body: dict[str, Any], value: Any) -> None:
        body.setdefault(key, {})["text"] = value

    def reference(body: dict[str, Any], value: Any) -> None:
        body.setdefault("references", []).append({"kind": key, "value": value})

    def charge(body: dict[str, Any], value: Any) -> None:
        body.setdefault("charges", []).append({"kind": key, "amount": value})

    fills: dict[str, Fill] = {
        "list": listed,
        "code": code,
        "code_text": code_text,
        "reference": reference,
        "charge": charge,
    }
    return fills[target.form]


class DocumentHeads:
    """Merges what rows say about their documents and fills the documents, one plan per set of paths."""

    def __init__(self, resolve: Callable[[str], Target], constants: dict[str, Any]) -> None:
        self._resolve = resolve
        self._constants = constants
        self._plans: dict[tuple[str, ...], HeadPlan] = {}

    def is_list(self, path: str) -> bool:
        """May rows of one document say different things here? (tracking numbers, cartons)"""
        return self._resolve(path).form == "list"

    def fill(self, body: dict[str, Any], group: Group) -> list[SourcePart]:
        """A group's head, with the layout's constants where it says nothing, into the document's body → its sources."""
        head = group.head
        if self._constants:
            head = {**self._constants, **head}
        paths = tuple(head)
        plan = self._plans.get(paths)
        if plan is None:
            plan = HeadPlan([self._resolve(path) for path in paths])
            if len(self._plans) < 4096:
                self._plans[paths] = plan
        plan.fill(body, head)
        return [(segment, position, -1, plan.renamed(pairs)) for segment, position, pairs in group.traces]
