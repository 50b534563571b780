"""Holds about what a request claims beside the goods."""

from __future__ import annotations

from gateway.holds.row import Answer, HoldClass

ROWS = (
    HoldClass(
        "charge_differs",
        about="return",
        origin="return",
        stage="credit",
        owner="finance",
        severity="business_day",
        happened="a request claims freight, handling or another charge beyond what the policy credits",
        next_action="accept the charge, or refuse it",
        answers=(
            Answer("accept", "accept_charge", "All that is claimed of the charge is credited with the goods."),
            Answer("refuse", "nothing", "Only what the policy credits is credited; more was not owed."),
        ),
        runbook="A 180 or a file claims a charge, less restocking fee than ours, or more tax. Up to the policy's "
        "`[credited_charges]` it is credited unasked, the rest only with a yes. The goods are credited meanwhile; a "
        "charge that is accepted later is credited by taking the credit back and issuing it anew.",
    ),
)
