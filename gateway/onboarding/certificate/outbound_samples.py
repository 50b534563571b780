"""Samples of what we send: `samples/out/NAME.json` holds an outbound document, beside it the file it becomes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from gateway.partners import Partner
from translators.canonical import ErpBatch, ExpectedReceipt, Outbound, ReturnAnswer, StatusReport, VendorRequest
from translators.registry import OutboundBytes, render_erp, render_flat, render_x12
from translators.x12.writer import ControlNumbers

_OUTBOUND: TypeAdapter[Outbound] = TypeAdapter(Outbound)


class OutputError(Exception):
    """An outbound sample cannot be written; the message says why, in the words of whoever refused."""


def rendered_files(sample: Path, partner: Partner) -> dict[str, bytes]:
    """An outbound sample → the file (and its companions) that the partner gets: name → bytes.

    Control numbers are 1 and the time is the document's own date. Raises OutputError for a sample that is no outbound
    document, for a kind that the partner does not get, and for a value that the format cannot carry.
    """
    document = _document(sample)
    rendered = _rendered(document, partner)
    name = f"{sample.stem}{_ending(rendered, document, partner)}"
    return {name: rendered.data, **{f"{sample.stem}{Path(n).suffix}": data for n, data in rendered.extra}}


def _document(sample: Path) -> Outbound:
    try:
        return _OUTBOUND.validate_json(sample.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise OutputError(f"{sample.name} is no outbound document: {place}: {first['msg']}") from error


def _rendered(document: Outbound, partner: Partner) -> OutboundBytes:
    posting_kind = document.posting_kind if isinstance(document, ErpBatch) else ""
    wire = partner.writes(document.kind, posting_kind)
    if wire is None:
        kinds = f"{document.kind} {posting_kind}".strip()
        raise OutputError(f"{partner.id} gets no {kinds}: [receives] in partner.toml says none")
    try:
        if isinstance(document, ErpBatch):
            return render_erp(document, wire.name, partner.profile)
        if wire.kind == "flat":
            return render_flat([document], wire.name, partner.profile)
        if isinstance(document, StatusReport):
            raise OutputError("there is no X12 set for a status report: give it a flat layout")
        return render_x12([document], wire.name, partner.profile, ControlNumbers(1, 1), _moment(document))
    except (ValueError, KeyError) as error:
        raise OutputError(f"cannot be written as {wire.kind}:{wire.name}: {error}") from error


def _moment(document: ReturnAnswer | ExpectedReceipt | VendorRequest) -> datetime:
    clock = getattr(document, "issued_time", "0000")
    issued: date = document.issued_on
    return datetime.combine(issued, time(int(clock[:2]), int(clock[2:4])), UTC)


def _ending(rendered: OutboundBytes, document: Outbound, partner: Partner) -> str:
    if rendered.set_id:
        return ".edi"
    if rendered.name:
        return Path(rendered.name).suffix
    wire = partner.writes(document.kind)
    layout = partner.profile.layouts[wire.name] if wire else {}
    return {"delimited": ".csv", "fixed": ".txt", "xml": ".xml"}[str(layout.get("format", "delimited"))]
