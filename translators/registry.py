"""The door of the translators: identify and translate a file, acknowledge it, render what we send.

The gateway and the command line call only this module. Everything here is a pure function of its arguments: the same
bytes with the same profile give the same result anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from translators.canonical import ErpBatch, ExpectedReceipt, Inbound, ReturnAnswer, StatusReport, VendorRequest
from translators.findings import new_finding
from translators.profile import Profile
from translators.translation import InterchangeResult, Translation

if TYPE_CHECKING:
    from translators.flat.layout.model import Layout
    from translators.x12.acknowledge.files import AcknowledgmentFile, ControlNumbers
    from translators.x12.sets.context import Reader, SetContext

# Sets of a flat file that are translated, handed on and settled together: what a process holds of a long file.
SETS_PER_PART = 2000


def readers() -> Mapping[str, Reader]:
    """The reader of every set that has one, each importing its module on first use."""
    from translators.x12.sets.table import all_sets

    return {known.id: partial(_read, known.id, known.reader) for known in all_sets() if known.reader}


def _read(set_id: str, reader: str, segments: list[list[str]], context: SetContext) -> list[Inbound]:
    from translators.x12.sets.table import function_of

    documents: list[Inbound] = function_of(set_id, reader)(segments, context)
    return documents


X12_HEADS = (b"ISA", b"GS*", b"ST*", b"\xc9\xe2\xc1", b"I\x00S\x00A\x00", b"\x00I\x00S\x00A")
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def looks_like_x12(data: bytes) -> bool:
    """Does the file claim to be X12? An ISA at the start (after blanks or a byte order mark), in any common encoding.

    Bare GS or ST segments count too: X12 without its interchange is a finding, not another format.
    """
    head = data[:256]
    for mark in BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    head = head.lstrip(b" \t\r\n")
    if head.startswith(X12_HEADS):
        return True
    return head[:2] in {b"GS", b"ST"} and len(head) > 3 and not head[2:3].isalnum() and head[2:3] not in b" ,;\t"


def layouts(profile: Profile) -> list[Layout]:
    """The partner's inbound flat layouts, parsed. Raises `LayoutError` for a layout that is wrong.

    Import profiles of the partner stand among its layouts too; their direction is "erp".
    """
    from translators.flat.layout.parse import parse_layout

    parsed = [parse_layout(name, raw) for name, raw in profile.layouts.items() if raw.get("direction") != "erp"]
    return [layout for layout in parsed if layout.direction == "in"]


def translate(data: bytes, name: str, profile: Profile) -> Translation:
    """Bytes of one received file → interchanges or flat sets with verdicts, findings and canonical documents.

    `name` is the file's name as the partner wrote it (flat layouts are routed by it). Never raises for what is in the
    file: that is findings.
    """
    return joined_translation(translate_in_parts(data, name, profile))


def joined_translation(parts: Iterable[Translation]) -> Translation:
    """The parts of one file as one translation."""
    remaining = iter(parts)
    whole = next(remaining)
    for part in remaining:
        whole.sets += part.sets
    whole.more = False
    return whole


def translate_in_parts(data: bytes, name: str, profile: Profile) -> Iterator[Translation]:
    """As `translate`, but the sets of a long flat file come in parts, none of which is kept: at most `SETS_PER_PART` in
    each, and `more` says whether another follows. Whatever is wrong with the file as a whole stands in the first part.
    """
    if not data:
        yield Translation("unknown", findings=[new_finding("empty_file")])
        return
    if looks_like_x12(data):
        from translators.x12.read.file import read_interchanges

        read = read_interchanges(data, profile, readers())
        yield Translation("x12", interchanges=read.interchanges, findings=read.findings)
        return
    from translators.json_request import looks_like_json, read_json_file

    if looks_like_json(data, name):
        yield Translation("json", sets=[read_json_file(data, profile)], layout="return_request")
        return
    yield from _translate_flat(data, name, profile)


def _translate_flat(data: bytes, name: str, profile: Profile) -> Iterator[Translation]:
    from translators.flat.layout.signature import mismatch, name_fits, why_none_fits
    from translators.flat.read.file import stream_flat

    named = [layout for layout in layouts(profile) if name_fits(layout, name)]
    missed = {layout.name: mismatch(layout, data[:65536]) for layout in named}
    candidates = [layout for layout in named if not missed[layout.name]]
    if not candidates:
        fits_none = (
            new_finding("no_layout", why_none_fits(data, layouts(profile), missed), value=name)
            if profile.layouts
            else new_finding("not_recognised", value=name)
        )
        # The name is right and the header is wrong: findings say what the header lacks for each layout.
        yield Translation("unknown", findings=[fits_none, *chain.from_iterable(missed.values())])
        return
    if len(candidates) > 1:
        names = ", ".join(sorted(layout.name for layout in candidates))
        yield Translation("unknown", findings=[new_finding("ambiguous_layout", f"More than one layout fits: {names}")])
        return
    layout = candidates[0]
    file = stream_flat(data, layout, profile)
    part = Translation(layout.format, findings=file.findings, layout=layout.name)
    for set_result in file.sets:
        if len(part.sets) == SETS_PER_PART:
            part.more = True
            yield part
            part = Translation(layout.format, layout=layout.name)
        part.sets.append(set_result)
    yield part


def acknowledgments(translation: Translation, profile: Profile) -> list[bytes]:
    """The acknowledgment files a dry run shows: control numbers 1, time = the received interchange's own."""
    from translators.x12.acknowledge.files import ControlNumbers

    numbers = ControlNumbers(interchange=1, group=1)
    return [
        file.data
        for interchange in translation.interchanges
        for file in acknowledge(interchange, profile, numbers, at=None)
    ]


