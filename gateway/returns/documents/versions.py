"""Two documents with one business key and different content: the first stands until a person says which one does.

The versions that do not stand are remembered by what they say, so that the same answer holds whatever order they came
in, and however often one of them comes again.
"""

from __future__ import annotations

from typing import Literal

from gateway.returns.model import Return, Rival

Said = Literal["differs", "replaces", "refused"]


def said_of(return_: Return, key: str, fingerprint: str) -> Said:
    """What a person has said of this version of a document: take it, refuse it, or nothing yet."""
    rival = next((r for r in return_.rivals.get(key, ()) if r.fingerprint == fingerprint), None)
    if rival is None or rival.state == "open":
        return "differs"
    return "replaces" if rival.state == "chosen" else "refused"


def challenge(return_: Return, key: str, fingerprint: str, document_id: int) -> bool:
    """Note a version that differs from the one that stands; False if another document said the same before."""
    known = return_.rivals.setdefault(key, [])
    for rival in known:
        if rival.fingerprint == fingerprint:
            return rival.document_id == document_id
    known.append(Rival(document_id, fingerprint))
    return True


def settle_rivals(return_: Return, key: str, fingerprint: str, *, outranked: bool) -> list[int]:
    """Another version of a document stands from now on; documents to decide again.

    By a person's choice (same rank): the one that stood is refused. By a later purpose (`outranked`: it replaced or
    cancelled): nobody need say any more which of the earlier versions was right.
    """
    prior = return_.applied.get(key)
    if outranked:
        return [r.document_id for r in return_.rivals.pop(key, ()) if r.state == "open"]
    known = return_.rivals.get(key)
    if known is None or prior is None or prior.fingerprint == fingerprint:
        return []
    known[:] = [r for r in known if r.fingerprint != fingerprint]
    known.append(Rival(prior.document_id, prior.fingerprint, "refused"))
    return []
