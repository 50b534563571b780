"""What `check` found, and the same as text for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from typing import TypedDict

from gateway.onboarding.certificate.exercised import Certificate
from gateway.partners import Problem

_WIDTH = 108


@dataclass(slots=True)
class SampleResult:
    """One sample: what it is, how its expectations differ (empty: they hold), and what was found in it."""

    name: str
    summary: str
    differences: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PartnerReport:
    """One partner: problems stop it, warnings do not.

    `beyond`: what live traffic used that no sample does; `live` says which traffic that is ("" if none was looked at).
    """

    partner: str
    name: str = ""
    role: str = ""
    stage: str = ""
    config_hash: str = ""
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    samples: list[SampleResult] = field(default_factory=list)
    certificate: Certificate = field(default_factory=Certificate)
    coverage: dict[str, str] = field(default_factory=dict)
    beyond: dict[str, list[str]] = field(default_factory=dict)
    live: str = ""

    @property
    def ok(self) -> bool:
        """Is the folder right, and is every sample as expected?"""
        return not self.problems and not any(sample.differences for sample in self.samples)


@dataclass(slots=True)
class CheckReport:
    """The reports of the partners that were checked, the house's first."""

    partners: list[PartnerReport] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Every folder is right and every sample is what it is expected to be."""
        return all(partner.ok for partner in self.partners)


class LiveJson(TypedDict):
    """Which live traffic was looked at, and what it used that no sample does, by part of the certificate."""

    looked_at: str
    beyond_the_samples: dict[str, list[str]]


class PartnerJson(TypedDict):
    """One partner in `check --json`. `certificate`: part → name → how often the samples exercise it."""

    partner: str
    name: str
    role: str
    stage: str
    ok: bool
    config_hash: str
    problems: list[dict[str, object]]
    warnings: list[str]
    samples: list[dict[str, object]]
    certificate: dict[str, dict[str, int]]
    live: LiveJson


class CheckJson(TypedDict):
    """The whole report in `check --json`."""

    ok: bool
    partners: list[PartnerJson]


def report_json(report: CheckReport) -> CheckJson:
    """The whole report as JSON (`check --json`)."""
    return {"ok": report.ok, "partners": [_partner_json(partner) for partner in report.partners]}


def _partner_json(report: PartnerReport) -> PartnerJson:
    """One partner. What is counted of the samples, by part: name → how often."""
    return {
        "partner": report.partner,
        "name": report.name,
        "role": report.role,
        "stage": report.stage,
        "ok": report.ok,
        "config_hash": report.config_hash,
        "problems": [asdict(problem) for problem in report.problems],
        "warnings": report.warnings,
        "samples": [asdict(sample) for sample in report.samples],
        "certificate": {part.name: _sorted(getattr(report.certificate, part.name)) for part in fields(Certificate)},
        "live": {"looked_at": report.live, "beyond_the_samples": report.beyond},
    }


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def render_report(report: CheckReport) -> str:
    """The whole report as text, one block a partner, the verdict last."""
    blocks = ["\n".join(_partner_lines(partner)) for partner in report.partners]
    wrong = [partner.partner for partner in report.partners if not partner.ok]
    count = len(report.partners)
    verdict = f"{count} partner{'' if count == 1 else 's'} checked: " + (
        f"not right: {', '.join(wrong)}" if wrong else "all right"
    )
    return "\n\n".join([*blocks, verdict]) + "\n"


def _partner_lines(report: PartnerReport) -> Iterator[str]:
    about = ", ".join(
        part for part in (report.name, report.role, f"stage {report.stage}" if report.stage else "") if part
    )
    yield f"{report.partner}{f' ({about})' if about else ''}: {'right' if report.ok else 'NOT RIGHT'}"
    if report.config_hash:
        yield f"  configuration {report.config_hash[:12]}"
    for problem in report.problems:
        yield from (f"  {line}" for line in f"problem  {problem}".splitlines())
    for warning in report.warnings:
        yield f"  warning  {warning}"
    for sample in report.samples:
        yield f"  {'differs' if sample.differences else 'sample '}  {sample.name}: {sample.summary}"
        yield from (f"    {finding}" for finding in sample.findings)
        for difference in sample.differences:
            yield from (f"    {line}" for line in difference.splitlines())
        if sample.written:
            yield f"    written: {', '.join(sample.written)}"
    if report.samples:
        yield from _certificate(report)
    yield from _live(report)


def _certificate(report: PartnerReport) -> Iterator[str]:
    certificate = report.certificate
    yield "  certificate: the samples exercise"
    for set_id, count in sorted(certificate.sets.items()):
        yield f"    {set_id}: {_times(count, 'set')}{report.coverage.get(set_id, '')}"
        yield from _listed("segments", certificate.segments, f"{set_id} ")
        yield from _listed("elements", certificate.elements, f"{set_id} ", counted=False)
        yield from _listed("codes", certificate.codes, f"{set_id} ")
    for layout, count in sorted(certificate.layouts.items()):
        yield f"    {layout}: {_times(count, 'document')}"
        yield from _listed("columns", certificate.columns, f"{layout}: ", counted=False)
    yield from _listed("meanings", certificate.meanings, "", indent=4)
    yield from _listed("verdicts", certificate.verdicts, "", indent=4)
    yield from _listed("findings", certificate.findings, "", indent=4)


def _live(report: PartnerReport) -> Iterator[str]:
    if report.beyond:
        yield f"  live traffic used what no sample does ({report.live})"
    elif report.live:
        yield f"  live traffic used nothing that no sample does ({report.live})"
    for part, names in report.beyond.items():
        yield from _wrapped(part, names, 4)


def _times(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _listed(title: str, counts: Counter[str], prefix: str, *, counted: bool = True, indent: int = 6) -> Iterator[str]:
    named = sorted((name.removeprefix(prefix), n) for name, n in counts.items() if name.startswith(prefix))
    if named:
        yield from _wrapped(title, [f"{name} ×{n}" if counted and n > 1 else name for name, n in named], indent)


def _wrapped(title: str, names: list[str], indent: int) -> Iterator[str]:
    """A titled list over as many lines as it needs."""
    line = " " * indent + f"{title}:"
    for number, name in enumerate(names):
        piece = f" {name}{',' if number < len(names) - 1 else ''}"
        if len(line) + len(piece) > _WIDTH and line.strip():
            yield line
            line = " " * (indent + 2)
        line += piece
    yield line
