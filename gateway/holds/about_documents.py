"""Holds about documents that wait for their return."""

from __future__ import annotations

from gateway.holds.answers import DISMISS, DONE
from gateway.holds.row import Answer, HoldClass

ROWS = (
    HoldClass(
        "parked_too_long",
        about="document",
        origin="return",
        owner="customer_service",
        severity="business_day",
        happened="a document has found no return for `park_limit_hours`",
        message="{kind} {number} of {partner} waits since {since}: {reason}",
        next_action="find the return this document belongs to, or discard it",
        answers=(
            Answer("discard", "discard_document", "The document is not waited for any more."),
            DISMISS,
        ),
        unlisted=(DONE,),
        runbook="A receipt, shipment or inspection names numbers that no return has. Look at its references: a number "
        "typed wrong, or a request that never came, is the usual cause. When a return learns one of the numbers the "
        "document is applied and the Hold closes by itself.",
    ),
)
