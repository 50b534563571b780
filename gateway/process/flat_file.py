"""The way of a flat file, from top to bottom: admit → record → report wrong rows → decide → send, one transaction each
part, so that a file of any length takes the memory of one part. The last part also ends the intake.

The store says where to go on after a crash: sets are counted from the start of the file, and a part is there whole or
not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

from gateway.process.acknowledge.row_report import report_rows
from gateway.process.admit.duplicates import declared_batch, end_known_batch
from gateway.process.decide.received_documents import decide_received
from gateway.process.received_file import ReceivedFile
from gateway.process.record.documents import DocumentNumbers
from gateway.process.record.flat_part import record_part, recorded_sets
from gateway.process.record.outcome import Outcome, end_intake
from gateway.process.send.outgoing import send_all
from translators.translation import SetResult, Translation


def process_flat_file(file: ReceivedFile, first: Translation, rest: Iterable[Translation]) -> None:
    """Bring a flat file to its terminal state, part by part. Raises ParserEnded where a part cannot be had."""
    batch = declared_batch(file.partner, first)
    recorded_before = recorded_sets(file)
    so_far = _SoFar()
    for part in chain([first], rest):
        first_set = so_far.count(part)
        if so_far.sets <= recorded_before and part.more:
            so_far.numbers.skip(part.documents())
            continue
        with file.step() as step:
            if first_set == 0 and batch is not None and end_known_batch(step, batch, part.format):
                return
            documents = record_part(step, part.sets, first_set, recorded_before, so_far.numbers)
            if not part.more:
                report_rows(step, Translation(part.format, sets=so_far.wrong, findings=first.findings))
            outgoing = decide_received(step, documents)
            send_all(outgoing, step.sending(f"{file.intake.id}:{first_set}" if first_set else str(file.intake.id)))
            if not part.more:
                end_intake(step, part.format, so_far.outcomes, first.findings, so_far.wrong)


@dataclass(slots=True)
class _SoFar:
    """What the parts of a file leave for its end: how many sets there were, how they ended, and which were wrong."""

    sets: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    wrong: list[SetResult] = field(default_factory=list)
    numbers: DocumentNumbers = field(default_factory=DocumentNumbers)

    def count(self, part: Translation) -> int:
        """Count the sets of a part → the place of its first one. Of wrong sets only the findings are kept."""
        first_set = self.sets
        self.sets += len(part.sets)
        for rows in part.sets:
            self.outcomes["rejected" if rows.verdict == "rejected" else "processed"] += 1
            if rows.findings:
                self.wrong.append(SetResult(rows.set_id, rows.control_number, 0, rows.verdict, rows.findings))
        return first_set
