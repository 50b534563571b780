"""Signatures of webhooks, by the Standard Webhooks scheme: HMAC-SHA256 over id, timestamp and body.

Source: standardwebhooks.com, "Signature scheme". A secret that begins with `whsec_` is base64 behind it; any other is
taken as it is.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence
from hashlib import sha256

from gateway.faults import SecretUnusable

_BASE64_PREFIX = "whsec_"


def signature_headers(secrets: Sequence[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a message; `timestamp` in seconds since 1970. One signature for each secret.

    Raises SecretUnusable for a `whsec_` secret that is no base64.
    """
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    signatures = (base64.b64encode(hmac.new(_key(secret), signed, sha256).digest()).decode() for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _key(secret: str) -> bytes:
    if not secret.startswith(_BASE64_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_BASE64_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise SecretUnusable("a secret that begins with whsec_ must be base64 behind it") from None
