"""`translate` and `explain`: dry runs over one file, with no store and no clock."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from gateway.commands import Write
from translators.findings import Finding
from translators.profile import Profile
from translators.registry import acknowledgments, looks_like_x12, translate_in_parts
from translators.registry import translate as translate_bytes
from translators.translation import Translation
from translators.translation_json import describe


def profile_for(partner: str, home: Path) -> Profile:
    """The profile of a partner folder of this home (or of the shipped ones), or a neutral one for "".

    Raises `UnknownPartner` when no such folder is there, `PartnersError` when it is wrong.
    """
    if not partner:
        return Profile()
    from gateway.partners import load_partner

    return load_partner(partner, home / "partners").profile


def translate_file(file: Path, partner: str, home: Path, write: Write) -> int:
    """Print the translation of `file` as one JSON object; see the exit codes in `exit_code`."""
    data = _read(file)
    if data is None:
        return 2
    profile = profile_for(partner, home)
    parts = translate_in_parts(data, file.name, profile)
    first = next(parts)
    if first.more:
        return _write_in_parts(chain([first], parts), write)
    write(_json(describe(first, acknowledgments(first, profile))) + "\n")
    return exit_code(first)


def _write_in_parts(parts: Iterable[Translation], write: Write) -> int:
    """A long flat file as the same JSON object, written while it is translated; its findings are kept for the end."""
    findings: list[Finding] = []
    worst, separator = 0, "\n"
    write('{\n  "interchanges": [],\n  "documents": [')
    for part in parts:
        for document in part.documents():
            write(separator + "    " + _json(document.model_dump(mode="json"), 4))
            separator = ",\n"
        findings += [*part.findings, *(finding for result in part.sets for finding in result.findings)]
        worst = max(worst, exit_code(part))
    write("\n  ]" if separator == ",\n" else "]")
    findings_json = _json([finding.as_json() for finding in findings], 2)
    write(f',\n  "acknowledgments": [],\n  "findings": {findings_json}\n}}\n')
    return worst


def _json(value: object, depth: int = 0) -> str:
    """As JSON whose further lines are indented by `depth`; a line break within a text is escaped, so none is torn."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    return text.replace("\n", "\n" + " " * depth)


def exit_code(translation: Translation) -> int:
    """0 all accepted, 1 something rejected, 2 nothing in the file could be read as an interchange or a layout."""
    if not translation.interchanges and not translation.sets:
        return 2
    rejected = any(result.verdict == "rejected" for result in translation.all_sets())
    rejected |= any(interchange.verdict == "rejected" for interchange in translation.interchanges)
    rejected |= any(
        group.verdict == "rejected" for interchange in translation.interchanges for group in interchange.groups
    )
    rejected |= any(finding.severity == "error" for finding in translation.findings)
    return 1 if rejected else 0


def explain_file(file: Path, partner: str, home: Path, write: Write, colour: bool) -> int:
    """Print `file` for a person: X12 segment by segment, a flat file row by row, findings in place."""
    data = _read(file)
    if data is None:
        return 2
    profile = profile_for(partner, home)
    if looks_like_x12(data):
        from translators.x12.explain.file import explain
        from translators.x12.explain.terminal import explain_text

        write(explain_text(explain(data, profile), colour))
        return 0
    translation = translate_bytes(data, file.name, profile)
    write(explain_flat(data, translation))
    return exit_code(translation)


def explain_flat(data: bytes, translation: Translation) -> str:
    """A flat file row by row, each row's findings below it; file-level findings first."""
    lines = [
        f"{finding.severity}: {finding.message}" + (f" ({finding.value})" if finding.value else "")
        for finding in translation.findings
    ]
    if translation.layout:
        lines.append(f"layout {translation.layout} ({translation.format})")
    by_row: dict[int, list[str]] = {}
    for result in translation.all_sets():
        for finding in result.findings:
            where = f"{finding.column}: " if finding.column else ""
            by_row.setdefault(finding.position, []).append(f"      {finding.severity}: {where}{finding.message}")
    for number, row in enumerate(data.decode("latin-1").splitlines(), start=1):
        lines.append(f"{number:5} {row}")
        lines.extend(by_row.get(number, []))
    return "\n".join(lines) + "\n"


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError as trouble:
        sys.stderr.write(f"returns-gateway: cannot read {file}: {trouble.strerror}\n")
        return None
