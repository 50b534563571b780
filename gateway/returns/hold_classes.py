"""Classes of Holds about returns: whose move each is, and what that move is."""

from __future__ import annotations

# Class → whose move it is, and what that move is.
CLASSES: dict[str, tuple[str, str]] = {
    "eligibility_review": ("customer_service", "approve or deny the line"),
    "crosswalk_missing": (
        "it",
        "say what it means (returns-gateway codes), or have the ERP export what is missing; what waited runs again",
    ),
    "unexpected_item": ("customer_service", "accept the item onto the return, say which line it is, or reject it"),
    "unknown_line": ("warehouse", "say which line it is, that nobody asked for it, or reject it"),
    "disposition_missing": ("warehouse", "say what becomes of the goods: each outcome with its quantity"),
    "over_received": ("customer_service", "accept the surplus, or reject it"),
    "short_received": ("customer_service", "close the line short, or ask the warehouse for a recount"),
    "inspection_exceeds_received": ("warehouse", "correct the receipt or the inspection: more was inspected than came"),
    "cancel_exceeds_authorized": ("customer_service", "ask the partner: more is cancelled than was authorized"),
    "vendor_differs": ("finance", "accept what the supplier takes back, or ask it again"),
    "incomplete": (
        "finance",
        "have the request sent again with what is missing, or complete the return in the ERP, then dismiss this",
    ),
    "inconsistent_quantity": ("warehouse", "correct the receipt: its exceptions exceed the quantity received"),
    "duplicate_differs": (
        "customer_service",
        "ask the sender which one is right, then keep the first or take the new one",
    ),
    "ownership_conflict": ("customer_service", "decide which of the two is right"),
    "erp_refused": ("finance", "correct the cause in the ERP, then retry or drop the posting"),
    "erp_conflict": ("it", "compare the ERP's two answers about this posting"),
    "erp_unknown_posting": ("it", "find out what the ERP posted: we never sent this key"),
    "parked_too_long": ("customer_service", "find the return this document belongs to, or discard it"),
}
OVERDUE = frozenset({"answer_overdue", "receipt_overdue", "inspection_overdue", "credit_overdue"})
