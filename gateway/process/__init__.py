"""Intakes → documents → returns, holds, postings and dispatches: one transaction an interchange.

What a crash interrupts is done again from the archived bytes: an interchange that is in the store is not processed a
second time, one that is not has left no trace.
"""

from __future__ import annotations

from gateway.process.api import answer_taken
from gateway.process.codes import ask_for_known_codes
from gateway.process.piloting import review_pilots
from gateway.process.requests import carry_out_requests
from gateway.process.stage import Processing, process_waiting
from gateway.process.statuses import report_statuses

__all__ = [
    "Processing",
    "answer_taken",
    "ask_for_known_codes",
    "carry_out_requests",
    "process_waiting",
    "report_statuses",
    "review_pilots",
]
