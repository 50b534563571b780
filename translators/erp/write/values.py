"""One value → the text of one field. Nothing is cut, rounded or replaced: a value that does not fit is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from translators.erp.profile.model import ErpProfile, FieldSpec
from translators.erp.profile.sources import SOURCES, Place

Write = Callable[[Place], str]

_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
FORMULA_STARTS = ("=", "@", "\t", "\r")


class Unrenderable(ValueError):
    """A posting cannot be written in this format. `row_no` 0 means the batch itself (its name, a header, a trailer).

    The caller opens a Hold for that posting and renders the others.
    """

    def __init__(self, row_no: int, field: str, value: str, why: str) -> None:
        self.row_no = row_no
        self.field = field
        self.value = value
        self.why = why
        super().__init__(f"row {row_no}, field {field}: {value!r}: {why}")


class Unfit(ValueError):
    """A value does not fit its field (internal: the writer adds the row and raises `Unrenderable`)."""

    def __init__(self, field: str, value: str, why: str) -> None:
        self.field = field
        self.value = value
        self.why = why
        super().__init__(why)


def field_writer(profile: ErpProfile, spec: FieldSpec) -> Write:
    """A field of a profile → the function that writes it. The function raises `Unfit`."""
    read = _reader(profile, spec)
    mapped = profile.maps.get(spec.map) if spec.map else None
    finish = _finisher(profile, spec)

    def write(place: Place) -> str:
        text = read(place)
        if mapped is not None:
            found = mapped.get(text)
            if found is None:
                raise Unfit(spec.name, text, f"the map {spec.map} has no entry for it")
            text = found
        if not text and spec.required:
            raise Unfit(spec.name, "", "a value is required")
        return finish(text)

    source = SOURCES.get(spec.fed_from)
    if (
        source is None
        or source.type == "integer"
        or (source.scope != "batch" and mapped is None and source.type == "text")
    ):
        return write if mapped is not None or spec.required or spec.width else read
    return _remembering(source.read, write)


def _reader(profile: ErpProfile, spec: FieldSpec) -> Callable[[Place], str]:
    fed = spec.fed_from
    if fed == "blank":
        return lambda place: ""
    if fed == "constant":
        return lambda place: spec.constant
    if fed in {"concat", "first_of"}:
        parts = [_plain_reader(profile, spec, name) for name in spec.of]
        if fed == "concat":
            return lambda place: spec.separator.join(part(place) for part in parts)
        return lambda place: next((text for text in (part(place) for part in parts) if text), "")
    return _plain_reader(profile, spec, fed)


def _plain_reader(profile: ErpProfile, spec: FieldSpec, name: str) -> Callable[[Place], str]:
    source = SOURCES[name]
    read = source.read
    if source.type == "text":
        guard = _text_guard(profile, spec)
        return lambda place: guard(read(place))
    if source.type == "list":
        return _list_reader(read, profile, spec)
    if source.type == "integer":
        return lambda place: str(read(place))
    if source.type == "date":
        form = spec.format or "YYYY-MM-DD"
        return lambda place: "" if (value := read(place)) is None else write_date(value, form)
    return lambda place: "" if (value := read(place)) is None else write_decimal(value, spec)


def _list_reader(read: Callable[[Place], Any], profile: ErpProfile, spec: FieldSpec) -> Callable[[Place], str]:
    """The entries of a list with the field's separator between them; one that holds the separator is refused."""
    guard, separator = _text_guard(profile, spec), spec.separator or ";"

    def joined(place: Place) -> str:
        entries: tuple[str, ...] = read(place)
        for entry in entries:
            if separator in entry:
                raise Unfit(spec.name, entry, f"holds {separator!r}, which stands between the entries of the list")
        return guard(separator.join(entries)) if entries else ""

    return joined


def _remembering(read: Callable[[Place], Any], write: Write) -> Write:
    """The writer with a memory of texts: values that many rows share (dates, amounts, kinds) are converted once."""
    known: dict[Any, str] = {}

    def remembered(place: Place) -> str:
        value = read(place)
        text = known.get(value)
        if text is None:
            text = write(place)
            if len(known) < 4096:
                known[value] = text
        return text

    return remembered


def write_date(value: date, form: str) -> str:
    """A date in a format of YYYY, YY, MM, DD and marks."""
    text = form.replace("YYYY", f"{value.year:04}").replace("YY", f"{value.year % 100:02}")
    return text.replace("MM", f"{value.month:02}").replace("DD", f"{value.day:02}")


def write_decimal(value: Decimal, spec: FieldSpec) -> str:
    """A Decimal with exactly the field's decimals, or as it is. Raises `Unfit` where decimals would be lost."""
    value = value if value else abs(value)  # no minus before zero
    if spec.decimals is None:
        text = format(value, "f")
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", spec.decimal_mark)
    try:
        shown = value.quantize(Decimal(1).scaleb(-spec.decimals))
    except InvalidOperation as error:
        raise Unfit(spec.name, format(value, "f"), "has more digits than can be written exactly") from error
    if shown != value:
        raise Unfit(spec.name, format(value, "f"), f"has more than {spec.decimals} decimals")
    text = format(shown, "f")
    return text.replace(".", "") if spec.implied else text.replace(".", spec.decimal_mark)


def _text_guard(profile: ErpProfile, spec: FieldSpec) -> Callable[[Any], str]:
    """Text that would break the file or be taken for a formula is refused (or, if the profile says so, escaped)."""
    guard = profile.formula_guard if profile.format == "csv" else "off"
    forbidden = profile.delimiter if profile.format == "csv" and profile.quoting == "none" else ""

    def check(value: Any) -> str:
        text: str = value
        if not text:
            return ""
        bad = _CONTROLS.search(text) if not text.isprintable() else None
        if bad is not None:
            raise Unfit(spec.name, text, f"holds a control character (U+{ord(bad[0]):04X})")
        if guard != "off" and text[0] in FORMULA_STARTS:
            if guard == "hold":
                raise Unfit(spec.name, text, "begins like a formula (= or @)")
            return f"'{text}"
        if forbidden and (forbidden in text or '"' in text):
            raise Unfit(spec.name, text, "holds the delimiter or a quotation mark, and the profile quotes nothing")
        return text

    return check


def _finisher(profile: ErpProfile, spec: FieldSpec) -> Callable[[str], str]:
    """Widths: refuse what is too long; fill up what a fixed field leaves."""
    width, encoding = spec.width, profile.encoding
    fill = profile.format in {"fixed", "idoc"}
    zero_fill = spec.pad == "0" and spec.align == "right"

    def finish(text: str) -> str:
        if not width:
            return text
        size = len(text) if text.isascii() else _encoded_size(spec.name, text, encoding)
        if size > width:
            raise Unfit(spec.name, text, f"is {size} long; the field holds {width}")
        if not fill or size == width:
            return text
        padding = spec.pad * (width - size)
        if zero_fill and text.startswith("-"):
            return f"-{padding}{text[1:]}"
        return padding + text if spec.align == "right" else text + padding

    return finish


def _encoded_size(name: str, text: str, encoding: str) -> int:
    try:
        return len(text.encode(encoding))
    except UnicodeEncodeError as error:
        raise unencodable(name, text, error, encoding) from error


def unencodable(name: str, text: str, error: UnicodeEncodeError, encoding: str) -> Unfit:
    """The words about a character that the file's character set does not have."""
    character = error.object[error.start]
    return Unfit(name, text, f"{character!r} (U+{ord(character):04X}) does not exist in {encoding}")
