"""`partner guide`: a partner's implementation guide as one self-contained page, to send to the partner's EDI team.

Everything on it comes from what is in force: guide and overlay, bindings, crosswalks, layouts and samples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.onboarding.certificate import Certificate
from gateway.onboarding.guide.flat_files import GuideLayout, guide_layout
from gateway.onboarding.guide.sentences import (
    acknowledgment_words,
    delivery_words,
    duplicate_words,
    envelope_rows,
    tolerated_words,
)
from gateway.onboarding.guide.sets_we_read import GuideSet, SampleSet, guide_set
from gateway.onboarding.guide.sets_we_write import WrittenSet, written_set
from gateway.onboarding.guide.specimens import Specimen, specimens
from gateway.onboarding.samples import SAMPLES, sample_files
from gateway.onboarding.x12_segments import delimiters_of, segments_of
from gateway.partners import House, Partner
from translators.flat.layout.parse import parse_layout
from translators.profile import CrosswalkRow, Delimiters, Profile
from translators.registry import acknowledgments, looks_like_x12, translate
from translators.translation import SetResult, Translation
from translators.x12.explain.file import explain
from translators.x12.explain.lines import ExplainedLine
from translators.x12.sets.table import all_sets, sets_becoming, title_of

TEMPLATES = Path(__file__).parent / "templates"
# Lines of one sample that a guide shows.
SHOWN_LINES = 160
TABLE_WORDS = {
    "reason": "Why goods come back",
    "condition": "In which state goods are",
    "disposition": "What is done with goods",
    "response_reason": "Why we refuse",
    "sku": "Your item numbers and ours",
    "unit": "Units",
    "site": "Places",
    "answer": "Why we refuse",
    "damage": "Damages",
    "resolution": "What you wish",
}


@dataclass(slots=True)
class ShownFile:
    """One sample: X12 as explained lines, a flat file as its rows; and what we answer to it."""

    name: str
    summary: str
    lines: list[ExplainedLine] = field(default_factory=list)
    rows: list[tuple[int, str, list[str]]] = field(default_factory=list)
    cut: int = 0
    answers: list[list[ExplainedLine]] = field(default_factory=list)


def partner_guide(partner: Partner, house: House, on: date) -> str:
    """The guide as HTML text, without any reference to something outside of it. `on`: the day it is made."""
    samples = [(path.name, path.read_bytes()) for path in sample_files(partner.folder / SAMPLES)]
    read = [(name, data, translate(data, name, partner.profile)) for name, data in samples]
    certificate = Certificate()
    for _, data, translation in read:
        certificate.add(translation, data, partner.profile)
    layouts = _layouts(partner)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("guide.html").render(
        partner=partner,
        house=house,
        on=on.isoformat(),
        envelope=envelope_rows(partner) if _speaks_x12(partner, certificate) else [],
        acknowledgments=acknowledgment_words(partner),
        tolerated=tolerated_words(partner),
        duplicates=duplicate_words(partner),
        delivery=delivery_words(partner),
        sets=list(_sets(partner, certificate, read)),
        layouts=[layout for layout in layouts if layout.incoming],
        out_layouts={layout.name: layout for layout in layouts if not layout.incoming},
        specimens=[_shown_specimen(specimen, partner) for specimen in specimens(partner)],
        written_acknowledgment=_written_acknowledgment(partner, read) if _speaks_x12(partner, certificate) else None,
        tables=list(_tables(partner)),
        samples=[_shown_sample(name, data, translation, partner) for name, data, translation in read],
        certificate=certificate,
        set_titles={transaction.id: transaction.title for transaction in all_sets()},
    )


def _speaks_x12(partner: Partner, certificate: Certificate) -> bool:
    return bool(partner.identity.isa or certificate.sets)


def _sets(partner: Partner, certificate: Certificate, read: list[tuple[str, bytes, Translation]]) -> Iterator[GuideSet]:
    """Every set that the partner sends, or that its samples have, but for acknowledgments."""
    for set_id in dict.fromkeys([*partner.sends.sets, *sorted(certificate.sets)]):
        if set_id == "TA1" or set_id in sets_becoming("acknowledgment"):
            continue
        versions: Counter[str] = Counter()
        samples: list[SampleSet] = []
        for _, data, translation in read:
            for interchange in translation.interchanges:
                marks = delimiters_of(data[interchange.offset :])
                for group in interchange.groups:
                    mine = [result for result in group.sets if result.set_id == set_id]
                    versions[group.version] += len(mine)
                    samples += [SampleSet(result, _segments(result, data, marks)) for result in mine]
        version = versions.most_common(1)[0][0] if samples else partner.x12.version
        described_set = guide_set(set_id, title_of(set_id), version, partner.profile, certificate, samples)
        if described_set is not None:
            yield described_set


def _segments(result: SetResult, data: bytes, marks: Delimiters | None) -> list[list[str]]:
    raw = data[result.offset : result.offset + result.length].decode("latin-1")
    return list(segments_of(raw, marks)) if marks else []


def _layouts(partner: Partner) -> list[GuideLayout]:
    """Layouts of files between us and the partner; import profiles of an ERP have pages of their own."""
    usable = [name for name, raw in partner.profile.layouts.items() if raw.get("direction") != "erp"]
    return [guide_layout(name, partner.profile) for name in usable]


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One crosswalk of the partner, with a heading for people."""

    name: str
    words: str
    rows: tuple[CrosswalkRow, ...]


