"""Explained lines as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from translators.findings import CATALOGUE, Finding
from translators.x12.explain.lines import ExplainedLine

RESET, BOLD, DIM = "\x1b[0m", "\x1b[1m", "\x1b[2m"
COLOURS = {"error": "\x1b[31m", "warning": "\x1b[33m", "note": "\x1b[36m"}
VERDICT_COLOURS = {"accepted": "\x1b[32m", "rejected": "\x1b[31m"}


def explain_text(lines: Sequence[ExplainedLine], colour: bool) -> str:
    """The lines as plain text, with ANSI colours if `colour`; ends with a newline unless there is nothing to say."""
    shown: list[str] = []
    for line in lines:
        indent = "  " * line.depth
        head = f"{indent}{_paint(line.segment or line.name, BOLD, colour)}"
        if line.segment and line.name:
            head += f"  {line.name}"
        if line.kind == "segment" and line.position:
            # The place that AK302 names.
            head += "  " + _paint(f"#{line.position}", DIM, colour)
        if line.verdict:
            painted = VERDICT_COLOURS.get(line.verdict, COLOURS["warning"])
            head += "  [" + _paint(line.verdict.replace("_", " "), painted, colour) + "]"
        shown.append(head)
        for element in line.elements:
            title = f" {element.name}" if element.name else ""
            text = f" = {element.text}" if element.text else ""
            ref = _paint(element.ref + title, DIM, colour)
            shown.append(f"{indent}    {ref}: {visible(element.value)}{text}")
        shown += [f"{indent}  {_finding_text(finding, colour)}" for finding in line.findings]
    return "\n".join(shown) + "\n" if shown else ""


def _finding_text(finding: Finding, colour: bool) -> str:
    """One finding as a line: severity, place, words, the code the acknowledgment carries."""
    element_name = finding.segment + (f"{finding.element:02d}" if finding.element and finding.segment else "")
    if finding.message.startswith(element_name):
        element_name = ""
    value = f" ({visible(finding.value)})" if finding.value and finding.value not in finding.message else ""
    level = CATALOGUE[finding.code].level
    names = {"interchange": "TA1 note", "group": "AK905", "set": "AK502", "segment": "AK304", "element": "AK403"}
    code = f" [{names[level]} {finding.ack_code}]" if finding.ack_code and level in names else ""
    text = f"{finding.severity}: {element_name + ': ' if element_name else ''}{visible(finding.message)}{value}{code}"
    return _paint(text, COLOURS[finding.severity], colour)


def _paint(text: str, code: str, colour: bool) -> str:
    return f"{code}{text}{RESET}" if colour else text


def visible(text: str) -> str:
    """Text that cannot play tricks on a terminal: control characters and the like as their escapes."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)
