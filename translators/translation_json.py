"""A translation as the JSON object that `translate` prints. Stable: scripts depend on every key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from translators.findings import Finding, FindingJson
from translators.translation import GroupResult, InterchangeResult, SetResult, Translation


class SetJson(TypedDict):
    """One transaction set; `segment_count` counts ST and SE."""

    set: str
    control_number: str
    segment_count: int
    verdict: str
    findings: list[FindingJson]


class GroupJson(TypedDict):
    """One functional group: GS01, GS06, GS08, and its sets."""

    functional_id: str
    control_number: str
    version: str
    verdict: str
    findings: list[FindingJson]
    sets: list[SetJson]


class InterchangeJson(TypedDict):
    """One interchange: ISA13, ISA06, ISA08, and its groups."""

    control_number: str
    sender: str
    receiver: str
    verdict: str
    findings: list[FindingJson]
    groups: list[GroupJson]


class TranslationJson(TypedDict):
    """A whole file. A flat file has no interchanges: the findings of its rows stand in the last list."""

    interchanges: list[InterchangeJson]
    documents: list[dict[str, object]]
    acknowledgments: list[str]
    findings: list[FindingJson]


def describe(translation: Translation, acknowledged: Sequence[bytes]) -> TranslationJson:
    """A translation, and the acknowledgments that it gets, as JSON."""
    return {
        "interchanges": [_interchange(interchange) for interchange in translation.interchanges],
        "documents": [document.model_dump(mode="json") for document in translation.documents()],
        "acknowledgments": [data.decode("latin-1") for data in acknowledged],
        "findings": [finding.as_json() for finding in _file_findings(translation)],
    }


def _file_findings(translation: Translation) -> list[Finding]:
    """File-level findings; of a flat file, those of its rows too: it has no interchanges to hang them on."""
    return [*translation.findings, *(finding for result in translation.sets for finding in result.findings)]


def _interchange(interchange: InterchangeResult) -> InterchangeJson:
    return {
        "control_number": interchange.control_number,
        "sender": interchange.sender,
        "receiver": interchange.receiver,
        "verdict": interchange.verdict,
        "findings": [finding.as_json() for finding in interchange.findings],
        "groups": [_group(group) for group in interchange.groups],
    }


def _group(group: GroupResult) -> GroupJson:
    return {
        "functional_id": group.functional_id,
        "control_number": group.control_number,
        "version": group.version,
        "verdict": group.verdict,
        "findings": [finding.as_json() for finding in group.findings],
        "sets": [_set(result) for result in group.sets],
    }


def _set(result: SetResult) -> SetJson:
    return {
        "set": result.set_id,
        "control_number": result.control_number,
        "segment_count": result.segment_count,
        "verdict": result.verdict,
        "findings": [finding.as_json() for finding in result.findings],
    }
