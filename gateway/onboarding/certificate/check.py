"""`check`: lint partner folders, replay their samples against the expectations beside them, certify what is proved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gateway.onboarding.certificate.exercised import Certificate, guide_segments
from gateway.onboarding.certificate.expectations import differences, expected_files, write_files
from gateway.onboarding.certificate.outbound_samples import OutputError, rendered_files
from gateway.onboarding.certificate.report import CheckReport, PartnerReport, SampleResult
from gateway.onboarding.certificate.sample_lines import finding_lines, summary
from gateway.onboarding.certificate.warnings import warnings_for
from gateway.onboarding.samples import OUTPUTS, SAMPLES, expectation_stem, sample_files
from gateway.partners import HOUSE, Partner, PartnerBook, Problem
from gateway.partners.files.toml_models import policy_problems
from gateway.partners.folder import PARTNER_FILE, POLICY_FILE
from gateway.returns import Policy
from translators.registry import translate


@dataclass(frozen=True, slots=True)
class LiveTraffic:
    """Files that a partner has really sent: (name, bytes), read as they are asked for; `about` says which they are.

    `unreadable` gathers, in words, those that turned out not to be there.
    """

    files: Iterable[tuple[str, bytes]]
    about: str = ""
    unreadable: list[str] = field(default_factory=list)


Traffic = Mapping[str, LiveTraffic]
"""By partner."""


def check(
    book: PartnerBook,
    partners: Sequence[str] = (),
    write: bool = False,
    problems: Sequence[Problem] = (),
    live: Traffic | None = None,
) -> CheckReport:
    """Check partners (none named: all) → the report. With `write`, expectations are made anew where they differ.

    `problems` are those of reading the folders: partners that are not in the book for them are reported with them.
    `live` adds what real traffic has used that the samples never do. Never raises for what is in a folder.
    """
    broken = {problem.partner for problem in problems} - {HOUSE}
    wanted = list(partners) or sorted({*book.partners, *broken})
    of_house = [*(problem for problem in problems if problem.partner == HOUSE), *_house_policy(book)]
    reports = [PartnerReport(HOUSE, problems=of_house)] if of_house else []
    if any(problem.file == f"{HOUSE}/{PARTNER_FILE}" for problem in of_house):
        # Our files have the house's envelope: with a wrong house every sample would differ.
        why = "samples are not replayed before _house/partner.toml is right"
        ours = [name for name in wanted if name in book]
        reports += [PartnerReport(name, problems=_of(name, problems), warnings=[why]) for name in ours]
        wanted = [name for name in wanted if name not in book]
    for name in wanted:
        own_problems = _of(name, problems)
        partner = book.get(name)
        if partner is None:
            reports.append(PartnerReport(name, problems=own_problems or [_unknown(name)]))
        else:
            reports.append(_check_partner(book, partner, write, own_problems, live.get(name) if live else None))
    return CheckReport(reports)


def _of(name: str, problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problem for problem in problems if problem.partner == name)


def _unknown(name: str) -> Problem:
    return Problem(
        f"{name}/partner.toml", "", 0, "there is no such partner folder", "copy partners/_template and edit it"
    )


def _check_partner(
    book: PartnerBook, partner: Partner, write: bool, problems: list[Problem], live: LiveTraffic | None
) -> PartnerReport:
    report = PartnerReport(
        partner.id, partner.name, partner.role, partner.stage, partner.config_hash, [*problems, *_policy(book, partner)]
    )
    folder = partner.folder / SAMPLES
    samples = sample_files(folder)
    for sample in samples:
        stem = expectation_stem(sample, samples)
        report.samples.append(_replay(partner, sample, stem, report.certificate, write))
    for sample in sorted((folder / OUTPUTS).glob("*.json")) if (folder / OUTPUTS).is_dir() else []:
        report.samples.append(_render(partner, sample, write))
    for set_id in report.certificate.sets:
        total = guide_segments(set_id, partner.x12.version, partner.profile)
        used = sum(name.startswith(f"{set_id} ") for name in report.certificate.segments)
        report.coverage[set_id] = f", {used} of the guide's {total} segments" if total else ""
    report.warnings += warnings_for(partner, book, report.certificate, bool(samples))
    if live is not None:
        report.beyond, report.live = _beyond(partner, live.files, report.certificate), live.about
        report.warnings += live.unreadable
    return report


def _house_policy(book: PartnerBook) -> list[Problem]:
    """What the domain does not understand of the house's policy; reported once, not for every partner."""
    error = _policy_error(book.house.policy)
    folder = next((partner.folder.parent for partner in book), None)
    return policy_problems(Policy, folder, f"{HOUSE}/{POLICY_FILE}", (), error) if error and folder else []


def _policy(book: PartnerBook, partner: Partner) -> list[Problem]:
    """The partner's policy on top of the house's must be one that the domain understands, as far as it is its own."""
    if not partner.policy or (error := _policy_error(book.merged_policy(partner.id))) is None:
        return []
    of_house = _policy_error(book.house.policy)
    house_errors = {(entry["loc"], entry["msg"]) for entry in of_house.errors()} if of_house else set()
    if house_errors.issuperset((entry["loc"], entry["msg"]) for entry in error.errors()):
        return []
    return policy_problems(Policy, partner.folder.parent, f"{partner.id}/{PARTNER_FILE}", ("policy",), error)


def _policy_error(policy: dict[str, Any]) -> ValidationError | None:
    """What the domain does not understand of a policy; None if it understands all of it."""
    try:
        Policy.model_validate(policy)
    except ValidationError as error:
        return error
    return None


def _replay(partner: Partner, sample: Path, stem: str, certificate: Certificate, write: bool) -> SampleResult:
    data = sample.read_bytes()
    translation = translate(data, sample.name, partner.profile)
    certificate.add(translation, data, partner.profile)
    files = expected_files(stem, translation, partner)
    result = _compared(sample.name, summary(translation), sample.parent, files, write)
    result.findings = finding_lines(translation)
    return result


def _render(partner: Partner, sample: Path, write: bool) -> SampleResult:
    name = f"{OUTPUTS}/{sample.name}"
    try:
        files = rendered_files(sample, partner)
    except OutputError as error:
        return SampleResult(name, "cannot be written", [str(error)])
    return _compared(name, f"becomes {', '.join(files)}", sample.parent, files, write)


def _compared(name: str, summary: str, folder: Path, files: dict[str, bytes], write: bool) -> SampleResult:
    if write:
        return SampleResult(name, summary, written=write_files(folder, files))
    return SampleResult(name, summary, differences(folder, files))


def _beyond(partner: Partner, live: Iterable[tuple[str, bytes]], samples: Certificate) -> dict[str, list[str]]:
    seen = Certificate()
    for name, data in live:
        seen.add(translate(data, name, partner.profile), data, partner.profile)
    return seen.beyond(samples)
