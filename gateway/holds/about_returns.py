"""Holds about a return: its request, and what documents say of it."""

from __future__ import annotations

from gateway.holds.answers import (
    APPROVE,
    DENY,
    DISMISS,
)
from gateway.holds.row import Answer, HoldClass

ROWS = (
    HoldClass(
        "eligibility_review",
        about="return",
        origin="return",
        stage="eligibility",
        owner="customer_service",
        severity="business_day",
        happened="a rule of the policy wants a person to decide the line; it cannot be dismissed",
        next_action="approve or deny the line",
        answers=(APPROVE, DENY),
        runbook="A rule of policy.toml says `hold` for this line; the message names the rule and its reason. Look at "
        "the order, the age of the sale and what the customer returned before. The partner waits for a yes or a no, so "
        "the Hold cannot be dismissed.",
    ),
    HoldClass(
        "crosswalk_missing",
        about="return",
        origin="return",
        stage="inspection",
        owner="it",
        severity="business_day",
        happened="a code, unit, item, site or customer has no meaning here: `codes` lists it, `codes answer` is the "
        "usual way; `approve` and `deny` only for a line of a request",
        next_action="say what it means (returns-gateway codes), or have the ERP export what is missing; what waited "
        "runs again",
        answers=(APPROVE, DENY, DISMISS),
        runbook="A document uses a word that no crosswalk row, policy or ERP export explains. Run `returns-gateway "
        "codes`: it lists each such word with the command that answers it. One answer sets every line free that waits "
        "for the word.",
    ),
    HoldClass(
        "cancel_exceeds_authorized",
        about="return",
        origin="return",
        stage="authorization",
        owner="customer_service",
        severity="business_day",
        happened="more is cancelled than was authorized",
        next_action="ask the partner: more is cancelled than was authorized",
        answers=(DISMISS,),
        runbook="A cancellation names more units than are still open on the line. Units that were shipped or received "
        "cannot be cancelled. Ask the partner which quantity they mean.",
    ),
    HoldClass(
        "incomplete",
        about="return",
        origin="return",
        owner="finance",
        severity="business_day",
        happened="a field is missing that a stage needs ([which](partners/README.md#rules-of-the-house))",
        next_action="have the request sent again with what is missing, or complete the return in the ERP, then dismiss "
        "this",
        answers=(DISMISS,),
        runbook="The return has reached a stage that needs a field which no document brought; the message names both. "
        "A document that brings the field closes the Hold by itself. Dismiss it when the return was completed in the "
        "ERP by hand.",
    ),
    HoldClass(
        "inconsistent_quantity",
        about="return",
        origin="return",
        stage="receipt",
        owner="warehouse",
        severity="business_day",
        happened="the exceptions of a receipt line exceed its quantity",
        next_action="correct the receipt: its exceptions exceed the quantity received",
        answers=(DISMISS,),
        runbook="A receipt line says, for example, 3 received and 4 of them damaged. The line has no effect until the "
        "warehouse sends a corrected receipt, which closes the Hold by itself.",
    ),
    HoldClass(
        "duplicate_differs",
        about="return",
        origin="return",
        stage="authorization",
        owner="customer_service",
        severity="business_day",
        happened="a document came again under its number with other content and no word of replacing",
        next_action="ask the sender which one is right, then keep the first or take the new one",
        answers=(
            Answer("keep_first", "keep_first_version", "The first version stands; the other one is refused for good."),
            Answer(
                "take_new",
                "take_new_version",
                "The new version replaces the first one, whose movements and postings are reversed.",
            ),
            DISMISS,
        ),
        runbook="Two documents have the same number and say different things; the first one stands until somebody "
        "decides. Compare the two on the return's page and ask the sender which one is right.",
    ),
    HoldClass(
        "ownership_conflict",
        about="return",
        origin="return",
        stage="authorization",
        owner="customer_service",
        severity="business_day",
        happened="somebody says what is not theirs to say, such as a retailer of a receipt, or another quantity than "
        "ours",
        next_action="decide which of the two is right",
        answers=(DISMISS,),
        runbook="A field of the return came from the party that owns it, and another party says something else. The "
        "owner's word stands. Ask both, and have the wrong one corrected by its sender.",
    ),
)
