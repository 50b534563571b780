"""824 Application Advice → AcknowledgmentReceived."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from translators.canonical import AcknowledgmentReceived, Inbound, Party, Reference, SetAcknowledgment
from translators.provenance import Source
from translators.x12.envelope.header import is_date
from translators.x12.sets.acknowledgments.codes import APPLICATION_CODES, in_words
from translators.x12.sets.acknowledgments.group_response import SetVerdict, interchange_date
from translators.x12.sets.context import SetContext
from translators.x12.sets.reading.scopes import at

# DE 110, second letter.
APPLICATION_VERDICTS: Mapping[str, SetVerdict] = {
    "A": "accepted",
    "C": "accepted_with_errors",
    "E": "accepted_with_errors",
    "P": "accepted_with_errors",
}
# DE 110, first letter; any other is about a set.
APPLICATION_LEVELS: Mapping[str, Literal["interchange", "group"]] = {"B": "interchange", "G": "group"}


def read_824(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """An 824 → one document per OTI: the partner's business verdict on one of our sets (or group, or interchange)."""
    number, parties, documents = "", list[Party](), list[Inbound]()
    issued = interchange_date(context)
    opened: tuple[int, list[str]] | None = None
    references: list[Reference] = []
    errors: list[str] = []
    codes: list[str] = []
    for position, segment in enumerate(segments, start=1):
        ident = segment[0]
        if ident in ("OTI", "SE") and opened is not None:
            documents.append(_application_advice(opened, number, issued, parties, references, codes, errors, context))
            opened = None
        if ident == "BGN":
            number = context.text(at(segment, 2))
            if is_date(at(segment, 3), 8):
                said = at(segment, 3)
                issued = date(int(said[:4]), int(said[4:6]), int(said[6:8]))
        elif ident == "N1" and opened is None:
            parties.append(_party(segment, context))
        elif ident == "OTI":
            opened, references, errors, codes = (position, segment), [], [], []
        elif opened is not None and ident == "REF":
            references.append(Reference(kind=f"x12:{at(segment, 1)}", value=context.text(at(segment, 2))))
        elif opened is not None and ident == "TED":
            codes.append(at(segment, 1))
            errors.append(_application_error(segment, context))
        elif opened is not None and ident == "NTE" and errors:
            errors[-1] += f" ({context.text(at(segment, 2))})"
    return documents


def _party(segment: list[str], context: SetContext) -> Party:
    role = {"FR": "sender", "41": "sender", "TO": "receiver", "40": "receiver"}.get(at(segment, 1), at(segment, 1))
    name = context.text(at(segment, 2))
    return Party(role=role, name=name, qualifier=at(segment, 3), id=context.text(at(segment, 4)))


def _application_error(segment: list[str], context: SetContext) -> str:
    words = in_words(APPLICATION_CODES, at(segment, 1))
    text, place, value = context.text(at(segment, 2)), at(segment, 3), context.text(at(segment, 7))
    if text:
        words += f": {text}"
    if place:
        position, element = at(segment, 4), context.components(at(segment, 5))[0]
        words = f"{place}{element.zfill(2) if element else ''} (segment {position}): {words}"
    return words + (f" ({value})" if value else "")


def _application_advice(
    opened: tuple[int, list[str]],
    number: str,
    issued: date | None,
    parties: list[Party],
    references: list[Reference],
    codes: list[str],
    errors: list[str],
    context: SetContext,
) -> AcknowledgmentReceived:
    position, oti = opened
    said = at(oti, 1)
    verdict = APPLICATION_VERDICTS.get(said[1:2], "rejected")
    level = APPLICATION_LEVELS.get(said[:1], "set")
    qualifier, reference = at(oti, 2), context.text(at(oti, 3))
    about = SetAcknowledgment(
        set_id=at(oti, 10),
        control_number=at(oti, 9),
        verdict=verdict,
        codes=tuple(codes),
        errors=tuple(errors),
    )
    return AcknowledgmentReceived(
        number=number,
        purpose="response",
        issued_on=issued,
        parties=tuple(parties),
        references=(Reference(kind=f"x12:{qualifier}", value=reference), *references),
        acknowledges=level,
        control_number=at(oti, 8) if level != "interchange" else reference,
        verdict=verdict,
        codes=tuple(codes),
        note="; ".join(errors),
        sets=(about,) if level == "set" else (),
        provenance={
            "verdict": Source(segment="OTI", position=position, element=1),
            "control_number": Source(segment="OTI", position=position, element=8),
            "references": Source(segment="OTI", position=position, element=3),
        },
    )
