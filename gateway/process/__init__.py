"""Intakes → documents → returns, Holds, postings and dispatches: one transaction an interchange.

`waiting` takes what waits and has it translated; then each kind of file has its way, to be read from top to bottom:
`x12_file`, `flat_file`, and `erp_result_file` for files that an ERP moved. The steps of a way are the rooms `admit`,
`record`, `acknowledge`, `decide` and `send`. `requests` carries out what people ask for.

What a crash interrupts is done again from the archived bytes: an interchange that is in the store is not processed a
second time, one that is not has left no trace.
"""

from __future__ import annotations

from gateway.process.requests.api_returns import answer_taken
from gateway.process.requests.carry_out import carry_out_requests
from gateway.process.requests.known_codes import ask_for_known_codes
from gateway.process.send.pilot import review_pilots
from gateway.process.send.status_files import report_statuses
from gateway.process.waiting import process_waiting
from gateway.process.work import Processing

__all__ = [
    "Processing",
    "answer_taken",
    "ask_for_known_codes",
    "carry_out_requests",
    "process_waiting",
    "report_statuses",
    "review_pilots",
]
