"""The way of an import file of ours that an ERP moved into a result folder, from top to bottom, in one transaction:
judge → record → decide → send → end.
"""

from __future__ import annotations

from gateway.process.admit.moved_file import MovedFile
from gateway.process.decide.folder_verdict import hold_contradiction, result_for_batch, verdict_of
from gateway.process.decide.received_documents import decide_received
from gateway.process.received_file import ReceivedFile
from gateway.process.record.documents import DocumentNumbers, record_documents
from gateway.process.record.outcome import end_moved_file
from gateway.process.send.outgoing import send_all


def process_moved_file(file: ReceivedFile, moved: MovedFile) -> None:
    """Apply what a result folder says to every posting of the batch; a contradiction opens a Hold."""
    with file.step() as step:
        verdict = verdict_of(step, moved)
        if verdict.outcome == "unclear":
            hold_contradiction(step, moved, verdict)
        result = result_for_batch(step, moved, verdict)
        if result is not None:
            (document,) = record_documents(step, None, [result], DocumentNumbers())
            outgoing = decide_received(step, [document])
            send_all(outgoing, step.sending(str(step.intake.id)))
        end_moved_file(step, verdict.text)
