"""The differences that a reconciliation finds: between whom, what each means, of which class it is, who must act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RowClass = Literal["matched", "open", "different", "settled_outside"]


@dataclass(slots=True, frozen=True)
class DifferenceMeaning:
    """`between` whom it is and what it `means`. `class_`: open waits for something that should come, different is what
    somebody must look into. `since`: kinds of movements, of which the first that the line has says since when it waits.
    `accrues`: its units are received or due and not credited, and its amount is what would be credited.
    """

    between: str
    means: str
    class_: RowClass
    owner: str = ""
    since: tuple[str, ...] = ()
    accrues: bool = False


_GOODS, _OUTCOME = ("receive", "authorize"), ("disposition", "receive", "authorize")

# From the root to what follows from it: units that one of these has taken are in no row below.
DIFFERENCES: dict[str, DifferenceMeaning] = {
    "matched": DifferenceMeaning("", "all three agree", "matched"),
    "posted_not_received": DifferenceMeaning(
        "warehouse / ERP", "the ERP booked goods that did not come", "different", "warehouse", ("authorize",)
    ),
    "received_not_authorized": DifferenceMeaning(
        "warehouse / us", "more came than was authorized", "different", "customer_service", _GOODS
    ),
    "advance_not_returned": DifferenceMeaning(
        "partner / us",
        "credited or replaced in advance, and the goods have not come back",
        "open",
        "finance",
        ("credit", "authorize"),
    ),
    "charge_not_posted": DifferenceMeaning(
        "partner / ERP", "a charge is due that the ERP has not posted", "open", "finance", ("close_short",)
    ),
    "posting_refused": DifferenceMeaning(
        "us / ERP", "the ERP refused what we told it to post", "different", "it", _OUTCOME, accrues=True
    ),
    "posting_unconfirmed": DifferenceMeaning(
        "us / ERP", "sent to the ERP, which has not said what became of it", "open", "it", _OUTCOME, accrues=True
    ),
    "received_not_posted": DifferenceMeaning(
        "warehouse / ERP", "goods came that the ERP has not booked", "open", "it", _GOODS, accrues=True
    ),
    "credit_not_posted": DifferenceMeaning(
        "partner / ERP", "credit is due that the ERP has not given", "open", "finance", _OUTCOME, accrues=True
    ),
    "disposition_not_posted": DifferenceMeaning(
        "warehouse / ERP", "an outcome of inspection that the ERP has not booked", "open", "it", _OUTCOME, accrues=True
    ),
    "credit_beyond_due": DifferenceMeaning(
        "partner / ERP", "the ERP credited more than is due", "different", "finance", ("credit", "authorize")
    ),
    "erp_amount_differs": DifferenceMeaning(
        "us / ERP", "the ERP booked other money than it was asked to", "different", "finance", ("credit", "receive")
    ),
    "settled_outside": DifferenceMeaning(
        "us / ERP", "a person voided what would have told the ERP", "settled_outside", "", _OUTCOME, accrues=True
    ),
    "not_inspected": DifferenceMeaning(
        "warehouse / us", "goods came that nobody has inspected", "open", "warehouse", _GOODS, accrues=True
    ),
    "outcome_missing": DifferenceMeaning(
        "warehouse / us",
        "goods were inspected, and nobody has said what becomes of them",
        "open",
        "warehouse",
        ("inspect", "receive"),
        accrues=True,
    ),
    "outcome_open": DifferenceMeaning(
        "warehouse / us",
        "goods stand where they may not stay: in quarantine, refurbishment or repair",
        "open",
        "warehouse",
        _OUTCOME,
        accrues=True,
    ),
    "received_not_shipped": DifferenceMeaning(
        "partner / warehouse", "more came than the partner says it shipped", "different", "partner", _GOODS
    ),
    "closed_short": DifferenceMeaning(
        "partner / warehouse", "did not come, and we closed it short", "different", "", ("close_short",)
    ),
    "shipped_not_received": DifferenceMeaning(
        "partner / warehouse", "the partner shipped more than came", "open", "warehouse", ("ship", "authorize")
    ),
    "awaiting_goods": DifferenceMeaning(
        "partner / us", "authorized, and the partner has not shipped it", "open", "partner", ("authorize",)
    ),
    "supplier_owes": DifferenceMeaning("supplier / us", "the supplier has not paid what we claim", "open", "finance"),
}
