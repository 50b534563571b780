"""File events as a hint: something changed in the inbox, look now instead of at the next scan."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gateway.faults import FolderUnusable, GatewayError
from gateway.home import Home

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver


class Doorbell:
    """Calls `ring` (from another thread) when something happens in an inbox folder. It may ring too often, or never:
    events get lost, and some filesystems have none. Nothing but the waiting time may depend on it.
    """

    def __init__(self, home: Home, ring: Callable[[], None]) -> None:
        self._home = home
        self._ring = ring
        self._observer: BaseObserver | None = None

    def start(self) -> GatewayError | None:
        """Begin to listen → what prevents it (a limit of the kernel), or None."""
        from watchdog.events import FileSystemEvent, FileSystemEventHandler  # only `run` listens
        from watchdog.observers import Observer

        claimed, ring = str(self._home.inbox_claimed), self._ring

        class Handler(FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:
                # Opening and reading rings nobody: the scan itself does that. Nor do our own claims.
                if event.event_type in {"created", "moved", "closed", "modified"} and not str(
                    event.dest_path or event.src_path
                ).startswith(claimed):
                    ring()

        observer = Observer()
        observer.daemon = True
        observer.schedule(Handler(), str(self._home.inbox), recursive=True)
        try:
            observer.start()
        except OSError as error:
            return FolderUnusable(f"File events cannot be watched: {error.strerror}", subject=str(self._home.inbox))
        self._observer = observer
        return None

    def stop(self) -> None:
        """Stop listening."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
            self._observer = None
