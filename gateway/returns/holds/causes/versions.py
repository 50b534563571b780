"""Documents that came again with other content."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause
from gateway.returns.model import Return
from gateway.returns.policy import Policy


def version_causes(return_: Return, _credits: Mapping[str, Decimal], _policy: Policy) -> list[HoldCause]:
    """A version of a document that came beside another one, and of which nobody has said which is right."""
    causes: list[HoldCause] = []
    for key, versions in return_.competing_versions.items():
        prior = return_.applied[key].document_id
        for version in versions:
            if version.state == "open":
                text = (
                    f"document {key.rsplit(':', 1)[-1]} came again with other content: document {version.document_id}"
                )
                text += f" differs from document {prior}, which stands"
                detail = f"{key}:{version.fingerprint[:8]}"
                cause = HoldCause(
                    "duplicate_differs", "", detail, version.fingerprint, text, document_id=version.document_id
                )
                causes.append(cause)
    return causes
