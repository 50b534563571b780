"""A return request as JSON: the canonical document itself, as the API takes it and as a `.json` file may hold it.

Fields are those of `ReturnRequest`; one that it does not know is refused, with its place. The partner's crosswalks
turn its codes into ours as they do in every other format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from translators.canonical import Code, Item, RequestLine, ReturnRequest
from translators.findings import Finding, new_finding
from translators.profile import Profile
from translators.translation import SetResult

PURPOSES = ("original", "request", "change", "replace", "cancel")
MAX_DIGITS = 18  # before the decimal point and after it together, as in every other format
# Values that stand in one line of a file; words for people may have several.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_IN_WORDS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_WORDS = ("note", "text")
# Kinds of pydantic errors → findings; any other is a value that is not allowed.
_FINDINGS = {"missing": "missing_value", "extra_forbidden": "unknown_field", "json_invalid": "bad_json"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong and where: `place` is the path in the JSON ("lines.0.quantity", "" for the whole)."""

    code: str
    place: str
    message: str


def looks_like_json(data: bytes, name: str) -> bool:
    """Is this a JSON document by its name and its first character?"""
    return name.lower().endswith(".json") and data[:256].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def read_json_request(data: bytes, profile: Profile) -> tuple[ReturnRequest | None, list[Trouble]]:
    """Bytes → the canonical request with the partner's codes translated, or everything that is wrong with them."""
    try:
        request = ReturnRequest.model_validate_json(data.removeprefix(b"\xef\xbb\xbf"))
    except ValidationError as error:
        return None, [
            Trouble(
                _FINDINGS.get(problem["type"], "bad_value"),
                ".".join(str(part) for part in problem["loc"]),
                problem["msg"],
            )
            for problem in error.errors(include_url=False)
        ]
    troubles = list(_troubles(request))
    return (None, troubles) if troubles else (_translated(request, profile), [])


def read_json_file(data: bytes, profile: Profile) -> SetResult:
    """A `.json` file as one set: its document, or a finding for each thing that is wrong."""
    request, troubles = read_json_request(data, profile)
    if request is None:
        return SetResult("return_request", "1", 1, "rejected", findings=[_finding(trouble) for trouble in troubles])
    return SetResult("return_request", "1", 1, "accepted", documents=[request], length=len(data))


def _finding(trouble: Trouble) -> Finding:
    return new_finding(trouble.code, trouble.message, position=1, column=trouble.place)


def _troubles(request: ReturnRequest) -> Iterator[Trouble]:
    """Problems that the types of the fields do not find."""
    yield from _unwritable(request.model_dump(exclude={"provenance"}), "")
    if not request.number.strip():
        yield Trouble("missing_value", "number", "your own number of this request must be there")
    if request.purpose not in PURPOSES:
        yield Trouble("bad_value", "purpose", f"must be one of {', '.join(PURPOSES)}")
    if request.provenance:
        yield Trouble("unknown_field", "provenance", "is ours to say")
    if not request.lines and request.purpose != "cancel":
        yield Trouble("missing_value", "lines", "at least one line must be there")
    seen: set[str] = set()
    for n, line in enumerate(request.lines):
        if not line.line_no.strip() or line.line_no in seen:
            yield Trouble("bad_value", f"lines.{n}.line_no", "each line must have a number of its own")
        seen.add(line.line_no)
        if not line.item.ids():
            yield Trouble("missing_value", f"lines.{n}.item", "at least one id of the item must be there")
        if line.quantity <= 0:
            yield Trouble("bad_value", f"lines.{n}.quantity", "must be more than 0")


def _unwritable(value: Any, place: str) -> Iterator[Trouble]:
    """Values that files about this return could not carry: control characters, numbers too long."""
    if isinstance(value, dict | list | tuple):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _unwritable(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, str):
        pattern = _CONTROL_IN_WORDS if place.rpartition(".")[2] in _WORDS else _CONTROL
        if bad := pattern.search(value):
            yield Trouble("bad_value", place, f"holds a control character or line break (0x{ord(bad[0]):02X})")
    elif isinstance(value, Decimal) and max(value.adjusted(), 0) - min(_exponent(value), 0) >= MAX_DIGITS:
        yield Trouble("bad_value", place, f"must have at most {MAX_DIGITS} digits")


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)  # pydantic refuses infinity
    return exponent


def _translated(request: ReturnRequest, profile: Profile) -> ReturnRequest:
    on = request.issued_on.isoformat() if request.issued_on else ""
    lines = tuple(_line(line, profile, on) for line in request.lines)
    customer = profile.crosswalk("customer").ours(request.customer, on) or request.customer or profile.customer
    return request.model_copy(update={"lines": lines, "customer": customer})


def _line(line: RequestLine, profile: Profile, on: str) -> RequestLine:
    return line.model_copy(
        update={
            "item": _item(line.item, profile, on),
            "unit": profile.crosswalk("unit").ours(line.unit, on) or line.unit,
            "reason": _code(line.reason, "reason", profile, on),
            "condition": _code(line.condition, "condition", profile, on),
            "disposition": _code(line.disposition, "disposition", profile, on),
        }
    )


def _code(code: Code, crosswalk: str, profile: Profile, on: str) -> Code:
    """A raw code is translated by the crosswalk. Without a raw code, `canonical` is ours already."""
    if not code.raw:
        return code
    return code.model_copy(update={"canonical": profile.crosswalk(crosswalk).ours(code.raw, on) or ""})


def _item(item: Item, profile: Profile, on: str) -> Item:
    """Our SKU for the first id that the crosswalk `sku` knows."""
    crosswalk = profile.crosswalk("sku")
    known = (ours for id_ in item.ids() if (ours := crosswalk.ours(id_, on)))
    return item.model_copy(update={"sku": next(known, item.sku)})
