"""What the closed tables lack of a member: `python -m tests.gateway.returns.closed_tables` names it, place by place.

A kind of movement or posting is a member of a Literal, a kind of document a member of the union `Inbound`. Each has one
row in the domain; the places that name kinds for others (files, partner folders, their README) are compared with them.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import get_args

import translators.canonical as canonical
from gateway.partners.sections.events import HouseEvent, PartnerEvent
from gateway.partners.sections.partner import DocumentKind, ErpBatches
from gateway.returns.entry.meanings import MEANINGS
from gateway.returns.events import (
    EVENT_FIELDS,
    EVENT_KINDS,
    MOVEMENT_EVENTS,
    POSTED_EVENTS,
    POSTING_STATE_EVENTS,
    EventName,
    names_for_partners,
)
from gateway.returns.events.kinds import COMMON_FIELDS
from gateway.returns.ledger import Balances
from gateway.returns.model import MOVEMENT_KINDS, POSTING_KINDS, MovementKind, PostingKind, PostingState, Tally
from gateway.returns.model.movement_kinds import Balance
from translators.canonical.kinds import DOCUMENT_KINDS
from translators.erp.profile.model import Kind as ProfileKind

ROOT = Path(__file__).resolve().parents[3]


def gaps() -> list[str]:
    """One line for each place that lacks a member: what lacks which."""
    return [*_movement_gaps(), *_posting_gaps(), *_document_gaps(), *_event_gaps()]


def _lacking(place: str, wanted: object, there: object) -> list[str]:
    """The wanted names that a place does not have, and those that it has and nobody wants."""
    assert hasattr(wanted, "__iter__")
    assert hasattr(there, "__iter__")
    names, found = list(wanted), set(there)
    missing = [f"{place} lacks {name}" for name in names if name not in found]
    return missing + [f"{place} has {name}, which is no kind" for name in sorted(found - set(names))]


def _movement_gaps() -> list[str]:
    kinds = get_args(MovementKind)
    found = _lacking("MOVEMENT_KINDS in gateway/returns/model/movement_kinds.py", kinds, MOVEMENT_KINDS)
    found += _lacking(
        "Balance in gateway/returns/model/movement_kinds.py", Balances.__dataclass_fields__, get_args(Balance)
    )
    found += _lacking("MOVEMENT_EVENTS in gateway/returns/events/kinds.py", kinds, MOVEMENT_EVENTS)
    for kind, effect in MOVEMENT_KINDS.items():
        if effect.sum is None and effect.by_code is None:
            found.append(f"MOVEMENT_KINDS: {kind} changes no sum")
        for name in (effect.sum, effect.by_code):
            if name is not None and name not in Tally.__dataclass_fields__:
                found.append(f"Tally in gateway/returns/model/movements.py lacks {name}, which {kind} adds to")
    return found


def _posting_gaps() -> list[str]:
    kinds = get_args(PostingKind)
    described = inspect.getdoc(canonical.PostingRow) or ""
    template = (ROOT / "partners" / "_template" / "partner.toml").read_text()
    found = _lacking("POSTING_KINDS in gateway/returns/model/posting_kinds.py", kinds, POSTING_KINDS)
    found += _lacking("Kind in translators/erp/profile/model.py", ("*", *kinds), get_args(ProfileKind))
    found += _lacking(
        "ErpBatches in gateway/partners/sections/partner.py", ("default", *kinds), ErpBatches.model_fields
    )
    found += _lacking(
        "PostingRow's docstring in translators/canonical/outbound.py",
        kinds,
        [kind for kind in kinds if re.search(rf"\b{kind}\b", described)],
    )
    found += _lacking("partners/_template/partner.toml", kinds, [k for k in kinds if f"\n{k} = " in template])
    found += _lacking("POSTED_EVENTS in gateway/returns/events/kinds.py", kinds, POSTED_EVENTS)
    codes = [row.key_code for row in POSTING_KINDS.values()]
    found += [f"POSTING_KINDS: the key code {code} stands for two kinds" for code in codes if codes.count(code) > 1]
    found += [
        f"POSTING_KINDS: {kind} needs {row.needs}, which has no row"
        for kind, row in POSTING_KINDS.items()
        if row.needs and row.needs not in POSTING_KINDS
    ]
    return found


def _document_gaps() -> list[str]:
    inbound = [document.model_fields["kind"].default for document in get_args(get_args(canonical.Inbound)[0])]
    outbound = [document.model_fields["kind"].default for document in get_args(get_args(canonical.Outbound)[0])]
    known = [document.model_fields["kind"].default for document in MEANINGS]
    readme = (ROOT / "partners" / "README.md").read_text()
    described = [kind for kind in inbound if re.search(rf"^\| {kind}[ ,]", readme, re.M)]
    found = _lacking("MEANINGS in gateway/returns/entry/meanings.py", inbound, known)
    found += _lacking("DOCUMENT_KINDS in translators/canonical/kinds.py", inbound + outbound, DOCUMENT_KINDS)
    found += _lacking(
        "DocumentKind in gateway/partners/sections/partner.py", inbound + outbound, get_args(DocumentKind)
    )
    found += _lacking("partners/README.md (fields of documents)", inbound, described)
    return found


def _event_gaps() -> list[str]:
    place = "gateway/returns/events/kinds.py"
    names, states = get_args(EventName), get_args(PostingState)
    house = {name for part in get_args(HouseEvent) for name in get_args(part)}
    found = _lacking(f"EVENT_KINDS in {place}", names, EVENT_KINDS)
    found += _lacking(f"POSTING_STATE_EVENTS in {place}", states, POSTING_STATE_EVENTS)
    fields = {field for kind in EVENT_KINDS.values() for field in (*COMMON_FIELDS, *kind.fields)}
    found += _lacking(f"EVENT_FIELDS in {place}", sorted(fields), EVENT_FIELDS)
    sections = "gateway/partners/sections/events.py"
    found += _lacking(f"PartnerEvent in {sections}", names_for_partners(), get_args(PartnerEvent))
    return found + _lacking(f"HouseEvent in {sections}", names, house)


if __name__ == "__main__":
    print("\n".join(gaps()) or "every kind has its rows")
    sys.exit(bool(gaps()))
