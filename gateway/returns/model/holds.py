"""Business exceptions that wait for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(slots=True)
class Hold:
    """A business exception that waits for a person. `extent` says how far it goes: a resolved one reopens if it grows.

    `derived` holds follow from the state of the return and clear themselves when their cause is gone; the others only
    a decision resolves. `owner`: partner, warehouse, customer_service, finance, it.
    """

    key: str
    class_: str
    owner: str
    line_no: str = ""
    message: str = ""
    next_action: str = ""
    opened_at: str = ""
    state: Literal["open", "resolved"] = "open"
    resolution: str = ""
    resolved_by: str = ""
    resolved_at: str = ""
    extent: str = ""
    derived: bool = True
    document_id: int | None = None
    posting_key: str = ""
    partner: str = ""
