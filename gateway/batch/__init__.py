"""Due postings of a destination → one ERP import dispatch per posting kind: windows, cut-offs, totals, "send now".

A batch, its file's bytes and the move of its postings are one transaction: a posting is in exactly one file.
"""

from __future__ import annotations

from gateway.batch.answers import follow_deliveries
from gateway.batch.due import batch_due, is_due
from gateway.batch.work import Batching

__all__ = ["Batching", "batch_due", "follow_deliveries", "is_due"]
