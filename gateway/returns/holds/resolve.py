"""A person's answer to a Hold: an audited decision that writes claims and movements, never an edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from gateway.holds import Effect, hold_class
from gateway.returns.apply.settle import settle_ledger
from gateway.returns.claims.acceptance import add_claim
from gateway.returns.decision import CannotResolve, Decision, PostingCause
from gateway.returns.ledger import balances
from gateway.returns.model import GOODS, REJECTED, Claim, CompetingVersion, Hold, LedgerEffect, Return, ReturnLine
from gateway.returns.outcome.dispose import dispose, without_outcome
from gateway.returns.request import answers
from gateway.returns.request.conclusion import conclude
from gateway.returns.vendors.requests import ask


@dataclass(slots=True)
class Answer:
    """One Hold being answered."""

    decision: Decision
    return_: Return
    hold: Hold
    choice: str
    actor: str
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The business key of the decision, for claims and movements: unique per Hold and opening."""
        return f"decision:{self.hold.key}:{self.hold.opened_at}"


# Why a claim is superseded that a person gave to another line.
ASSIGNED = "assigned"
# Hold classes that a line of a request may have while it is not decided.
_OF_REQUESTS = frozenset({"eligibility_review", "crosswalk_missing"})


def _request_key(return_: Return) -> tuple[str, int]:
    """Business key and document of the request, so that a later change of it replaces what was approved."""
    return next(
        ((k, a.document_id) for k, a in return_.applied.items() if k.startswith("return_request:")), ("request", 0)
    )


def _pending_line(answer: Answer) -> ReturnLine:
    line = answer.return_.lines.get(answer.hold.line_no)
    if line is None or line.decision != "pending" or answer.return_.cancelled:
        raise CannotResolve("this Hold is not about a request that waits: add the code to the partner's crosswalk")
    if answer.choice == "approve" and line.decision_reason == "unknown_unit":
        raise CannotResolve(
            f"nobody can say yet how many {line.unit} {line.asked} {line.asked_unit} are; say that first"
        )
    return line


def _settle_request(answer: Answer) -> None:
    """The request's own document waits no more once a person has decided its last line."""
    if not any(line.decision == "pending" for line in answer.return_.lines.values()):
        _, document_id = _request_key(answer.return_)
        answer.decision.outcome.moved[document_id] = ("applied", "")


def _approve_line(answer: Answer) -> None:
    return_, line = answer.return_, _pending_line(answer)
    source, document_id = _request_key(return_)
    line.decision, line.decision_reason, line.decision_text = "authorized", "", ""
    _settle_request(answer)
    effects: tuple[LedgerEffect, ...] = (("authorize", line.requested, "", "0"),)
    add_claim(return_, Claim(source, document_id, "authorize", line.line_no, effects, at=answer.decision.at))
    conclude(answer.decision, return_, return_.request_number)


def _deny_line(answer: Answer) -> None:
    line = _pending_line(answer)
    line.decision = "denied"
    _settle_request(answer)
    conclude(answer.decision, answer.return_, answer.return_.request_number)


def _authorize_what_came(answer: Answer) -> None:
    """What came beyond the authorization, all of it on a line that nobody asked for, is authorized as it came."""
    return_, line = answer.return_, answer.return_.lines[answer.hold.line_no]
    if answer.hold.class_ == "unexpected_item":
        line.decision, line.decision_reason, line.decision_text = "authorized", "", ""
    tally = return_.tally(line.line_no)
    _claim(answer, line.line_no, "authorize", (tally.r or tally.x) - tally.a)
    conclude(answer.decision, return_, return_.request_number, answer=False)


def _withdraw_goods(answer: Answer) -> None:
    """The goods are not ours: what documents said of them is withdrawn from the ledger."""
    for claim in answer.return_.claims.get(answer.hold.line_no, []):
        if claim.kind in GOODS and claim.state != "superseded":
            claim.state, claim.why = "superseded", REJECTED


def may_be_assigned_to(return_: Return, line_no: str) -> list[str]:
    """Lines that what was said of this one can be of: those that were asked for, or that we authorized."""
    lines = return_.lines.items()
    return [no for no, line in lines if no != line_no and (not line.added or return_.tally(no).a)]


def _move_goods_to_line(answer: Answer) -> None:
    """What documents said of an item or line number that the return does not have is said of one of its lines.

    The ids of the one become ids of the other, so that it holds for what is said of them later too.
    """
    return_, no, to = answer.return_, answer.hold.line_no, answer.choices.get("line", "")
    lines = may_be_assigned_to(return_, no)
    if set(answer.choices) != {"line"} or to not in lines:
        named = ", ".join(lines) or "no other line that was asked for"
        raise CannotResolve(f"say to which line, as line=NUMBER: {return_.return_no} has {named}")
    stray, line = return_.lines[no], return_.lines[to]
    for claim in return_.claims.get(no, []):
        if claim.kind in GOODS and claim.state != "superseded":
            moved = replace(claim, line_no=to, state="held" if claim.state == "held" else "waiting", seqs=[])
            claim.state, claim.why = "superseded", ASSIGNED
            add_claim(return_, moved)
    line.assigned += tuple(item_id for item_id in stray.ids if item_id not in line.ids)
    line.ids += tuple(item_id for item_id in stray.ids if item_id not in line.ids)
    stray.ids, stray.decision_reason, stray.decision_text = (), "assigned", f"it is line {to}"
    settle_ledger(answer.decision, return_, [no, to], PostingCause(answer.decision.at), has_new_keys=True)
    answers.announce(answer.decision, return_)


