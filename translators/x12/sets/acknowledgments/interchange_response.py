"""A TA1 that a partner sends: its verdict on an interchange of ours."""

from __future__ import annotations

from collections.abc import Mapping

from translators.canonical import AcknowledgmentReceived, Inbound
from translators.provenance import Source
from translators.x12.sets.acknowledgments.codes import INTERCHANGE_NOTES, in_words
from translators.x12.sets.acknowledgments.group_response import GroupVerdict, interchange_date
from translators.x12.sets.context import SetContext
from translators.x12.sets.reading.scopes import at

# DE I17.
INTERCHANGE_VERDICTS: Mapping[str, GroupVerdict] = {"A": "accepted", "E": "accepted_with_errors"}


def read_ta1(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """TA1 segments → one document each about a whole interchange of ours; `number` is the partner's ISA13."""
    documents: list[Inbound] = []
    for segment in segments:
        note = at(segment, 5)
        documents.append(
            AcknowledgmentReceived(
                number=context.interchange_control_number,
                purpose="response",
                issued_on=interchange_date(context),
                acknowledges="interchange",
                control_number=at(segment, 1),
                verdict=INTERCHANGE_VERDICTS.get(at(segment, 4), "rejected"),
                codes=(note,) if note else (),
                note=in_words(INTERCHANGE_NOTES, note) if note else "",
                provenance={
                    "control_number": Source(segment="TA1", element=1),
                    "verdict": Source(segment="TA1", element=4),
                    "codes": Source(segment="TA1", element=5),
                },
            )
        )
    return documents
