"""Settle a flat file: one transaction a part, so that a file of any length takes the memory of one.

What is in the store says where to go on after a crash: sets are counted from the start of the file, and a part is there
whole or not at all. The last part settles the intake; the rows that were wrong go back in one report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain, count

from gateway.clock import instant
from gateway.partners import Partner
from gateway.process.acknowledge.row_report import row_report
from gateway.process.record.documents import add_documents, apply_documents, finish
from gateway.process.send.outgoing import add_dispatch
from gateway.process.work import Processing
from gateway.store import Transaction
from gateway.store.files import documents, intakes
from gateway.store.files.intakes import Intake
from translators.canonical import Inbound
from translators.translation import SetResult, Translation


def settle_flat(
    work: Processing, intake: Intake, partner: Partner, first: Translation, rest: Iterable[Translation]
) -> None:
    """Bring a flat file to its terminal state, part by part. Raises ParserEnded where a part cannot be had."""
    file = _FlatFile(work, intake, partner, first)
    for part in chain([first], rest):
        if not file.settle(part):
            return


class _FlatFile:
    """A flat file on its way into the store; what is kept of its parts is what its end needs."""

    def __init__(self, work: Processing, intake: Intake, partner: Partner, first: Translation) -> None:
        self._work = work
        self._intake = intake
        self._partner = partner
        self._findings = first.findings
        self._batch = _declared_batch(first)
        self._key = f"flat|{partner.id}|{first.layout}|{self._batch}" if self._batch else None
        self._states: Counter[str] = Counter()
        self._wrong: list[SetResult] = []
        self._ordinals = count()
        self._place = 0
        with work.store.read() as snapshot:
            self._settled = documents.settled_sets(snapshot, intake.id)

    def settle(self, part: Translation) -> bool:
        """One part, in one transaction; False if the file turns out to be a duplicate."""
        here, self._place = self._place, self._place + len(part.sets)
        for each in part.sets:
            self._states["rejected" if each.verdict == "rejected" else "processed"] += 1
            if each.findings:
                self._wrong.append(SetResult(each.set_id, each.control_number, 0, each.verdict, each.findings))
        if self._place <= self._settled and part.more:
            self._skip(part.documents())
            return True
        now = self._work.clock.now()
        at = instant(now)
        with self._work.store.write() as tx:
            if not here and self._is_duplicate(tx, part, at):
                return False
            bodies: list[tuple[int, Inbound]] = []
            for ordinal, each in enumerate(part.sets, start=here):
                if ordinal < self._settled:
                    self._skip(each.documents)
                    continue
                set_row = documents.add_set(tx, self._intake.id, None, ordinal, each)
                if each.verdict != "rejected":
                    bodies += add_documents(
                        tx, self._intake, self._partner, set_row, self._ordinals, each.documents, at
                    )
            if not part.more:
                self._report_rows(tx, part)
            cause = f"{self._intake.id}:{here}" if here else str(self._intake.id)
            apply_documents(tx, self._work, self._intake, self._partner, bodies, cause, now)
            if not part.more:
                finish(tx, self._work, self._intake, part.format, self._states, self._findings, self._wrong)
        return True

    def _skip(self, settled: Iterable[Inbound]) -> None:
        """Settled before a crash: only the numbering of what follows must go on as it would have."""
        for _ in settled:
            next(self._ordinals)

    def _is_duplicate(self, tx: Transaction, part: Translation, at: str) -> bool:
        """Did an earlier file declare the same batch? If none did, this one has it from now on."""
        if self._key is None:
            return False
        first = documents.interchange_with(tx, self._key)
        if first is None:
            documents.add_declared_batch(tx, self._intake.id, self._partner.id, self._batch, self._key, at)
            return False
        if self._intake.replay_of or first.intake_id == self._intake.id:
            return False
        intakes.move(
            tx,
            self._intake.id,
            "received",
            "duplicate",
            at=at,
            message=f"batch {self._batch} was received before, in intake {first.intake_id}",
            duplicate_of=int(first.intake_id),
            format_=part.format,
        )
        return True

    def _report_rows(self, tx: Transaction, part: Translation) -> None:
        """Bad rows come back to the partner in a file they can read; good rows proceed."""
        told = Translation(part.format, sets=self._wrong, findings=self._findings)
        report = row_report(self._intake.name, told)
        if report is None:
            return
        name, data = report
        add_dispatch(
            tx,
            self._work.home,
            self._partner,
            "acknowledgment",
            f"{self._intake.id}_{name}",
            data,
            f"rows:{self._intake.id}",
            self._work.clock.now(),
            intake_id=self._intake.id,
        )


def _declared_batch(part: Translation) -> str:
    """The batch id a flat file declares, if it does: it tells a re-send from a second file with the same rows."""
    return next((each.reference("batch") for each in part.documents() if each.reference("batch")), "")
