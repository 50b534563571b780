"""Bad rows of a flat file, as a file that the partner can read."""

from __future__ import annotations

from translators.translation import Translation


def row_report(name: str, translation: Translation) -> tuple[str, bytes] | None:
    """The report's name and bytes; None if no row (and nothing of the file) is wrong."""
    wrong = [each for each in translation.sets if each.findings]
    if not wrong and not translation.findings:
        return None
    from translators.flat.write.row_report import write_row_report

    stem = name.rpartition(".")[0] or name
    return f"{stem}.problems.csv", write_row_report(translation.sets, translation.findings, name)
