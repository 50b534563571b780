"""Every kind of movement, posting and document has its rows, and a new one is told which it lacks, by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gateway.returns.closed_tables import gaps
from tests.recipes.recipes import ScratchCopy

RECALL = '''

class Recall(InboundDocument):
    """A maker calls goods back."""

    kind: Literal["recall"] = "recall"

'''


def test_every_kind_has_its_rows() -> None:
    assert gaps() == []


@pytest.fixture
def copy(tmp_path: Path) -> ScratchCopy:
    return ScratchCopy.make(tmp_path)


def told(copy: ScratchCopy) -> list[str]:
    """What the gateway of the copy lacks."""
    return copy.run("python -m tests.gateway.returns.closed_tables", check=False).splitlines()


def test_a_new_kind_of_movement_lacks_its_row(copy: ScratchCopy) -> None:
    copy.insert("gateway/returns/model/movement_kinds.py", "MovementKind = Literal[", '    "recount",\n')
    assert told(copy) == [
        "MOVEMENT_KINDS in gateway/returns/model/movement_kinds.py lacks recount",
        "MOVEMENT_EVENTS in gateway/returns/events/kinds.py lacks recount",
    ]


def test_a_new_kind_of_posting_lacks_a_row_and_its_names_in_files(copy: ScratchCopy) -> None:
    copy.insert("gateway/returns/model/posting_kinds.py", "PostingKind = Literal[", '    "carrier_claim",\n')
    assert told(copy) == [
        "POSTING_KINDS in gateway/returns/model/posting_kinds.py lacks carrier_claim",
        "Kind in translators/erp/profile/model.py lacks carrier_claim",
        "ErpBatches in gateway/partners/sections/partner.py lacks carrier_claim",
        "PostingRow's docstring in translators/canonical/outbound.py lacks carrier_claim",
        "partners/_template/partner.toml lacks carrier_claim",
        "POSTED_EVENTS in gateway/returns/events/kinds.py lacks carrier_claim",
    ]


def test_a_new_kind_of_event_lacks_a_row_and_its_name_in_folders(copy: ScratchCopy) -> None:
    copy.insert("gateway/returns/events/kinds.py", "EventName = Literal[", '    "lost",\n')
    assert told(copy) == [
        "EVENT_KINDS in gateway/returns/events/kinds.py lacks lost",
        "HouseEvent in gateway/partners/sections/events.py lacks lost",
    ]


def test_a_new_kind_of_document_lacks_a_row_and_its_names_in_folders(copy: ScratchCopy) -> None:
    inbound = copy.root / "translators" / "canonical" / "inbound.py"
    union = "\nInbound = Annotated[\n    "
    inbound.write_text(inbound.read_text().replace(union, f"{RECALL}{union}Recall | "))
    assert told(copy) == [
        "MEANINGS in gateway/returns/entry/meanings.py lacks recall",
        "DOCUMENT_KINDS in translators/canonical/kinds.py lacks recall",
        "DocumentKind in gateway/partners/sections/partner.py lacks recall",
        "partners/README.md (fields of documents) lacks recall",
    ]
