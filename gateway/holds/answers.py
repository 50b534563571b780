"""Answers that several classes of Hold share."""

from __future__ import annotations

from gateway.holds.row import Answer

DISMISS = Answer("dismiss", "nothing", "Nothing is to be done here; the Hold opens again only if its cause grows.")
DONE = Answer("done", "nothing", "It was settled elsewhere; the Hold closes and nothing else changes.")
REPLAY = Answer("replay", "replay_intake", "The archived bytes are processed again, under the configuration of now.")

APPROVE = Answer("approve", "approve_line", "The line is authorized as it was asked for, and the partner is told.")
DENY = Answer("deny", "deny_line", "The line is denied, and the partner is told.")
ASSIGN = Answer(
    "assign",
    "move_goods_to_line",
    "What was said of this line is said of the other one, which was asked for; so is what comes later.",
    needs="line=NUMBER",
)
REJECT_GOODS = Answer("reject", "withdraw_goods", "The goods are not ours: what documents said of them is withdrawn.")
SEND_BACK = Answer(
    "quarantine_and_return",
    "send_surplus_back",
    "What came unasked is taken into quarantine and goes back to its sender, without credit.",
)
KEEP = Answer("keep_without_credit", "keep_surplus", "What came unasked is kept and booked, and never credited.")
IDENTIFY = Answer(
    "identify",
    "identify_item",
    "The goods are this item; what becomes of them is asked once more.",
    needs="sku=SKU",
)

CLAIM_AGAIN = Answer(
    "claim_again", "claim_again", "The claim goes to the supplier once more, and its money is owed from now on again."
)
WAIT_FOR_CREDIT = Answer("wait", "wait_for_credit", "More is to come: the money is owed from now on again.")
WRITE_OFF = Answer(
    "write_off", "write_off_claim", "What is open of the claim is given up; a credit that comes after all counts."
)

SEND_AGAIN = Answer("send_again", "send_again", "The same bytes go out once more under the same name.")
VOID_FILE = Answer("void", "void_dispatch", "The file is never sent.")
