"""824 Application Advice → AcknowledgmentReceived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from translators.canonical import AcknowledgmentReceived, Inbound, Party, Reference, SetAcknowledgment
from translators.provenance import Source
from translators.x12.envelope.standards import is_date
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
    header = _Header(interchange_date(context))
    advices: list[_Advice] = []
    for position, segment in enumerate(segments, start=1):
        if segment[0] == "OTI":
            advices.append(_Advice(position, segment))
        elif advices:
            advices[-1].add(segment, context)
        else:
            header.add(segment, context)
    # Without an SE nobody knows whether the last advice is whole.
    whole = advices if segments[-1][0] == "SE" else advices[:-1]
    return [advice.document(header, context) for advice in whole]


@dataclass(slots=True)
class _Header:
    """What stands before the first OTI and is true of every advice of the set."""

    issued_on: date | None
    number: str = ""
    parties: list[Party] = field(default_factory=list)

    def add(self, segment: list[str], context: SetContext) -> None:
        if segment[0] == "BGN":
            self.number = context.text(at(segment, 2))
            if is_date(at(segment, 3), 8):
                day = at(segment, 3)
                self.issued_on = date(int(day[:4]), int(day[4:6]), int(day[6:8]))
        elif segment[0] == "N1":
            self.parties.append(_party(segment, context))


@dataclass(slots=True)
class _Advice:
    """One OTI loop: the OTI itself, the references and the errors (TED, with NTE) behind it."""

    position: int
    oti: list[str]
    references: list[Reference] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, segment: list[str], context: SetContext) -> None:
        if segment[0] == "REF":
            self.references.append(Reference(kind=f"x12:{at(segment, 1)}", value=context.text(at(segment, 2))))
        elif segment[0] == "TED":
            self.codes.append(at(segment, 1))
            self.errors.append(_error(segment, context))
        elif segment[0] == "NTE" and self.errors:
            self.errors[-1] += f" ({context.text(at(segment, 2))})"

    def document(self, header: _Header, context: SetContext) -> AcknowledgmentReceived:
        oti = self.oti
        acknowledged = at(oti, 1)
        verdict = APPLICATION_VERDICTS.get(acknowledged[1:2], "rejected")
        level = APPLICATION_LEVELS.get(acknowledged[:1], "set")
        qualifier, reference = at(oti, 2), context.text(at(oti, 3))
        about = SetAcknowledgment(
            set_id=at(oti, 10),
            control_number=at(oti, 9),
            verdict=verdict,
            codes=tuple(self.codes),
            errors=tuple(self.errors),
        )
        return AcknowledgmentReceived(
            number=header.number,
            purpose="response",
            issued_on=header.issued_on,
            parties=tuple(header.parties),
            references=(Reference(kind=f"x12:{qualifier}", value=reference), *self.references),
            acknowledges=level,
            control_number=at(oti, 8) if level != "interchange" else reference,
            verdict=verdict,
            codes=tuple(self.codes),
            note="; ".join(self.errors),
            sets=(about,) if level == "set" else (),
            provenance={
                "verdict": Source(segment="OTI", position=self.position, element=1),
                "control_number": Source(segment="OTI", position=self.position, element=8),
                "references": Source(segment="OTI", position=self.position, element=3),
            },
        )


def _party(segment: list[str], context: SetContext) -> Party:
    role = {"FR": "sender", "41": "sender", "TO": "receiver", "40": "receiver"}.get(at(segment, 1), at(segment, 1))
    name = context.text(at(segment, 2))
    return Party(role=role, name=name, qualifier=at(segment, 3), id=context.text(at(segment, 4)))


def _error(segment: list[str], context: SetContext) -> str:
    words = in_words(APPLICATION_CODES, at(segment, 1))
    text, place, value = context.text(at(segment, 2)), at(segment, 3), context.text(at(segment, 7))
    if text:
        words += f": {text}"
    if place:
        position, element = at(segment, 4), context.components(at(segment, 5))[0]
        words = f"{place}{element.zfill(2) if element else ''} (segment {position}): {words}"
    return words + (f" ({value})" if value else "")