def _tables(partner: Partner) -> Iterator[CodeTable]:
    for name, crosswalk in sorted(partner.profile.crosswalks.items()):
        if crosswalk.rows:
            yield CodeTable(name, TABLE_WORDS.get(name, name.replace("_", " ")), crosswalk.rows)


def _shown_sample(name: str, data: bytes, translation: Translation, partner: Partner) -> ShownFile:
    verdicts = Counter(result.verdict.replace("_", " ") for result in translation.all_sets())
    counted = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
    shown = ShownFile(name, counted or "nothing in it could be read")
    if looks_like_x12(data):
        lines = explain(data, partner.profile)
        shown.lines, shown.cut = lines[:SHOWN_LINES], max(0, len(lines) - SHOWN_LINES)
        shown.answers = [_explain_ours(answer, partner) for answer in acknowledgments(translation, partner.profile)]
        return shown
    charset = (
        parse_layout(translation.layout, partner.profile.layouts[translation.layout]).charset
        if (translation.layout)
        else "latin-1"
    )
    rows = data.decode(charset, "replace").removeprefix("\ufeff").splitlines()
    wrong: dict[int, list[str]] = {}
    for result in translation.all_sets():
        for finding in result.findings:
            column = f"{finding.column}: " if finding.column else ""
            wrong.setdefault(finding.position, []).append(f"{column}{finding.message}")
    shown.rows = [(n, row, wrong.get(n, [])) for n, row in enumerate(rows[:SHOWN_LINES], start=1)]
    shown.cut = max(0, len(rows) - SHOWN_LINES)
    return shown


def _explain_ours(data: bytes, partner: Partner) -> list[ExplainedLine]:
    """X12 that we write, in words. The partner's rules do not apply to it, so there are no findings."""
    lines = explain(data, Profile(charset=partner.x12.charset))
    for line in lines:
        line.verdict, line.findings = "", []
    return lines


def _written_acknowledgment(partner: Partner, read: list[tuple[str, bytes, Translation]]) -> WrittenSet | None:
    """The 997 or 999 that we answer with, as it answers the partner's samples."""
    wanted = partner.acknowledge.send
    if wanted == "none":
        return None
    files = [data for _, _, translation in read for data in acknowledgments(translation, partner.profile)]
    return written_set("acknowledgment", wanted, partner, files)


@dataclass(frozen=True, slots=True)
class ShownSpecimen:
    """A document that we send, for the page: as explained lines with its set, or as the text of a flat file.

    `layout`: the flat layout that writes it, "" for X12. `problem` says why it cannot be written, "" if it can.
    """

    kind: str
    words: str
    wire: str
    problem: str
    layout: str
    lines: list[ExplainedLine]
    written: WrittenSet | None
    text: str


def _shown_specimen(specimen: Specimen, partner: Partner) -> ShownSpecimen:
    wire = partner.writes(specimen.kind)
    files = [specimen.data] if specimen.data else []
    return ShownSpecimen(
        kind=specimen.kind,
        words=specimen.words,
        wire=specimen.wire,
        problem=specimen.problem,
        layout=wire.name if wire and wire.kind == "flat" else "",
        lines=_explain_ours(specimen.data, partner) if specimen.x12 and specimen.data else [],
        written=written_set(specimen.kind, wire.name, partner, files) if wire and wire.kind == "x12" else None,
        text="" if specimen.x12 else specimen.data.decode("utf-8", "replace"),
    )
