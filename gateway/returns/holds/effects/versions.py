"""A person says which version of a document is right."""

from __future__ import annotations

from gateway.returns.decision import CannotResolve
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.model import CompetingVersion


def _version_in_question(answer: Answer) -> tuple[str, CompetingVersion]:
    """The version that the Hold is about, and the business key that it shares with the one that stands."""
    for key, versions in answer.return_.competing_versions.items():
        for version in versions:
            if version.fingerprint == answer.hold.extent and f":{key}:" in f":{answer.hold.key}:":
                return key, version
    raise CannotResolve("the version that this Hold is about is gone")


def keep_first_version(answer: Answer) -> None:
    """The version that stands is right; the other one is refused."""
    _, version = _version_in_question(answer)
    version.state = "refused"
    answer.decision.outcome.redo.append(version.document_id)


def take_new_version(answer: Answer) -> None:
    """The new version replaces the one that stands, as if its sender had said so: it is decided again."""
    _, version = _version_in_question(answer)
    version.state = "chosen"
    answer.decision.outcome.redo.append(version.document_id)
