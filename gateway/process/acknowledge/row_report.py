"""Wrong rows of a flat file come back to the partner in a file that it can read; good rows proceed."""

from __future__ import annotations

from gateway.process.received_file import FileStep
from gateway.process.send.outgoing import add_file, channel_of
from gateway.store.files.dispatches import NewDispatch
from translators.translation import Translation


def report_rows(step: FileStep, wrong: Translation) -> None:
    """Add the report of a file's wrong rows as a dispatch; none if nothing is wrong.

    `wrong` has the sets with findings, and the findings of the file.
    """
    report = row_report(step.intake.name, wrong)
    if report is None:
        return
    name, data = report
    file = NewDispatch(
        dedupe_key=f"rows:{step.intake.id}",
        partner=step.partner.id,
        kind="acknowledgment",
        name=f"{step.intake.id}_{name}",
        data=data,
        channel=channel_of(step.partner),
        intake_id=step.intake.id,
    )
    add_file(step.tx, step.work.home, file, step.at)


def row_report(name: str, translation: Translation) -> tuple[str, bytes] | None:
    """The report's name and bytes, for a file of this name; None if no row (and nothing of the file) is wrong."""
    wrong = [rows for rows in translation.sets if rows.findings]
    if not wrong and not translation.findings:
        return None
    from translators.flat.write.row_report import write_row_report  # needed for wrong files only

    stem = name.rpartition(".")[0] or name
    return f"{stem}.problems.csv", write_row_report(translation.sets, translation.findings, name)
