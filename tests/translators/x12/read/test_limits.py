"""Hostile files end in a finding, within bounds of time and memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from tests.translators.x12.files import codes, good, group, interchange, isa, only, read, sets_of, transaction
from translators.profile import Profile
from translators.x12.acknowledge.files import ControlNumbers, acknowledge
from translators.x12.envelope.limits import MAX_FINDINGS_PER_SET, MAX_SET_LENGTH
from translators.x12.read import file as read_module
from translators.x12.read import interchange as interchange_module

# Generous: a shared machine is slow at times; what is caught is quadratic growth, which takes minutes.
SECONDS = 15.0


def bounded(text: str) -> list[str]:
    """Read a hostile set between two good ones; the codes found in it. The neighbours must survive."""
    sets = [transaction("180", "0001"), text, transaction("180", "0003")]
    started = time.perf_counter()
    found = only(interchange([group(sets)]))
    assert time.perf_counter() - started < SECONDS
    first, hostile, last = sets_of(found)
    assert (first.verdict, hostile.verdict, last.verdict) == ("accepted", "rejected", "accepted")
    assert acknowledge(found, Profile(), ControlNumbers(1, 1), None)
    return codes(hostile.findings)


def test_an_element_of_ten_megabytes() -> None:
    body = f"BGN*13*{'A' * 10_000_000}*20250314~"
    assert bounded(transaction("180", "0002", body)) == ["segment_too_long"]


def test_a_segment_of_a_million_empty_elements() -> None:
    assert bounded(transaction("180", "0002", f"BGN{'*' * 1_000_000}~")) == ["segment_too_long"]


def test_ten_million_empty_segments_cost_no_memory() -> None:
    text = transaction("180", "0002").replace("~N9", "~" * 10_000_000 + "N9")
    tracemalloc.start()
    found = only(interchange([group([text])]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    (one,) = sets_of(found)
    assert (one.verdict, one.segment_count, codes(one.findings)) == ("accepted", 6, ["segment_untidy"])
    assert peak < 120_000_000


def test_ten_million_empty_segments_between_sets() -> None:
    found = only(good().replace("~ST", "~" * 10_000_000 + "ST"))
    assert [transaction_set.verdict for transaction_set in sets_of(found)] == ["accepted"]


def test_a_million_segments_in_a_set() -> None:
    assert bounded(transaction("180", "0002", "N9*ZZ*1~" * 1_000_000)) == ["set_too_long"]


def test_a_set_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    text = interchange([group([transaction("180", "0001")])]).partition("SE*")[0]
    text += "N9*ZZ*ABCDEFGHIJ~" * (MAX_SET_LENGTH // 17 + 100_000)
    started = time.perf_counter()
    found = only(text)
    assert time.perf_counter() - started < SECONDS
    assert found.verdict == "rejected"
    assert "set_too_long" in codes(sets_of(found)[0].findings)


def test_hierarchical_levels_a_hundred_thousand_deep() -> None:
    levels = "".join(f"HL*{n}*{n - 1 or ''}*I~" for n in range(1, 100_001))
    body = f"BSN*00*SHP7781*20250318*1000~{levels}"
    started = time.perf_counter()
    found = only(interchange([group([transaction("856", "0001", body)], functional_id="SH")]))
    assert time.perf_counter() - started < SECONDS
    assert len(sets_of(found)) == 1


def test_a_set_with_an_error_in_every_segment_lists_a_bounded_number_of_findings() -> None:
    found = only(interchange([group([transaction("180", "0001", "XX*1~" * 50_000)])]))
    (one,) = sets_of(found)
    assert one.verdict == "rejected"
    assert len(one.findings) <= MAX_FINDINGS_PER_SET + 1
    assert one.findings[-1].code in {"too_many_findings", "findings_cut"}


def test_a_megabyte_of_isa_letters() -> None:
    started = time.perf_counter()
    assert read("ISA" * 400_000).interchanges == []
    assert read("ISA*" * 200_000).interchanges == []
    assert read("ISA*\n" * 200_000).interchanges == []
    assert time.perf_counter() - started < SECONDS


def test_stray_envelope_segments_by_the_thousand() -> None:
    started = time.perf_counter()
    for segment in ("SE*1*0001~", "GE*1*1~", "ST*180*0001~", "XX~", "ISA*~", "TA1*1~"):
        text = isa() + segment * 20_000
        read(text)
        read(isa() + "GS*AN*NORTHGATE*GATEWAY*20250314*0931*5*X*004010~" + segment * 2_000)
    assert time.perf_counter() - started < 4 * SECONDS


def test_more_sets_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interchange_module, "MAX_SETS_PER_FILE", 3)
    file = read(interchange([group([transaction("180", f"{n:04d}") for n in range(1, 9)])]))
    assert codes(file.findings) == ["too_many_sets"]
    (found,) = file.interchanges
    assert found.verdict == "rejected"
    assert len(sets_of(found)) == 3


def test_more_interchanges_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_module, "MAX_INTERCHANGES_PER_FILE", 2)
    file = read(good() * 5)
    assert len(file.interchanges) == 2
    assert codes(file.findings) == ["too_many_interchanges"]
