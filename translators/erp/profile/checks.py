"""What a profile must say beyond the types of its keys: every problem, with its place."""

from __future__ import annotations

import codecs
import re
import string
from collections.abc import Iterator

from translators.erp.profile.model import ErpProfile, FieldSpec, FileSpec, RecordSpec
from translators.erp.profile.sources import COMPOSED, SOURCES, Source

Problem = tuple[str, str]
NAME_PARTS = (
    "profile",
    "PROFILE",
    "kind",
    "KIND",
    "destination",
    "DESTINATION",
    "batch_id",
    "sequence",
    "created",
    "date",
)
DATE_PARTS = ("YYYY", "YY", "MM", "DD")
_XML_NAME = re.compile(r"@?[A-Za-z_][\w.\-]*")
SEGMENT_DATA = 1000  # bytes of an IDoc data record's SDATA
CONTROL_RECORD = "EDI_DC40"


def profile_problems(profile: ErpProfile) -> Iterator[Problem]:
    """Every (place, problem) of a profile whose keys have the right types."""
    try:
        codecs.lookup(profile.encoding)
    except LookupError:
        yield "encoding", f"{profile.encoding!r} is not a known character set"
        return
    if len("A".encode(profile.encoding, "replace")) != 1:
        yield "encoding", f"in {profile.encoding!r} a letter is not one byte: widths would not be what they say"
    if profile.format == "xml" and profile.encoding.lower() not in {"utf-8", "utf8"}:
        yield "encoding", "XML files are written in utf-8"
    if profile.status == "experimental" and not profile.verified:
        yield "verified", "an experimental profile says what of it is verified, and what is not"
    if not profile.files:
        yield "files", "a profile writes at least one file"
    if profile.control is not None:
        yield from _name_problems("control.name", profile.control.name, (*NAME_PARTS, "stem"))
    for number, spec in enumerate(profile.files):
        place = f"files.{number}"
        yield from _name_problems(f"{place}.name", spec.name, NAME_PARTS)
        yield from _file_problems(profile, place, spec)


def _name_problems(place: str, pattern: str, allowed: tuple[str, ...]) -> Iterator[Problem]:
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError as error:
        yield place, f"{pattern!r}: {error}"
        return
    for text, name, spec, conversion in parts:
        if "/" in text or "\\" in text:
            yield place, "a file name has no folders"
        if name is None:
            continue
        if name not in allowed:
            yield place, f"{{{name}}} is not known; use {', '.join(allowed)}"
        if conversion or (spec and not (name == "sequence" and re.fullmatch(r"0[1-9]", spec))):
            yield place, f"{{{name}}} cannot be shaped like that; only {{sequence:06}} has a width"


def _file_problems(profile: ErpProfile, place: str, spec: FileSpec) -> Iterator[Problem]:
    for name in spec.group_by:
        if name not in SOURCES or SOURCES[name].scope != "row":
            yield f"{place}.group_by", f"{name!r} is not a field of a posting"
    if profile.format == "xml" and not _XML_NAME.fullmatch(spec.root):
        yield f"{place}.root", "an XML file names its root element"
    segments = {record.segment for record in spec.records}
    for number, record in enumerate(spec.records):
        at = f"{place}.records.{number}"
        if profile.format == "idoc":
            yield from _segment_problems(at, record, segments)
        elif profile.format == "xml" and not _XML_NAME.fullmatch(record.element):
            yield f"{at}.element", "an XML record names its element"
        if record.only_if and record.only_if not in SOURCES:
            yield f"{at}.only_if", f"{record.only_if!r} is not a source"
        if not record.fields and not (profile.format == "xml" and record.when == "group"):
            yield f"{at}.fields", "a record has at least one field (only the element around a group may have none)"
        for field in record.fields:
            yield from _field_problems(profile, f"{at}.fields.{field.name}", record, field)


def _segment_problems(place: str, record: RecordSpec, segments: set[str]) -> Iterator[Problem]:
    if not record.segment:
        yield f"{place}.segment", "an IDoc record names its segment"
    if record.parent and record.parent not in segments:
        yield f"{place}.parent", f"no record has the segment {record.parent!r}"
    size = sum(field.width for field in record.fields)
    if record.segment != CONTROL_RECORD and size > SEGMENT_DATA:
        yield f"{place}.fields", f"the fields need {size} bytes; a segment holds {SEGMENT_DATA}"


def _field_problems(profile: ErpProfile, place: str, record: RecordSpec, spec: FieldSpec) -> Iterator[Problem]:
    if profile.format in {"fixed", "idoc"} and not spec.width:
        yield place, "a field of fixed width needs `width`"
    if profile.format == "xml" and not _XML_NAME.fullmatch(spec.name):
        yield place, f"{spec.name!r} is not an XML name"
    if spec.map and spec.map not in profile.maps:
        yield place, f"there is no map {spec.map!r}"
    fed = spec.fed_from
    if fed not in SOURCES and fed not in COMPOSED:
        yield place, f"no source {fed!r}; give `from` (see the list of sources) or `constant`"
        return
    for name in spec.of if fed in COMPOSED else (fed,):
        source = SOURCES.get(name)
        if source is None:
            yield place, f"no source {name!r}"
        elif source.scope != "batch" and record.when in {"start", "end"}:
            yield place, f"{name} belongs to a {source.scope}: it has no value at the {record.when} of a file"
    if fed in {"concat", "first_of"} and not spec.of:
        yield place, f"{fed} needs `of`: the sources it is made of"
    source = SOURCES.get(fed)
    if source is not None:
        yield from _format_problems(place, spec, source)


def _format_problems(place: str, spec: FieldSpec, source: Source) -> Iterator[Problem]:
    if source.type == "date" and spec.format:
        rest = spec.format
        for part in DATE_PARTS:
            rest = rest.replace(part, "")
        if any(character.isalpha() for character in rest):
            yield place, f"{spec.format!r} is not a date format (YYYY, YY, MM, DD and marks)"
    if source.type != "decimal" and (spec.implied or spec.decimals is not None):
        yield place, f"{spec.fed_from} is not a number with decimals"
    if spec.implied and spec.decimals is None:
        yield place, "implied decimals need `decimals`: how many"
