"""Is the process alive, is the gateway ready, and what does it count: for machines that ask."""

from __future__ import annotations

import os
from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response

from gateway.disk import free_bytes
from gateway.partners.model import Limits
from gateway.web.endpoints.metrics import exposition
from gateway.web.sources import PageSources, Sources

STALE_SECONDS = 120.0
MEGABYTE = 1024 * 1024
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Heartbeat = Callable[[], float]


def health_router(heartbeat: Heartbeat | None) -> APIRouter:
    """/livez, /readyz and /metrics. `heartbeat` gives the seconds since the main loop last went round."""
    router = APIRouter()

    def livez() -> PlainTextResponse:
        stale = heartbeat is not None and heartbeat() > STALE_SECONDS
        return PlainTextResponse("the main loop stands still\n" if stale else "alive\n", 503 if stale else 200)

    def readyz(sources: PageSources) -> PlainTextResponse:
        missing = not_ready(sources)
        text = "".join(f"not ready: {part}\n" for part in missing) or "ready\n"
        return PlainTextResponse(text, 503 if missing else 200)

    def metrics(sources: PageSources) -> Response:
        return Response(exposition(sources), media_type=METRICS_TYPE)

    for path, answer in (("/livez", livez), ("/readyz", readyz), ("/metrics", metrics)):
        router.add_api_route(path, answer, methods=["GET", "HEAD"], response_class=PlainTextResponse)
    return router


def not_ready(sources: Sources) -> list[str]:
    """What keeps the gateway from working, in a few words each; empty when it can work."""
    missing: list[str] = []
    if not sources.store.answers():
        missing.append("store")
    for name, folder in (
        ("archive", sources.home.archive),
        ("outbox", sources.home.outbox),
        ("inbox", sources.home.inbox),
    ):
        if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            missing.append(name)
    book = sources.book()
    limits = book.house.limits if book is not None else Limits()
    if "archive" not in missing and free_bytes(sources.home.archive) < limits.min_free_disk_mb * MEGABYTE:
        missing.append("disk space")
    return missing
