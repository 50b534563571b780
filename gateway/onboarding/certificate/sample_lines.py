"""What a sample is and what is wrong with it, in the lines that `check` prints of it."""

from __future__ import annotations

from collections.abc import Iterator

from translators.findings import Finding
from translators.translation import Translation

SHOWN_FINDINGS = 12


def summary(translation: Translation) -> str:
    """A sample in a few words: "x12, 3 sets (2 accepted, 1 rejected), 2 documents"."""
    verdicts = [result.verdict.replace("_", " ") for result in translation.all_sets()]
    if not verdicts:
        codes = [finding.code for finding in translation.findings]
        codes += [finding.code for interchange in translation.interchanges for finding in interchange.findings]
        return f"{translation.format}, nothing in it could be read: {', '.join(codes) or 'it is empty'}"
    counted = ", ".join(f"{verdicts.count(v)} {v}" for v in dict.fromkeys(verdicts))
    documents = sum(1 for _ in translation.documents())
    word = "set" if translation.format == "x12" else f"group of {translation.layout}"
    plural = word if len(verdicts) == 1 else word.replace("set", "sets").replace("group", "groups")
    return f"{translation.format}, {len(verdicts)} {plural} ({counted}), {documents} document{'s' * (documents != 1)}"


def finding_lines(translation: Translation) -> list[str]:
    """The findings of a sample in words, each with its place and code; the first of them, if there are many."""
    lines = list(dict.fromkeys(_lines(translation)))
    more = len(lines) - SHOWN_FINDINGS
    return [*lines[:SHOWN_FINDINGS], *([f"… and {more} more"] if more > 0 else [])]


def _lines(translation: Translation) -> Iterator[str]:
    for finding in translation.findings:
        yield _line("", "row", finding)
    for interchange in translation.interchanges:
        for finding in interchange.findings:
            yield _line(f"interchange {interchange.control_number}", "segment", finding)
        for group in interchange.groups:
            for finding in group.findings:
                yield _line(f"group {group.functional_id} {group.control_number}", "segment", finding)
    counted = "segment" if translation.format == "x12" else "row"
    for result in translation.all_sets():
        for finding in result.findings:
            yield _line(f"{result.set_id} {result.control_number}".strip(), counted, finding)


def _line(where: str, counted: str, finding: Finding) -> str:
    place = [where] if where else []
    if finding.position:
        place.append(f"{counted} {finding.position}")
    return f"{finding.severity} {', '.join(place)}{': ' * bool(place)}{finding.message} [{finding.code}]"
