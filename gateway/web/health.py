"""Is the process alive, is the gateway ready, and what does it count: for machines that ask."""

from __future__ import annotations

import os
from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response

from gateway.disk import free_bytes
from gateway.partners.model import Limits
from gateway.web.metrics import exposition
from gateway.web.reading import From, Reading

STALE_SECONDS = 120.0
MEGABYTE = 1024 * 1024
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Heartbeat = Callable[[], float]


def router(heartbeat: Heartbeat | None) -> APIRouter:
    """/livez, /readyz and /metrics. `heartbeat` gives the seconds since the main loop last went round."""
    made = APIRouter()

    def livez() -> PlainTextResponse:
        stale = heartbeat is not None and heartbeat() > STALE_SECONDS
        return PlainTextResponse("the main loop stands still\n" if stale else "alive\n", 503 if stale else 200)

    def readyz(reading: From) -> PlainTextResponse:
        missing = not_ready(reading)
        text = "".join(f"not ready: {each}\n" for each in missing) or "ready\n"
        return PlainTextResponse(text, 503 if missing else 200)

    def metrics(reading: From) -> Response:
        return Response(exposition(reading), media_type=METRICS_TYPE)

    for path, answer in (("/livez", livez), ("/readyz", readyz), ("/metrics", metrics)):
        made.add_api_route(path, answer, methods=["GET", "HEAD"], response_class=PlainTextResponse)
    return made


def not_ready(reading: Reading) -> list[str]:
    """What keeps the gateway from working, in a few words each; empty when it can work."""
    missing: list[str] = []
    if not reading.store.answers():
        missing.append("store")
    for name, folder in (
        ("archive", reading.home.archive),
        ("outbox", reading.home.outbox),
        ("inbox", reading.home.inbox),
    ):
        if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            missing.append(name)
    book = reading.book()
    limits = book.house.limits if book is not None else Limits()
    if "archive" not in missing and free_bytes(reading.home.archive) < limits.min_free_disk_mb * MEGABYTE:
        missing.append("disk space")
    return missing
