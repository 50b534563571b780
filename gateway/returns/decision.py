"""What a decision works with: a document (or a person's answer), the returns it may concern, and its outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from gateway.returns.documents.ownership import Attribute
from gateway.returns.items.master_data import Facts
from gateway.returns.model import Arrival, Numbers, Outcome, Return, instant
from gateway.returns.policy import Policies, Policy, policy_for


class CannotResolve(ValueError):
    """A person's decision does not fit what it is about; the message says why."""


@dataclass(slots=True)
class PostingCause:
    """The document behind new postings: when (ISO instant), and the site, date and number it names."""

    at: str
    site: str = ""
    event_on: str = ""
    document_ref: str = ""


@dataclass(slots=True, frozen=True)
class ChangedReturn:
    """A return whose ledger a decision has brought up to date; its postings, Holds, clocks and keys are to follow.

    `policy`: of the return's partner. `line_nos`: the lines whose claims may have changed. `has_new_keys`: documents
    may know it by further keys now. `for_erp` false: what changed is nothing that the ERP is told of (goods on their
    way, a parcel's place).
    """

    return_: Return
    policy: Policy
    line_nos: list[str]
    cause: PostingCause
    has_new_keys: bool
    for_erp: bool


@dataclass(slots=True)
class Decision:
    """One document (or one person's answer) being decided. `at` is `now` as text, `changed` what is left to finish.

    `speaks_of`: the attribute of a return that the document is a word about; None for a person's decision.
    `repriced`: lines whose price or reason the partner has changed; their credit is made anew.
    """

    received: Arrival
    candidates: list[Return]
    facts: Facts
    policies: Policies
    now: datetime
    numbers: Numbers
    speaks_of: Attribute | None = None
    at: str = ""
    outcome: Outcome = field(default_factory=Outcome)
    repriced: frozenset[str] = frozenset()
    changed: list[ChangedReturn] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.at = instant(self.now)

    def policy(self, return_: Return) -> Policy:
        """The policy of the return's own partner."""
        return policy_for(self.policies, return_.partner)

    def policy_of(self, partner: str) -> Policy:
        """The policy of a partner's returns."""
        return policy_for(self.policies, partner)

    def note(self, return_: Return, text: str) -> None:
        """Add a line to the return's timeline."""
        self.outcome.notes.append((return_.return_no, text))
