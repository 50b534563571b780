"""Holds: opened once, reopened if their cause goes further than when they were resolved."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.holds import hold_class
from gateway.returns.model import Hold, Return


@dataclass(slots=True)
class HoldCause:
    """Why a derived Hold should be open."""

    class_: str
    line_no: str
    detail: str
    extent: str
    message: str
    owner: str = ""
    posting_key: str = ""
    document_id: int | None = None
    # Asked again even if it was answered before: the request was changed, and its line waits for a decision anew.
    anew: bool = False


def open_hold(return_: Return, cause: HoldCause, at: str, *, derived: bool = True) -> Hold | None:
    """Open the Hold of a cause, or reopen it if it goes further than when it was resolved; None if nothing changes."""
    key = ":".join(p for p in (cause.class_, return_.return_no, cause.line_no, cause.detail) if p)
    hold, row = return_.holds.get(key), hold_class(cause.class_)
    if hold is not None:
        if hold.extent == cause.extent and (hold.state == "open" or (hold.resolved_by and not cause.anew)):
            return None
        if hold.state == "resolved":
            hold.state, hold.resolution, hold.resolved_by, hold.resolved_at = "open", "", "", ""
            hold.opened_at = at
        hold.extent, hold.message = cause.extent, cause.message
        hold.owner = cause.owner or row.owner
        return hold
    hold = Hold(
        key=key,
        class_=cause.class_,
        owner=cause.owner or row.owner,
        line_no=cause.line_no,
        message=cause.message,
        next_action=row.next_action,
        opened_at=at,
        extent=cause.extent,
        derived=derived,
        document_id=cause.document_id,
        posting_key=cause.posting_key,
        partner=return_.partner,
    )
    return_.holds[key] = hold
    return hold
