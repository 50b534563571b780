"""Postings that the ERP refused."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause
from gateway.returns.model import POSTING_KINDS, UNRENDERABLE, Return, plain
from gateway.returns.policy import Policy


def refusal_causes(return_: Return, _credits: Mapping[str, Decimal], _policy: Policy) -> list[HoldCause]:
    """Every posting that the ERP refused and nobody has settled since."""
    causes: list[HoldCause] = []
    for posting in return_.postings.values():
        if posting.state == "refused" and posting.error_code != UNRENDERABLE:
            error = f"{posting.error_code} {posting.error_text}"
            text = f"ERP refused {posting.kind} of {plain(posting.quantity)}: {error}".rstrip()
            owner = POSTING_KINDS[posting.kind].refusal_owner
            causes.append(
                HoldCause("erp_refused", posting.line_no, posting.key, posting.changed_at, text, owner, posting.key)
            )
    return causes
