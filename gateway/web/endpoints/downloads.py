"""The bytes of a received or sent file as a download: as they are, as text, never to be shown in place."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from gateway.disk import archive_path
from gateway.store.read import received, sent
from gateway.store.read.table_rows import DispatchRow, IntakeRow
from gateway.web.display.formatting import download_name
from gateway.web.security_headers import DOWNLOAD_POLICY
from gateway.web.sources import NotHere, PageSources, Sources
from gateway.web.views.list_filters import Id

MEDIA_TYPE = "text/plain; charset=utf-8"

router = APIRouter()


@router.get("/files/in/{intake_id}/raw")
def received_bytes(sources: PageSources, intake_id: Id) -> Response:
    """The archived bytes of a received file."""
    with sources.store.read() as snapshot:
        row = received.intake_row(snapshot, intake_id)
    if row is None:
        raise NotHere(f"There is no received file {intake_id}.")
    return _archived(sources, row, download_name(f"received-{intake_id}", row["name"]))


@router.get("/files/out/{dispatch_id}/raw")
def sent_bytes(sources: PageSources, dispatch_id: Id) -> Response:
    """The bytes of a sent file, from its row or from the archive."""
    with sources.store.read() as snapshot:
        row = sent.dispatch_row(snapshot, dispatch_id)
        stored = sent.dispatch_bytes(snapshot, dispatch_id)
    if row is None:
        raise NotHere(f"There is no sent file {dispatch_id}.")
    name = download_name(f"sent-{dispatch_id}", row["name"])
    return (
        _archived(sources, row, name)
        if stored is None
        else Response(stored, headers=_headers(name), media_type=MEDIA_TYPE)
    )


def _archived(sources: Sources, row: IntakeRow | DispatchRow, name: str) -> Response:
    if row["bytes_removed_at"]:
        raise NotHere(f"The bytes were removed at {row['bytes_removed_at'][:16]}: they are older than we keep them.")
    path = archive_path(sources.home, row["sha256"])
    if not path.is_file():
        raise NotHere("The archive does not have these bytes. `returns-gateway verify` says what else is missing.")
    return FileResponse(path, headers=_headers(name), media_type=MEDIA_TYPE)


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": DOWNLOAD_POLICY,
    }
