"""What one row of the catalogue holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Owner = Literal["customer_service", "warehouse", "finance", "it", "partner"]
"""Whose move it is. A policy may name another owner for its own rules."""

Severity = Literal["urgent", "business_day"]
"""How soon a person should look: within the quarter of an hour, or within the business day (as for Faults)."""

Subject = Literal["return", "file", "dispatch", "document", "posting", "promise", "pilot"]
"""What a Hold is about."""

Origin = Literal["return", "file"]
"""What opens it: the state of a return (deciding everything again opens it again), or a file that came or goes."""

Stage = Literal["eligibility", "authorization", "shipment", "receipt", "inspection", "disposition", "credit", "erp"]
"""Where a return is blocked."""

Effect = Literal[
    "nothing",
    # carried out by the domain, on the return
    "approve_line",
    "deny_line",
    "authorize_what_came",
    "withdraw_goods",
    "withdraw_surplus",
    "send_surplus_back",
    "keep_surplus",
    "identify_item",
    "settle_site",
    "take_strange_numbers",
    "withdraw_strange_goods",
    "move_goods_to_line",
    "dispose_goods",
    "move_goods_on",
    "withdraw_outcome",
    "keep_cancelled_goods",
    "send_cancelled_goods_back",
    "keep_cancelled_without_credit",
    "create_return",
    "assign_goods",
    "refuse_goods",
    "close_line_short",
    "close_parcel_short",
    "keep_first_version",
    "take_new_version",
    "ask_supplier_again",
    "move_refused_on",
    "claim_again",
    "wait_for_credit",
    "write_off_claim",
    "set_cost",
    "claim_by_quantity",
    "retry_posting",
    "drop_posting",
    "reverse_posted",
    "keep_posted",
    "credit_sale_price",
    "credit_claimed_price",
    "credit_in_our_currency",
    "deny_authorized",
    "charge_back",
    "extend",
    "write_off",
    "accept_charge",
    # carried out by the gateway, on files, documents and postings
    "replay_intake",
    "take_as_new",
    "leave_duplicate",
    "send_again",
    "void_dispatch",
    "write_posting_again",
    "void_posting",
    "discard_document",
    "release_pilot",
    "void_pilot",
]
"""What an answer does: `gateway.returns.holds.resolve` or `gateway.process` carries it out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One decision that answers a Hold: `resolve HOLD name needs`.

    `does` says in one sentence what follows from it; `needs` is what is said beside the name, as people write it
    ("" for nothing).
    """

    name: str
    effect: Effect
    does: str
    needs: str = ""

    @property
    def written(self) -> str:
        """The answer as it is typed: "assign line=NUMBER"."""
        return f"{self.name} {self.needs}".rstrip()


@dataclass(frozen=True, slots=True)
class Case:
    """What differs where a class may be about a second kind of thing."""

    about: Subject
    message: str
    next_action: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class HoldClass:
    """One class of Hold.

    `happened` is the sentence of the README. `next_action` and `message` are templates: names in braces are filled from
    the Hold's subject (`{partner}`, `{intake_id}` …) and from the fields that its opener gives; `runbook` is none. An
    empty `message` means that the domain writes it from the state of the return. `stage` is where a return is blocked
    that has such a Hold; `clock` is the class of clock whose breach opens it. `unlisted` answers are taken too, but no
    list shows them.
    """

    name: str
    about: Subject
    owner: Owner
    severity: Severity
    happened: str
    next_action: str
    answers: tuple[Answer, ...]
    runbook: str
    origin: Origin
    message: str = ""
    stage: Stage = "authorization"
    clock: str = ""
    unlisted: tuple[Answer, ...] = ()
    cases: Mapping[str, Case] = field(default_factory=dict)

    @property
    def every_answer(self) -> tuple[Answer, ...]:
        """The answers of the row's cases and of the row, each name once; those that no list shows left out."""
        answers = (*(answer for case in self.cases.values() for answer in case.answers), *self.answers)
        return tuple({answer.name: answer for answer in answers}.values())

    @property
    def changes_return(self) -> bool:
        """Whether an answer to it is a decision about its return, which the domain carries out.

        A broken promise asks for nothing but what it is about, unless one of its answers does something.
        """
        acts = any(answer.effect != "nothing" for answer in self.answers)
        return self.origin == "return" and (self.about != "promise" or acts)

    def answers_about(self, posting_key: str) -> tuple[Answer, ...]:
        """What may be said to a Hold of this class, the most usual first: one that names a posting may take others."""
        return self.cases["posting"].answers if posting_key and "posting" in self.cases else self.answers

    def answer(self, decision: str, posting_key: str = "") -> Answer | None:
        """The answer of this name that a Hold takes, shown or not; None if it takes none such."""
        answers = (*self.answers_about(posting_key), *self.unlisted)
        return next((answer for answer in answers if answer.name == decision), None)

    @property
    def can_be_dismissed(self) -> bool:
        """Whether it may be closed with nothing done: by `dismiss` or `done`."""
        return any(answer.name in {"dismiss", "done"} for answer in self.answers)
