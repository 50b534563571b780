"""A 997 or 999 that a partner sends: its verdict on a functional group of ours and on each set of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal

from translators.canonical import AcknowledgmentReceived, Inbound, SetAcknowledgment
from translators.provenance import Source
from translators.x12.envelope.standards import is_date
from translators.x12.sets.acknowledgments.codes import (
    ELEMENT_CODES,
    GROUP_CODES,
    SEGMENT_CODES,
    SET_CODES,
    in_words,
)
from translators.x12.sets.context import SetContext
from translators.x12.sets.reading.scopes import at

SetVerdict = Literal["accepted", "accepted_with_errors", "rejected"]
GroupVerdict = Literal["accepted", "accepted_with_errors", "partially_accepted", "rejected"]

# DE 717; M, W and X are security failures: the set was not processed.
SET_VERDICTS: Mapping[str, SetVerdict] = {"A": "accepted", "E": "accepted_with_errors"}
# DE 715.
GROUP_VERDICTS: Mapping[str, GroupVerdict] = {
    "A": "accepted",
    "E": "accepted_with_errors",
    "P": "partially_accepted",
}


def interchange_date(context: SetContext) -> date | None:
    """The day of the group (GS04), else of the interchange (ISA09); None where neither is a day."""
    value = context.group_date if is_date(context.group_date, 8) else f"20{context.interchange_date}"
    return date(int(value[:4]), int(value[4:6]), int(value[6:8])) if is_date(value, 8) else None


def read_group_response(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """One 997 or 999 (split segments) → one document about one functional group of ours, with the verdict on each set.

    The IK segments of a 999 stand where the AK segments of a 997 do and say the same and more. Empty for a set
    without AK1: it is about nothing.
    """
    known: dict[str, Any] = {"number": context.group_control_number, "issued_on": interchange_date(context)}
    provenance: dict[str, Source] = {}
    sets: list[SetAcknowledgment] = []
    open_set: list[str] | None = None
    errors: list[str] = []
    place = ""
    for position, segment in enumerate(segments, start=1):
        ident = segment[0]
        if ident == "AK1":
            known |= {"functional_id": at(segment, 1), "control_number": at(segment, 2)}
            provenance["functional_id"] = Source(segment="AK1", position=position, element=1)
            provenance["control_number"] = Source(segment="AK1", position=position, element=2)
        elif ident == "AK2":
            open_set, errors = segment, []
        elif ident in ("AK3", "IK3"):
            place = f"{at(segment, 1)} (segment {at(segment, 2)})"
            # 8 only announces the elements that follow.
            if at(segment, 4) not in ("", "8"):
                errors.append(f"{place}: {in_words(SEGMENT_CODES, at(segment, 4))}")
        elif ident in ("AK4", "IK4"):
            errors.append(_element_error(segment, place, context))
        elif ident in ("AK5", "IK5") and open_set is not None:
            sets.append(_set_acknowledgment(open_set, segment, errors))
            open_set, errors = None, []
        elif ident == "AK9":
            known |= _group_verdict(segment)
            provenance["verdict"] = Source(segment="AK9", position=position, element=1)
    if "control_number" not in known:
        return []
    return [AcknowledgmentReceived(purpose="response", sets=tuple(sets), provenance=provenance, **known)]


def _element_error(segment: list[str], place: str, context: SetContext) -> str:
    element, component, occurrence, *_ = [*context.components(at(segment, 1)), "", "", ""]
    element_text = f"element {element}" if element else "an element"
    if component:
        element_text += f", component {component}"
    if occurrence:
        element_text += f", occurrence {occurrence}"
    value = context.text(at(segment, 4))
    return f"{place}, {element_text}: {in_words(ELEMENT_CODES, at(segment, 3))}" + (f" ({value})" if value else "")


def _set_acknowledgment(opened: list[str], closed: list[str], errors: Iterable[str]) -> SetAcknowledgment:
    codes = _codes(closed, 2)
    # 5 only says that there are segments in error, and those are listed.
    listed = list(errors)
    listed += [in_words(SET_CODES, code) for code in codes if code != "5" or not listed]
    return SetAcknowledgment(
        set_id=at(opened, 1),
        control_number=at(opened, 2),
        verdict=SET_VERDICTS.get(at(closed, 1), "rejected"),
        codes=codes,
        errors=tuple(listed),
    )


def _group_verdict(segment: list[str]) -> dict[str, Any]:
    codes = _codes(segment, 5)
    return {
        "verdict": GROUP_VERDICTS.get(at(segment, 1), "rejected"),
        "included": _count(at(segment, 2)),
        "received": _count(at(segment, 3)),
        "accepted": _count(at(segment, 4)),
        "codes": codes,
        "note": "; ".join(in_words(GROUP_CODES, code) for code in codes),
    }


def _count(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() else 0


def _codes(segment: list[str], first: int) -> tuple[str, ...]:
    return tuple(code.strip() for code in segment[first : first + 5] if code.strip())
