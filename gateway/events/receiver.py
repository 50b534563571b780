"""One receiver over HTTP: a signed POST each event, and what came of it in a few words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.events.signature import signature_headers
from gateway.events.subscription import WebhookPlan
from gateway.returns.events import MEDIA_TYPE, StoredEvent, json_line

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True, slots=True)
class ReceiverConnection:
    """An open connection to a receiver, with the secrets that sign what goes over it."""

    plan: WebhookPlan
    secrets: tuple[str, ...]
    client: httpx.Client

    def post(self, event: StoredEvent, timestamp: int) -> str:
        """Tell one event → "" if the receiver has taken it (2xx), else why not. Its answer is not read or kept.

        Raises SecretUnusable.
        """
        import httpx  # only where there is a webhook: it takes 0.1 s

        body = json_line(event, self.plan.source).encode()
        headers = {"content-type": f"{MEDIA_TYPE}; charset=utf-8"}
        headers |= signature_headers(self.secrets, str(event.seq), timestamp, body)
        try:
            with self.client.stream("POST", self.plan.url, content=body, headers=headers) as response:
                status = response.status_code
        except httpx.TimeoutException:
            return f"no answer within {self.plan.timeout:g} s"
        except (httpx.HTTPError, httpx.InvalidURL) as trouble:
            return f"not reached ({type(trouble).__name__})"
        if 200 <= status < 300:
            return ""
        return f"status {status}" + (", a redirect, which is not followed" if 300 <= status < 400 else "")


@contextmanager
def connected(plan: WebhookPlan) -> Iterator[ReceiverConnection]:
    """A connection for one round. TLS is verified, redirects are not followed. Raises SecretUnusable."""
    import httpx  # only where there is a webhook: it takes 0.1 s

    secrets = tuple(secret.resolve() for secret in plan.secrets)
    with httpx.Client(timeout=plan.timeout, follow_redirects=False, trust_env=not plan.on_this_machine) as client:
        yield ReceiverConnection(plan, secrets, client)
