"""TA1, 997, 999 and 824 that partners send → AcknowledgmentReceived documents, errors in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from translators.canonical import AcknowledgmentReceived, Inbound, Party, Reference, SetAcknowledgment
from translators.provenance import Source
from translators.x12.envelope.header import is_date
from translators.x12.sets.context import SetContext
from translators.x12.sets.set_997.codes import (
    APPLICATION_CODES,
    ELEMENT_CODES,
    GROUP_CODES,
    INTERCHANGE_NOTES,
    SEGMENT_CODES,
    SET_CODES,
    in_words,
)

SetVerdict = Literal["accepted", "accepted_with_errors", "rejected"]
GroupVerdict = Literal["accepted", "accepted_with_errors", "partially_accepted", "rejected"]

# DE 717; M, W and X are security failures: the set was not processed.
SET_VERDICTS: dict[str, SetVerdict] = {"A": "accepted", "E": "accepted_with_errors"}
# DE 715.
GROUP_VERDICTS: dict[str, GroupVerdict] = {
    "A": "accepted",
    "E": "accepted_with_errors",
    "P": "partially_accepted",
}
# DE 110, second letter.
APPLICATION_VERDICTS: dict[str, SetVerdict] = {
    "A": "accepted",
    "C": "accepted_with_errors",
    "E": "accepted_with_errors",
    "P": "accepted_with_errors",
}
APPLICATION_LEVELS = {"B": "interchange", "G": "group"}


def _at(segment: list[str], number: int) -> str:
    return segment[number].strip() if number < len(segment) else ""


def _count(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() else 0


def _codes(segment: list[str], first: int) -> tuple[str, ...]:
    return tuple(each.strip() for each in segment[first : first + 5] if each.strip())


def read_ta1(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """TA1 segments → one document each about a whole interchange of ours; `number` is the partner's ISA13."""
    verdicts: dict[str, GroupVerdict] = {"A": "accepted", "E": "accepted_with_errors"}
    documents: list[Inbound] = []
    for segment in segments:
        note = _at(segment, 5)
        documents.append(
            AcknowledgmentReceived(
                number=context.interchange_control_number,
                purpose="response",
                issued_on=_interchange_date(context),
                acknowledges="interchange",
                control_number=_at(segment, 1),
                verdict=verdicts.get(_at(segment, 4), "rejected"),
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


def _interchange_date(context: SetContext) -> date | None:
    value = context.group_date if is_date(context.group_date, 8) else f"20{context.interchange_date}"
    return date(int(value[:4]), int(value[4:6]), int(value[6:8])) if is_date(value, 8) else None


def read_997(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """A 997 → one document about one functional group of ours, with the verdict on each set it lists."""
    return _response(segments, context)


def read_999(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """A 999 → as a 997; IK segments say the same and more."""
    return _response(segments, context)


def _response(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    known: dict[str, Any] = {"number": context.group_control_number, "issued_on": _interchange_date(context)}
    provenance: dict[str, Source] = {}
    sets: list[SetAcknowledgment] = []
    open_set: list[str] | None = None
    errors: list[str] = []
    here = ""
    for position, segment in enumerate(segments, start=1):
        ident = segment[0]
        if ident == "AK1":
            known |= {"functional_id": _at(segment, 1), "control_number": _at(segment, 2)}
            provenance["functional_id"] = Source(segment="AK1", position=position, element=1)
            provenance["control_number"] = Source(segment="AK1", position=position, element=2)
        elif ident == "AK2":
            open_set, errors = segment, []
        elif ident in ("AK3", "IK3"):
            here = f"{_at(segment, 1)} (segment {_at(segment, 2)})"
            # 8 only announces the elements that follow.
            if _at(segment, 4) not in ("", "8"):
                errors.append(f"{here}: {in_words(SEGMENT_CODES, _at(segment, 4))}")
        elif ident in ("AK4", "IK4"):
            errors.append(_element_error(segment, here, context))
        elif ident in ("AK5", "IK5") and open_set is not None:
            sets.append(_set_acknowledgment(open_set, segment, errors))
            open_set, errors = None, []
        elif ident == "AK9":
            known |= _group_verdict(segment)
            provenance["verdict"] = Source(segment="AK9", position=position, element=1)
    if "control_number" not in known:
        return []
    return [AcknowledgmentReceived(purpose="response", sets=tuple(sets), provenance=provenance, **known)]


def _element_error(segment: list[str], here: str, context: SetContext) -> str:
    element, component, occurrence, *_ = [*context.components(_at(segment, 1)), "", "", ""]
    where = f"element {element}" if element else "an element"
    if component:
        where += f", component {component}"
    if occurrence:
        where += f", occurrence {occurrence}"
    value = context.text(_at(segment, 4))
    return f"{here}, {where}: {in_words(ELEMENT_CODES, _at(segment, 3))}" + (f" ({value})" if value else "")


def _set_acknowledgment(opened: list[str], closed: list[str], errors: Iterable[str]) -> SetAcknowledgment:
    codes = _codes(closed, 2)
    # 5 only says that there are segments in error, and those are listed.
    listed = list(errors)
    listed += [in_words(SET_CODES, code) for code in codes if code != "5" or not listed]
    return SetAcknowledgment(
        set_id=_at(opened, 1),
        control_number=_at(opened, 2),
        verdict=SET_VERDICTS.get(_at(closed, 1), "rejected"),
        codes=codes,
        errors=tuple(listed),
    )


def _group_verdict(segment: list[str]) -> dict[str, Any]:
    codes = _codes(segment, 5)
    return {
        "verdict": GROUP_VERDICTS.get(_at(segment, 1), "rejected"),
        "included": _count(_at(segment, 2)),
        "received": _count(_at(segment, 3)),
        "accepted": _count(_at(segment, 4)),
        "codes": codes,
        "note": "; ".join(in_words(GROUP_CODES, code) for code in codes),
    }


# --- 824 --------------------------------------------------------------------------------------------------------------


def read_824(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """An 824 → one document per OTI: the partner's business verdict on one of our sets (or group, or interchange)."""
    number, parties, documents = "", list[Party](), list[Inbound]()
    issued = _interchange_date(context)
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
            number = context.text(_at(segment, 2))
            if is_date(_at(segment, 3), 8):
                said = _at(segment, 3)
                issued = date(int(said[:4]), int(said[4:6]), int(said[6:8]))
        elif ident == "N1" and opened is None:
            parties.append(_party(segment, context))
        elif ident == "OTI":
            opened, references, errors, codes = (position, segment), [], [], []
        elif opened is not None and ident == "REF":
            references.append(Reference(kind=f"x12:{_at(segment, 1)}", value=context.text(_at(segment, 2))))
        elif opened is not None and ident == "TED":
            codes.append(_at(segment, 1))
            errors.append(_application_error(segment, context))
        elif opened is not None and ident == "NTE" and errors:
            errors[-1] += f" ({context.text(_at(segment, 2))})"
    return documents


def _party(segment: list[str], context: SetContext) -> Party:
    role = {"FR": "sender", "41": "sender", "TO": "receiver", "40": "receiver"}.get(_at(segment, 1), _at(segment, 1))
    name = context.text(_at(segment, 2))
    return Party(role=role, name=name, qualifier=_at(segment, 3), id=context.text(_at(segment, 4)))


def _application_error(segment: list[str], context: SetContext) -> str:
    words = in_words(APPLICATION_CODES, _at(segment, 1))
    text, place, value = context.text(_at(segment, 2)), _at(segment, 3), context.text(_at(segment, 7))
    if text:
        words += f": {text}"
    if place:
        position, element = _at(segment, 4), context.components(_at(segment, 5))[0]
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
    said = _at(oti, 1)
    verdict = APPLICATION_VERDICTS.get(said[1:2], "rejected")
    level = APPLICATION_LEVELS.get(said[:1], "set")
    qualifier, reference = _at(oti, 2), context.text(_at(oti, 3))
    about = SetAcknowledgment(
        set_id=_at(oti, 10),
        control_number=_at(oti, 9),
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
        control_number=_at(oti, 8) if level != "interchange" else reference,
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
