"""Plays a generated history: documents arrive, the ERP takes and answers its files, a person answers every Hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gateway.returns import Hold, Policy, Return, balances, net_postings
from gateway.returns.model import UNASSIGNED
from tests.gateway.returns.builders import orders
from tests.gateway.returns.corrected_histories import ErpDoes, Happening, Written
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell


@dataclass
class Played:
    """A history that was played: the shell, and every posting key that was sent, in order."""

    shell: Shell
    policy: Policy
    sent: list[str] = field(default_factory=list)
    _open: list[list[str]] = field(default_factory=list)
    _answered: list[tuple[list[str], list[str]]] = field(default_factory=list)

    def do(self, step: Sent | ErpDoes) -> None:
        """A document arrives, or the ERP does something."""
        match step:
            case "post_all":
                self.until_quiet()
            case "send":
                self._send()
            case "answer" | "answer_last" | "refuse":
                self._answer(step)
            case "again":
                if self._answered:
                    keys, refused = self._answered[-1]
                    self.shell.post(keys, refuse=refused)
            case (partner, document):
                self.shell.receive(document, partner)

    def _send(self) -> None:
        if keys := self.shell.ship_batches():
            self.sent += keys
            self._open.append(keys)

    def _answer(self, how: ErpDoes) -> None:
        """The ERP answers a file: the oldest, or the newest one; of a file that it refuses it takes every other row."""
        if self._open:
            keys = self._open.pop(-1 if how == "answer_last" else 0)
            refused = keys[::2] if how == "refuse" else []
            self.shell.post(keys, refuse=refused)
            self._answered.append((keys, refused))

    def until_quiet(self) -> None:
        """The ERP answers everything, and posts all that is ready, until nothing is."""
        while self._open or self.shell.returns:
            self._send()
            if not self._open:
                break
            self._answer("answer")


def play(said: Written, happening: Happening | None = None) -> Played:
    """Everything happens in this order (as it was written, the ERP at the end alone), and the ERP has answered all."""
    played = Played(Shell(policy=said.policy), said.policy)
    for number in ("SO1", "SO2"):
        played.shell.receive(orders(number, A=8, B=8), "atlas")
    for step in happening.steps if happening else said.documents:
        played.do(step)
    played.until_quiet()
    return played


# --- the person


MOST_ANSWERS = 60
# What is said of goods that came and that their partner cancels, by what is said of goods that nobody authorized.
CANCELLED_ANSWERS = {
    "accept": "keep_return",
    "quarantine_and_return": "send_back",
    "keep_without_credit": "keep_without_credit",
    "reject": "keep_return",
}


def answer_everything(played: Played, said: Written) -> None:
    """A person answers every open Hold, always the first one by class, return and item, and the ERP posts."""
    for _ in range(MOST_ANSWERS):
        undo(played)
        held = sorted(
            ((hold.class_, label(r), _item(r, hold.line_no), hold.key), r, hold)
            for r in played.shell.returns.values()
            for hold in r.open_holds()
        )
        if not held:
            return
        _, return_, hold = held[0]
        decision, choices = _answer_to(return_, hold, said)
        played.shell.answer_key(return_.return_no, hold.key, decision, **choices)
        played.until_quiet()
    raise AssertionError(f"never at an end: {[(hold.class_, hold.message) for _, _, hold in held]}")


def undo(played: Played) -> None:
    """What the ERP refused goes out again, and what it posted too much is taken back."""
    while asked := [
        (r.return_no, hold.key, decision)
        for r in played.shell.returns.values()
        for hold in r.open_holds()
        for class_, decision in (("erp_refused", "retry_posting"), ("reversal_undecided", "reverse"))
        if hold.class_ == class_
    ]:
        for return_no, key, decision in asked:
            if played.shell.returns[return_no].holds[key].state == "open":
                if decision == "retry_posting":
                    played.sent.remove(played.shell.returns[return_no].holds[key].posting_key)
                played.shell.answer_key(return_no, key, decision)
        played.until_quiet()


def _answer_to(return_: Return, hold: Hold, said: Written) -> tuple[str, dict[str, str]]:
    tally = return_.tally(hold.line_no) if hold.line_no else None
    match hold.class_:
        case "disposition_missing":
            assert tally is not None
            return "dispose", {"restock": str(tally.i - tally.dispositioned)}
        case "over_received":
            return said.surplus, {}
        case "cancelled_after_receipt":
            # Within the tolerance nothing waits of which the other answers could say what becomes of it.
            tolerated = said.policy.over_receipt_tolerance
            return "keep_return" if tolerated else CANCELLED_ANSWERS[said.surplus], {}
        case "wrong_site":
            return said.site, {}
        case "unexpected_item":
            if tally is None or not tally.r or not return_.lines[hold.line_no].sku:
                return "reject", {}
            return ("accept_unexpected" if said.surplus == "accept" else said.surplus), {}
        case "unassigned_goods":
            if said.surplus == "accept":
                return "create_return", {"partner": "northgate", "order": "SO1"}
            return "refuse", {}
        case "short_received":
            return "close_short", {}
        case "outcome_cannot_follow":
            return "withdraw", {}
        case "eligibility_review":
            return "approve", {}
        case _:
            return "dismiss", {}


# --- the end


def label(return_: Return) -> str:
    """What a return is known by in every order: its request, or the receipts that came without one."""
    if return_.request_number and return_.request_number != return_.return_no:
        return return_.request_number
    return " ".join(sorted({claim.source for claim in return_.all_claims() if claim.kind == "receive"}))


def _item(return_: Return, line_no: str) -> str:
    line = return_.lines.get(line_no)
    return line.sku or line.decision_text if line else ""


def ends(shell: Shell) -> dict[str, Any]:
    """What must not depend on the order: balances, net postings with their money, and open Holds, by item."""
    return {label(r): end for r in shell.returns.values() if any((end := _end(r)).values())}


def _end(return_: Return) -> dict[str, Any]:
    items = {no: _item(return_, no) for no in return_.lines} | {"": ""}
    lines = {}
    for no in return_.lines:
        b = balances(return_, no)
        if any((b.authorized, b.shipped, b.received, b.inspected, b.credited, b.claimed, b.closed_short)):
            lines[items[no]] = b
    net = {(items[no], kind, split): both for (no, kind, split), both in net_postings(return_).items()}
    holds = sorted((hold.class_, items[hold.line_no]) for hold in return_.open_holds())
    return {"lines": lines, "net": net, "holds": holds, "unassigned": return_.purpose == UNASSIGNED and bool(holds)}
