"""Holds about goods that go back to their suppliers, and what these pay."""

from __future__ import annotations

from gateway.holds.answers import (
    CLAIM_AGAIN,
    DISMISS,
    WAIT_FOR_CREDIT,
    WRITE_OFF,
)
from gateway.holds.row import Answer, HoldClass

ROWS = (
    HoldClass(
        "vendor_differs",
        about="return",
        origin="return",
        stage="credit",
        owner="finance",
        severity="business_day",
        happened="a supplier takes back more or less than we asked it to",
        next_action="accept what the supplier takes back, or ask it again",
        answers=(
            Answer("accept", "nothing", "What the supplier allows stands."),
            Answer("ask_again", "ask_supplier_again", "The request goes to the supplier once more as it stands."),
            DISMISS,
        ),
        runbook="The supplier's answer allows another quantity than our vendor return asks for. Look at the answer's "
        "reason and at the agreement with the supplier. A new answer of the supplier closes the Hold or opens it anew.",
    ),
    HoldClass(
        "vendor_refused",
        about="return",
        origin="return",
        stage="disposition",
        owner="warehouse",
        severity="business_day",
        happened="a supplier does not take back all that we asked it to; the rest needs another outcome",
        next_action="say what becomes of the goods that the supplier does not take, or ask it again",
        answers=(
            Answer(
                "dispose",
                "move_refused_on",
                "So many units leave the goods for the vendor; the claim is for the others.",
                needs="OUTCOME=QUANTITY…",
            ),
            Answer("ask_again", "ask_supplier_again", "The request goes to the supplier once more as it stands."),
            DISMISS,
        ),
        runbook="The supplier's answer allows fewer units than our vendor return asks for, and only those are claimed. "
        "The others still stand with the goods for the vendor. A new outcome for them, or a new answer of the "
        "supplier, closes the Hold.",
    ),
    HoldClass(
        "vendor_credit_differs",
        about="return",
        origin="return",
        stage="credit",
        owner="finance",
        severity="business_day",
        happened="a supplier credits another amount, currency or quantity than we claim",
        next_action="accept what the supplier credits, claim the rest again, or wait for another credit note",
        answers=(
            Answer("accept", "write_off_claim", "The credit stands: the rest is written off, or kept if it is more."),
            CLAIM_AGAIN,
            WAIT_FOR_CREDIT,
        ),
        unlisted=(WRITE_OFF, DISMISS),
        runbook="The supplier's credit notes and our claim differ; the message names both. A further note, or one that "
        "replaces or cancels an earlier one, is counted by itself and may close the Hold. An amount in another "
        "currency is never converted.",
    ),
    HoldClass(
        "vendor_cost_unknown",
        about="return",
        origin="return",
        stage="credit",
        owner="finance",
        severity="business_day",
        happened="a supplier takes goods back, and nobody has said what they cost us: they are not claimed yet",
        next_action="say what one unit cost, or claim the goods without an amount",
        answers=(
            Answer(
                "cost",
                "set_cost",
                "One unit of the line cost this; the claim is posted with it.",
                needs="cost=AMOUNT [currency=CODE]",
            ),
            Answer("claim_without_cost", "claim_by_quantity", "The goods are claimed without an amount."),
        ),
        runbook="The product master had no cost price for the item when the return was opened. Say the cost, or have "
        "the claim posted by quantity. `cost_price` in the ERP's products export keeps this from happening again.",
    ),
)
