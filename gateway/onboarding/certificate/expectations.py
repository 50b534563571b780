"""What a sample is expected to become, as files beside it: documents (.json) and acknowledgments (.997)."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

from gateway.disk import replace
from gateway.partners import Partner
from translators.registry import acknowledgments
from translators.translation import Translation
from translators.translation_json import describe

SHOWN_LINES = 24
_EMPTY: tuple[object, ...] = ("", None, [], {})


def expected_files(stem: str, translation: Translation, partner: Partner) -> dict[str, bytes]:
    """The files that belong beside an inbound sample, whose names begin with `stem`: name → bytes.

    The JSON is what `translate` prints, without the acknowledgments (they have a file of their own), provenance and
    empty fields. Control numbers are 1 and times the interchange's own, so that the bytes are the same anywhere.
    """
    described = describe(translation, [])
    expected = {key: value for key, value in described.items() if key != "acknowledgments"}
    expected["documents"] = [_pruned(document) for document in described["documents"]]
    files = {f"{stem}.json": _as_json(expected)}
    answers = acknowledgments(translation, partner.profile)
    if answers:
        files[f"{stem}.{_ending(partner)}"] = b"".join(answers)
    return files


def _ending(partner: Partner) -> str:
    return partner.acknowledge.send if partner.acknowledge.send != "none" else "ta1"


def _pruned(document: dict[str, object]) -> object:
    return _without_empty({key: value for key, value in document.items() if key != "provenance"})


def _without_empty(value: object) -> object:
    if isinstance(value, dict):
        pruned = {key: _without_empty(part) for key, part in value.items()}
        return {key: part for key, part in pruned.items() if part not in _EMPTY}
    if isinstance(value, list):
        return [_without_empty(part) for part in value]
    return value


def _as_json(value: object) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def differences(folder: Path, expected: dict[str, bytes]) -> list[str]:
    """How the files in a folder differ from what the samples become now; a missing file is a difference."""
    lines: list[str] = []
    for name, now in sorted(expected.items()):
        path = folder / name
        if not path.is_file():
            lines.append(f"{name} is missing: look at what the sample becomes, then check --write")
            continue
        before = path.read_bytes()
        if before != now:
            lines.append(f"{name} is not what the sample becomes now:\n{_diff(name, before, now)}")
    return lines


def _diff(name: str, before: bytes, now: bytes) -> str:
    lines = list(difflib.unified_diff(_lines(name, before), _lines(name, now), "expected", "now", lineterm="", n=1))
    more = len(lines) - SHOWN_LINES
    shown = [*lines[:SHOWN_LINES], *([f"… and {more} more lines"] if more > 0 else [])]
    return "\n".join(f"    {line}" for line in shown)


def _lines(name: str, data: bytes) -> list[str]:
    """Lines to compare: those of the file, or of X12 without line ends its segments."""
    text = data.decode("utf-8" if name.endswith(".json") else "latin-1", errors="replace")
    if text.startswith("ISA") and len(text) > 106 and "\n" not in text.strip():
        return text.split(text[105])
    return text.splitlines()


def write_files(folder: Path, expected: dict[str, bytes]) -> list[str]:
    """Put expectations in place, each in one step → the names of those that changed."""
    written: list[str] = []
    for name, now in sorted(expected.items()):
        path = folder / name
        before = path.read_bytes() if path.is_file() else None
        if before != now:
            replace(path, now, before)
            written.append(name)
    return written
