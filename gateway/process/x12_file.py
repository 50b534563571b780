"""The way of an X12 file, from top to bottom: admit → record → acknowledge → decide → send, one transaction each
interchange. The last one also ends the intake.

After a crash the way starts again from the archived bytes: an interchange that is in the store is passed over, one that
is not has left no trace.
"""

from __future__ import annotations

from collections import Counter

from gateway.process.acknowledge.interchange import acknowledge_interchange, acknowledge_refusal
from gateway.process.admit.interchange import hold_refused, refuse
from gateway.process.decide.received_documents import decide_received
from gateway.process.received_file import FileStep, ReceivedFile
from gateway.process.record.documents import DocumentNumbers
from gateway.process.record.interchange import (
    Interchange,
    interchanges_of,
    record_interchange,
    record_refused,
    recorded_outcome,
)
from gateway.process.record.outcome import Outcome, end_intake, outcome_of
from gateway.process.send.outgoing import send_all
from translators.translation import Translation


def process_x12_file(file: ReceivedFile, translation: Translation) -> None:
    """Bring an X12 file to its terminal state (or `held`), one interchange after the other."""
    numbers = DocumentNumbers()
    outcomes: list[Outcome] = []
    for interchange in interchanges_of(translation):
        with file.step() as step:
            outcomes.append(_process_interchange(step, interchange, numbers))
            if interchange.is_last:
                end_intake(step, "x12", Counter(outcomes), translation.findings, translation.all_sets())


def _process_interchange(step: FileStep, interchange: Interchange, numbers: DocumentNumbers) -> Outcome:
    """One interchange with all that it causes → its outcome."""
    earlier = recorded_outcome(step, interchange)
    if earlier is not None:
        numbers.skip(interchange.documents())
        return earlier

    refusal = refuse(step, interchange.result)
    if refusal is not None:
        refused_id = record_refused(step, interchange)
        hold_refused(step, interchange.ordinal, refusal)
        acknowledge_refusal(step, interchange.result, refused_id, refusal.finding)
        return "held"

    recorded = record_interchange(step, interchange, numbers)
    acknowledge_interchange(step, interchange, recorded)
    outgoing = decide_received(step, recorded.documents)
    send_all(outgoing, step.sending(f"{step.intake.id}:{interchange.ordinal}"))
    return outcome_of(interchange.result)
