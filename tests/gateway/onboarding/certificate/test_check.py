"""`check`: samples against the expectations beside them, what they prove, what deserves a look."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gateway.onboarding.certificate import CheckReport, LiveTraffic, PartnerReport, check, render_report
from gateway.partners import load_partners, read_partners, shipped_partners


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    """The shipped partners, to be changed."""
    folder = tmp_path / "partners"
    shutil.copytree(shipped_partners(), folder)
    return folder


def _check(partners: Path, *names: str, write: bool = False) -> CheckReport:
    book, problems = read_partners(partners)
    return check(book, names, write, problems)


def _only(partners: Path, name: str) -> PartnerReport:
    return _check(partners, name).partners[0]


def test_the_shipped_partners_are_right() -> None:
    report = check(load_partners(shipped_partners()))
    assert report.ok, render_report(report)
    assert [partner.partner for partner in report.partners] == ["atlas", "cedar", "harbor", "northgate"]
    assert [warning for partner in report.partners for warning in partner.warnings] == []


def test_the_certificate_says_what_the_samples_exercise() -> None:
    northgate = check(load_partners(shipped_partners()), ["northgate"]).partners[0].certificate
    assert northgate.sets == {"180": 3, "856": 1}
    assert northgate.segments["180 BLI"] == 4
    assert northgate.elements["180 BLI06"] == 4
    assert northgate.codes["180 RDR02=DR"] == 1
    assert northgate.meanings["reason DR → defective"] == 1
    assert northgate.verdicts == {"180 accepted": 2, "180 rejected": 1, "856 accepted": 1}
    assert northgate.findings == {"bad_character": 1}


def test_the_certificate_of_flat_files_counts_columns_and_codes() -> None:
    harbor = check(load_partners(shipped_partners()), ["harbor"]).partners[0].certificate
    assert harbor.layouts == {"inspection": 1}
    assert harbor.columns["inspection: Outcome"] == 1
    assert harbor.meanings["disposition ST → restock"] == 2


def test_a_sample_that_becomes_something_else_is_shown_as_a_difference(partners: Path) -> None:
    sample = partners / "northgate/samples/180-requests.edi"
    sample.write_bytes(sample.read_bytes().replace(b"RDR**DT*", b"RDR**WG*"))
    report = _only(partners, "northgate")
    assert not report.ok
    (differing,) = [sample for sample in report.samples if sample.differences]
    assert differing.name == "180-requests.edi"
    assert "damaged_transit" in differing.differences[0]
    assert "NOT RIGHT" in render_report(CheckReport([report]))


def test_a_changed_crosswalk_changes_what_samples_become(partners: Path) -> None:
    codes = partners / "cedar/codes/reason.csv"
    codes.write_text(codes.read_text().replace("DEF,defective", "DEF,unwanted"))
    assert not _only(partners, "cedar").ok


def test_a_changed_acknowledgment_profile_changes_the_997(partners: Path) -> None:
    toml = partners / "harbor/partner.toml"
    toml.write_text(toml.read_text().replace('send = "997"', 'send = "997"\naccepted_sets = false'))
    (differing,) = [sample for sample in _only(partners, "harbor").samples if sample.differences]
    assert "-AK2*944*0001" in differing.differences[0]


def test_write_makes_the_expectations_and_a_second_check_agrees(partners: Path) -> None:
    for path in (partners / "northgate/samples").glob("*.*"):
        if path.suffix in (".json", ".997"):
            path.unlink()
    assert not _check(partners, "northgate").ok
    written = _check(partners, "northgate", write=True)
    names = {name for sample in written.partners[0].samples for name in sample.written}
    assert names == {"180-requests.json", "180-requests.997", "856-shipment.json", "856-shipment.997"}
    assert _check(partners, "northgate").ok
    for name in names:
        assert (partners / "northgate/samples" / name).read_bytes() == (
            shipped_partners() / "northgate/samples" / name
        ).read_bytes()


def test_a_new_sample_without_expectations_is_not_right_until_they_are_written(partners: Path) -> None:
    shutil.copy(partners / "cedar/samples/requests.csv", partners / "cedar/samples/requests-2.csv")
    report = _only(partners, "cedar")
    assert "requests-2.json is missing" in report.samples[0].differences[0]


def test_what_we_send_is_proved_too(partners: Path) -> None:
    layout = partners / "cedar/layouts/answers.toml"
    layout.write_text(layout.read_text().replace("MM/DD/YYYY", "YYYY-MM-DD"))
    (differing,) = [sample for sample in _only(partners, "cedar").samples if sample.differences]
    assert differing.name == "out/answer.json"
    assert "2025-04-04" in differing.differences[0]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("{}", "is no outbound document"),
        ('{"kind": "status", "number": "1", "created_at": "", "rows": []}', "gets no status"),
        (
            '{"kind": "return_answer", "number": "longer than the 30 characters of BGN02", "request_number": "1",'
            ' "decision": "denied", "issued_on": "2025-03-14"}',
            "cannot be written as x12:180",
        ),
    ],
)
def test_an_output_sample_that_cannot_be_written_says_why(partners: Path, body: str, says: str) -> None:
    (partners / "northgate/samples/out/bad.json").write_text(body)
    (differing,) = [sample for sample in _only(partners, "northgate").samples if sample.differences]
    assert says in differing.differences[0]


def test_broken_folders_are_reported_beside_right_ones(partners: Path) -> None:
    (partners / "cedar/partner.toml").write_text("name = Cedar\n")
    report = _check(partners)
    states = {partner.partner: partner.ok for partner in report.partners}
    assert states == {"atlas": True, "cedar": False, "harbor": True, "northgate": True}
    text = render_report(report)
    assert "cedar/partner.toml:1: not readable as TOML" in text
    assert text.endswith("4 partners checked: not right: cedar\n")


def test_an_unknown_partner_is_not_right(partners: Path) -> None:
    report = _only(partners, "birch")
    assert not report.ok
    assert "no such partner folder" in report.problems[0].message


def test_a_wrong_policy_is_a_problem_of_the_partner_who_changed_it(partners: Path) -> None:
    toml = partners / "cedar/partner.toml"
    toml.write_text(toml.read_text().replace("answer_expiry_days = 21", "answer_expiry_days = -1"))
    (problem,) = _only(partners, "cedar").problems
    assert (problem.file, problem.key) == ("cedar/partner.toml", "policy.answer_expiry_days")


def test_samples_that_differ_by_their_ending_only_have_expectations_of_their_own(partners: Path) -> None:
    samples = partners / "cedar/samples"
    shutil.copy(samples / "requests.csv", samples / "requests.d250612")
    written = _check(partners, "cedar", write=True).partners[0]
    names = {name for sample in written.samples for name in sample.written}
    assert names == {"requests.csv.json", "requests.d250612.json"}
    assert _only(partners, "cedar").ok


def test_what_is_wrong_with_a_sample_is_said_in_words(partners: Path) -> None:
    bad = partners / "cedar/samples/requests-bad.csv"
    bad.write_text((partners / "cedar/samples/requests.csv").read_text().replace(",2,", ",two,", 1))
    report = _only(partners, "cedar")
    (text,) = next(sample.findings for sample in report.samples if sample.name == bad.name)
    assert "row " in text
    assert "'two'" in text
    assert text.endswith("[bad_number]")
    assert text in render_report(CheckReport([report]))


def test_what_samples_leave_unproved_is_a_warning(partners: Path) -> None:
    (partners / "northgate/samples/856-shipment.edi").unlink()
    codes = partners / "cedar/codes/reason.csv"
    codes.write_text(codes.read_text().replace("DEF,defective", "DEFECT,defective"))
    shutil.rmtree(partners / "harbor/samples")
    report = _check(partners)
    warnings = {partner.partner: partner.warnings for partner in report.partners}
    assert warnings["northgate"] == ["no sample has a set 856, which [sends] names"]
    assert any("code reason DEF has no meaning" in warning for warning in warnings["cedar"])
    assert any("there are no samples" in warning for warning in warnings["harbor"])


def test_codes_that_nothing_dates_and_words_that_are_none_of_ours_are_warnings(partners: Path) -> None:
    codes = partners / "cedar/codes"
    (codes / "reference_qualifier.csv").write_text("theirs,ours\nQR,rna\n")
    (codes / "reason.csv").write_text((codes / "reason.csv").read_text() + "OLD,recall,,2024-01-01,2024-12-31\n")
    assert not any("whatever its days" in warning for warning in _only(partners, "cedar").warnings)
    layout = partners / "cedar/layouts/requests.toml"
    layout.write_text(layout.read_text().replace('Date = { field = "issued_on", format = "MM/DD/YYYY" }', 'Date = ""'))
    warnings = _only(partners, "cedar").warnings
    assert (
        "codes/reference_qualifier.csv: QR means rna, which is no reference qualifier of ours; did you mean rma?"
    ) in warnings
    assert any(
        "requests.toml: no column is a date" in warning and "codes/reason.csv" in warning for warning in warnings
    )


def test_a_disposition_that_the_policy_does_not_know_is_a_warning(partners: Path) -> None:
    codes = partners / "harbor/codes/disposition.csv"
    codes.write_text(codes.read_text() + "BURN,incinerate,,,\n")
    assert any("no disposition incinerate" in warning for warning in _only(partners, "harbor").warnings)


def test_a_sample_that_nothing_reads_is_kept_as_that(partners: Path) -> None:
    (partners / "cedar/samples/junk.csv").write_bytes(b"\x00\x01\x02")
    _check(partners, "cedar", write=True)
    expected = json.loads((partners / "cedar/samples/junk.json").read_bytes())
    assert [finding["code"] for finding in expected["findings"]] == ["no_layout"]
    report = _only(partners, "cedar")
    assert report.ok
    assert any("nothing in it could be read" in sample.summary for sample in report.samples)


def test_live_traffic_beyond_the_samples_is_listed(partners: Path) -> None:
    data = (partners / "northgate/samples/180-requests.edi").read_bytes().replace(b"RDR**DR*", b"RDR**PS*")
    book = load_partners(partners)
    report = check(book, ["northgate"], live={"northgate": LiveTraffic([("180.edi", data)], "one file")})
    beyond = report.partners[0].beyond
    assert beyond["codes"] == ["180 RDR02=PS"]
    assert beyond["meanings"] == ["reason PS → expiry"]
    printed = render_report(report)
    assert "  live traffic used what no sample does (one file)\n    codes: 180 RDR02=PS\n" in printed


def test_a_partners_own_import_profile_is_used_and_is_no_layout_of_incoming_files(partners: Path) -> None:
    (partners / "atlas/layouts/credits.toml").write_text('use = "generic-csv"\ndelimiter = ";"\n')
    toml = partners / "atlas/partner.toml"
    toml.write_text(toml.read_text().replace('credit_request = "erp:generic-csv"', 'credit_request = "erp:credits"'))
    report = _only(partners, "atlas")
    assert report.problems == []
    (differing,) = [sample for sample in report.samples if sample.name == "out/credit.json"]
    assert "ATLAS-CR-000001;1;" in differing.differences[0]
