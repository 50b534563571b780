"""Two documents with one business key and different content: the first stands until a person says which one does.

The versions that do not stand are remembered by what they say, so that the same answer holds whatever order they came
in, and however often one of them comes again.
"""

from __future__ import annotations

from typing import Literal

from gateway.returns.model import CompetingVersion, Return

Said = Literal["differs", "replaces", "refused"]


def answer_to_version(return_: Return, key: str, fingerprint: str) -> Said:
    """What a person has said of this version of a document: take it, refuse it, or nothing yet."""
    version = next(
        (candidate for candidate in return_.competing_versions.get(key, ()) if candidate.fingerprint == fingerprint),
        None,
    )
    if version is None or version.state == "open":
        return "differs"
    return "replaces" if version.state == "chosen" else "refused"


def note_version(return_: Return, key: str, fingerprint: str, document_id: int) -> bool:
    """Note a version that differs from the one that stands; False if another document said the same before."""
    versions = return_.competing_versions.setdefault(key, [])
    for version in versions:
        if version.fingerprint == fingerprint:
            return version.document_id == document_id
    versions.append(CompetingVersion(document_id, fingerprint))
    return True


def settle_versions(return_: Return, key: str, fingerprint: str, *, outranked: bool) -> list[int]:
    """Another version of a document stands from now on; documents to decide again.

    By a person's choice (same rank): the one that stood is refused. By a later purpose (`outranked`: it replaced or
    cancelled): nobody need say any more which of the earlier versions was right.
    """
    prior = return_.applied.get(key)
    if outranked:
        return [version.document_id for version in return_.competing_versions.pop(key, ()) if version.state == "open"]
    versions = return_.competing_versions.get(key)
    if versions is None or prior is None or prior.fingerprint == fingerprint:
        return []
    versions[:] = [version for version in versions if version.fingerprint != fingerprint]
    versions.append(CompetingVersion(prior.document_id, prior.fingerprint, "refused"))
    return []