def _close_line_short(answer: Answer) -> None:
    b = balances(answer.return_, answer.hold.line_no)
    missing = b.short if b.shipped else b.open_to_receive
    _claim(answer, answer.hold.line_no, "close_short", missing)
    settle_ledger(answer.decision, answer.return_, [answer.hold.line_no], PostingCause(answer.decision.at))
    answers.announce(answer.decision, answer.return_)


def _claim(answer: Answer, line_no: str, kind: Literal["authorize", "close_short"], quantity: Decimal) -> None:
    add_claim(
        answer.return_,
        Claim(answer.source, 0, kind, line_no, ((kind, quantity, "", "0"),), at=answer.decision.at),
    )


def _version_in_question(answer: Answer) -> tuple[str, CompetingVersion]:
    """The version that the Hold is about, and the business key that it shares with the one that stands."""
    for key, versions in answer.return_.competing_versions.items():
        for version in versions:
            if version.fingerprint == answer.hold.extent and f":{key}:" in f":{answer.hold.key}:":
                return key, version
    raise CannotResolve("the version that this Hold is about is gone")


def _keep_first_version(answer: Answer) -> None:
    _, version = _version_in_question(answer)
    version.state = "refused"
    answer.decision.outcome.redo.append(version.document_id)


def _take_new_version(answer: Answer) -> None:
    """The new version replaces the one that stands, as if its sender had said so: it is decided again."""
    _, version = _version_in_question(answer)
    version.state = "chosen"
    answer.decision.outcome.redo.append(version.document_id)


def _dispose_goods(answer: Answer) -> None:
    open_ = without_outcome(answer.return_, answer.hold.line_no)
    dispose(
        answer.decision, answer.return_, answer.hold.line_no, answer.choices, answer.actor, available=open_.inspected
    )


def _ask_supplier_again(answer: Answer) -> None:
    """The request goes out once more as it stands: its answer clears the Hold, or opens it anew."""
    claim = next(c for c in answer.return_.vendor_claims.values() if answer.hold.key.endswith(f":{c.supplier}"))
    ask(answer.decision, answer.return_, claim)


def _retry_posting(answer: Answer) -> None:
    posting = answer.return_.postings[answer.hold.posting_key]
    posting.state, posting.error_code, posting.error_text = "waiting", "", ""
    posting.changed_at = answer.decision.at


def _drop_posting(answer: Answer) -> None:
    """It is settled outside the ERP's import files, and what needs it is void with it."""
    posting = answer.return_.postings[answer.hold.posting_key]
    posting.state, posting.waits_for, posting.changed_at = "void", "", answer.decision.at


# What each effect of an answer does to the return; the rows of gateway.holds say which answer has which.
_EFFECTS: dict[Effect, Callable[[Answer], None]] = {
    "nothing": lambda _: None,
    "approve_line": _approve_line,
    "deny_line": _deny_line,
    "authorize_what_came": _authorize_what_came,
    "withdraw_goods": _withdraw_goods,
    "move_goods_to_line": _move_goods_to_line,
    "dispose_goods": _dispose_goods,
    "close_line_short": _close_line_short,
    "keep_first_version": _keep_first_version,
    "take_new_version": _take_new_version,
    "ask_supplier_again": _ask_supplier_again,
    "retry_posting": _retry_posting,
    "drop_posting": _drop_posting,
}


def answer_hold(answer: Answer) -> None:
    """Mark the Hold as answered and do what the answer says. The ledger may be left to be settled by the caller.

    Raises CannotResolve, and the Hold is open as before then, if the decision does not answer it.
    """
    return_, hold, decision, context = answer.return_, answer.hold, answer.choice, answer.decision
    effect = _checked_effect(answer)
    hold.state, hold.resolved_by, hold.resolved_at = "resolved", answer.actor, context.at
    hold.resolution = " ".join([decision, *(f"{name}={value}" for name, value in answer.choices.items())])
    context.note(return_, f"{answer.actor} answered {hold.class_}: {hold.resolution}")
    try:
        _EFFECTS[effect](answer)
    except CannotResolve:
        hold.state, hold.resolution, hold.resolved_by, hold.resolved_at = "open", "", "", ""
        raise


def _checked_effect(answer: Answer) -> Effect:
    """What the decision does. Raises CannotResolve if it does not answer the Hold, or lacks what it needs."""
    return_, hold, decision = answer.return_, answer.hold, answer.choice
    row = hold_class(hold.class_)
    answer_row = row.answer(decision)
    if answer_row is None:
        names = ", ".join(other.name for other in row.answers)
        raise CannotResolve(f"{decision} does not answer {hold.class_}: {names} do")
    if bool(answer.choices) != bool(answer_row.needs):
        raise CannotResolve(
            f"{decision} needs {answer_row.needs}" if answer_row.needs else f"{decision} takes no further choice"
        )
    line = return_.lines.get(hold.line_no)
    if decision == "dismiss" and hold.class_ in _OF_REQUESTS and line is not None and line.decision == "pending":
        raise CannotResolve("the partner waits for an answer: approve or deny the line, or say what its code means")
    return answer_row.effect
