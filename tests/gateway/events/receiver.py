"""A receiver of webhooks on this machine, which keeps what it is told and answers as it is told to."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """`statuses`: what it answers to the next posts, then 200. `stuck`: while set, it does not answer at all."""

    url: str = ""
    secret: str = "words"
    statuses: list[int] = field(default_factory=list)
    location: str = ""
    stuck: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)
    posts: list[dict[str, Any]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def ids(self) -> list[str]:
        """The ids of what it has taken, in their order."""
        return [str(event["id"]) for event in self.taken]

    def answer(self, headers: Any, body: bytes) -> int:
        """Check the signature as the scheme says, keep the event → status."""
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        right = "v1," + base64.b64encode(hmac.new(self.secret.encode(), signed, "sha256").digest()).decode()
        if right not in headers["webhook-signature"].split(" "):
            return 401
        event = json.loads(body)
        self.posts.append(event)
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.taken.append(event)
        return status


@contextmanager
def receiving(**options: Any) -> Iterator[Receiver]:
    """A receiver at work on a port of its own."""
    receiver = Receiver(**options)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.paths.append(self.path)
            if receiver.stuck.is_set():
                receiver.release.wait(10)
            status = receiver.answer(self.headers, body)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("location", receiver.location)
            self.send_header("content-length", "6")
            self.end_headers()
            self.wfile.write(b"secret")

        def log_message(self, format: str, *args: object) -> None:
            """Not to standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/events"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.release.set()
        server.shutdown()
        thread.join()
        server.server_close()
