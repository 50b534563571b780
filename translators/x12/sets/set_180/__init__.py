"""Transaction set 180, Return Merchandise Authorization and Notification: returns asked for, announced and answered."""

from __future__ import annotations

from translators.x12.sets.description import TransactionSet

SET = TransactionSet(
    id="180",
    title="Return Merchandise Authorization and Notification",
    name="return authorization and notification",
    group="AN",
    group_name="return authorization",
    reader="reader:read_180",
    writers={"return_answer": "answer_writer:write_180_response", "vendor_request": "request_writer:write_180_request"},
    becomes=("return_request", "authorization", "cancellation"),
    sent_by="retailer",
    wants={"return_answer": "180"},
)