def acknowledge(
    interchange: InterchangeResult, profile: Profile, numbers: ControlNumbers, at: datetime | None
) -> list[AcknowledgmentFile]:
    """What we owe for one received interchange, rendered: TA1 and/or 997/999 files."""
    from translators.x12.acknowledge import files as module

    return module.acknowledge(interchange, profile, numbers, at)


@dataclass(frozen=True, slots=True)
class OutboundBytes:
    """Outbound bytes. `set_id` is "" for flat files; `extra` are files that go with it (a control file)."""

    data: bytes
    set_id: str = ""
    name: str = ""
    extra: tuple[tuple[str, bytes], ...] = ()


def render_x12(
    documents: Sequence[ReturnAnswer | ExpectedReceipt | VendorRequest],
    set_id: str,
    profile: Profile,
    numbers: ControlNumbers,
    at: datetime,
) -> OutboundBytes:
    """Outbound documents of one kind as one X12 interchange (a set each) in the partner's envelope.

    Raises `DelimiterInData` or `ValueTooLong` (ValueErrors) where the partner's format cannot carry a value;
    KeyError for a set that no document of this kind is written as.
    """
    from translators.x12.sets.table import function_of, set_description
    from translators.x12.writer import OutboundSet, render_interchange

    description = set_description(set_id)
    if description is None:
        raise KeyError(set_id)
    write = function_of(set_id, description.writers[documents[0].kind])
    sets = [OutboundSet(description.group, set_id, write(document, profile)) for document in documents]
    return OutboundBytes(render_interchange(sets, profile.envelope, numbers, at), set_id=set_id)


def render_flat(
    documents: Sequence[ReturnAnswer | ExpectedReceipt | VendorRequest | StatusReport], layout: str, profile: Profile
) -> OutboundBytes:
    """Outbound documents as one flat file in the partner's layout `layout`. Raises KeyError for an unknown layout."""
    from translators.flat.layout.parse import parse_layout
    from translators.flat.write.file import write_flat

    return OutboundBytes(write_flat(documents, parse_layout(layout, profile.layouts[layout]), profile))


def render_erp(batch: ErpBatch, erp_profile: str, profile: Profile) -> OutboundBytes:
    """One ERP batch as an import file of the profile named, the partner's own layout of that name first.

    Raises `Unrenderable` (a ValueError) naming the row and field that the format cannot carry; KeyError for an unknown
    profile name.
    """
    from translators.erp.profile.load import parse_erp_profile, shipped_erp_profiles
    from translators.erp.write.batch import render_batch

    raw = profile.layouts.get(erp_profile) or shipped_erp_profiles()[erp_profile]
    rendered = render_batch(batch, parse_erp_profile(erp_profile, raw))
    beside = (*rendered.others, *((rendered.control,) if rendered.control else ()))  # the control file comes last
    return OutboundBytes(rendered.data, name=rendered.name, extra=beside)
