"""Signatures are those of the Standard Webhooks scheme: its published example, secrets of both forms, a rotation."""

from __future__ import annotations

import base64
import hmac

import pytest

from gateway.events.signature import signature_headers
from gateway.faults import SecretUnusable


def test_the_example_of_the_scheme() -> None:
    """Id, timestamp, body, secret and signature as the libraries of standardwebhooks.com test them."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = signature_headers([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_in_plain_words() -> None:
    (_, _, signature) = signature_headers(["plain words"], "1", 5, b"{}").values()
    digest = hmac.new(b"plain words", b"1.5.{}", "sha256").digest()
    assert signature == "v1," + base64.b64encode(digest).decode()


def test_two_secrets_sign_twice_while_one_is_changed() -> None:
    both = signature_headers(["new", "old"], "1", 5, b"{}")["webhook-signature"].split(" ")
    assert both == [signature_headers([each], "1", 5, b"{}")["webhook-signature"] for each in ("new", "old")]


def test_a_secret_that_claims_to_be_base64_and_is_not() -> None:
    with pytest.raises(SecretUnusable):
        signature_headers(["whsec_ä"], "1", 5, b"{}")
