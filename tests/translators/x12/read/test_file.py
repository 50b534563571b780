"""Reading whole files: what is counted, what is contained, and where each set stands."""

from __future__ import annotations

import io

import pytest

from tests.translators.x12.files import codes, good, group, interchange, isa, only, read, sets_of, transaction
from translators.canonical import Inbound, ReturnRequest
from translators.profile import Profile
from translators.x12.envelope.limits import CHUNK_SIZE
from translators.x12.read.file import (
    GroupRead,
    InterchangeOpened,
    InterchangeRead,
    SetRead,
    read_interchanges,
    stream_groups,
)
from translators.x12.sets.context import SetContext


@pytest.mark.parametrize("set_id", ["180", "856", "944"])
def test_a_good_file_is_accepted_without_a_word(set_id: str) -> None:
    file = read(good(set_id))
    assert file.findings == []
    (found,) = file.interchanges
    assert (found.verdict, found.findings) == ("accepted", [])
    assert [(group.verdict, group.findings, group.claimed_sets) for group in found.groups] == [("accepted", [], 1)]
    (one,) = sets_of(found)
    assert (one.set_id, one.control_number, one.verdict, one.findings) == (set_id, "0001", "accepted", [])


def test_what_the_envelope_says_is_kept() -> None:
    found = only(interchange([group([transaction()])], isa(ack_requested="1", usage="T")))
    assert (found.control_number, found.sender_qualifier, found.sender, found.receiver_qualifier, found.receiver) == (
        "000000905",
        "ZZ",
        "NORTHGATE",
        "ZZ",
        "GATEWAY",
    )
    assert (found.date, found.time, found.version, found.usage, found.ack_requested) == (
        "250314",
        "0931",
        "00401",
        "T",
        "1",
    )
    (one,) = found.groups
    assert (one.functional_id, one.control_number, one.version, one.sender, one.receiver) == (
        "AN",
        "5",
        "004010",
        "NORTHGATE",
        "GATEWAY",
    )


def test_several_sets_groups_and_interchanges_with_delimiters_of_their_own() -> None:
    first = interchange(
        [group([transaction("180", "0001"), transaction("180", "0002")]), group([transaction("944")], "6", "RE")]
    )
    second = interchange([group([transaction("856")], functional_id="SH")], number="000000906").translate(
        str.maketrans("*~>", "|\n:")
    )
    file = read(first + second + first.replace("000000905", "000000907"))
    assert file.findings == []
    assert [interchange.control_number for interchange in file.interchanges] == ["000000905", "000000906", "000000907"]
    assert [interchange.verdict for interchange in file.interchanges] == ["accepted"] * 3
    assert [len(sets_of(interchange)) for interchange in file.interchanges] == [3, 1, 3]


def test_offsets_are_bytes_of_the_file() -> None:
    text = "\n" + interchange([group([transaction("180", "0001"), transaction("180", "0002")])])
    data = text.encode() + b"\r\n" + interchange([group([transaction("944")], functional_id="RE")]).encode()
    for found in read(data).interchanges:
        assert data[found.offset :].startswith(b"ISA*")
        assert data[: found.offset + found.length].endswith(b"IEA*1*000000905~")
        for transaction_set in sets_of(found):
            piece = data[transaction_set.offset : transaction_set.offset + transaction_set.length]
            assert piece.startswith(b"ST*") and piece.endswith(f"*{transaction_set.control_number}~".encode())


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "cp037"])
def test_offsets_are_bytes_in_other_encodings_too(codec: str) -> None:
    data = good().encode(codec)
    file = read(data)
    (found,) = file.interchanges
    assert codes(file.findings) == ["transcoded"]
    assert found.verdict == "accepted"
    (one,) = sets_of(found)
    assert data[one.offset : one.offset + one.length].decode(codec) == transaction()


def test_offsets_count_the_line_breaks_of_wrapped_files() -> None:
    text = interchange([group([transaction("180", f"{n:04d}") for n in range(1, 9)])])
    data = "\r\n".join(text[at : at + 80] for at in range(0, len(text), 80)).encode()
    found = only(data)
    assert codes(found.findings) == ["isa_wrapped"]
    for transaction_set in sets_of(found):
        assert transaction_set.verdict == "accepted"
        piece = data[transaction_set.offset : transaction_set.offset + transaction_set.length].replace(b"\r\n", b"")
        assert piece == transaction("180", transaction_set.control_number).encode()


# --- containment ------------------------------------------------------------------------------------------------------


def test_a_broken_set_leaves_its_neighbours_alone() -> None:
    sets = [transaction("180", f"{n:04d}") for n in range(1, 6)]
    sets[2] = sets[2].replace("BLI*UP", "BLI*")
    found = only(interchange([group(sets)]))
    assert [transaction_set.verdict for transaction_set in sets_of(found)] == [
        "accepted",
        "accepted",
        "rejected",
        "accepted",
        "accepted",
    ]
    assert found.groups[0].verdict == "partially_accepted"


def test_a_missing_se_does_not_swallow_the_next_set() -> None:
    sets = [transaction("180", "0001"), transaction("180", "0002").partition("SE*")[0], transaction("180", "0003")]
    found = only(interchange([group(sets)]))
    assert [transaction_set.control_number for transaction_set in sets_of(found)] == ["0001", "0002", "0003"]
    assert [transaction_set.verdict for transaction_set in sets_of(found)] == ["accepted", "rejected", "accepted"]
    assert [(finding.code, finding.ack_code) for finding in sets_of(found)[1].findings] == [("se_missing", "2")]


def test_a_missing_ge_rejects_its_group_and_no_other() -> None:
    first = group([transaction()], "5").partition("GE*")[0]
    found = only(interchange([first, group([transaction()], "6")]))
    assert [group.verdict for group in found.groups] == ["rejected", "accepted"]
    assert [(finding.code, finding.ack_code) for finding in found.groups[0].findings] == [("ge_missing", "3")]
    assert codes(sets_of(found)[0].findings) == ["group_rejected"]
    assert found.verdict == "accepted"


def test_a_missing_iea_rejects_its_interchange_and_no_other() -> None:
    first = good().partition("IEA*")[0]
    file = read(first + interchange([group([transaction()])], number="000000906"))
    assert [interchange.verdict for interchange in file.interchanges] == ["rejected", "accepted"]
    assert [(finding.code, finding.ack_code) for finding in file.interchanges[0].findings] == [("iea_missing", "023")]
    assert codes(sets_of(file.interchanges[0])[0].findings) == ["interchange_rejected"]


def test_every_truncation_ends_in_findings_and_never_in_an_acceptance() -> None:
    text = interchange([group([transaction("180", "0001"), transaction("180", "0002")])])
    for length in range(len(text) - 1):
        file = read(text[:length])
        findings = [*file.findings, *(finding for found in file.interchanges for finding in found.findings)]
        assert any(finding.severity == "error" for finding in findings) or length >= text.rindex("IEA*")
        if length < text.rindex("IEA*"):
            assert all(
                transaction_set.verdict == "rejected"
                for found in file.interchanges
                for transaction_set in sets_of(found)
            )


# --- documents --------------------------------------------------------------------------------------------------------


def _reader(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    return [
        ReturnRequest(number=segments[1][2], note=f"{context.set_control_number} {context.interchange_control_number}")
    ]


def test_documents_are_read_for_every_set_that_is_not_rejected() -> None:
    sets = [transaction("180", f"{n:04d}") for n in range(1, 4)]
    sets[1] = sets[1].replace("BLI*UP", "BLI*")
    data = interchange([group(sets)]).encode()
    (found,) = read_interchanges(data, Profile(), {"180": _reader}).interchanges
    assert [[document.number for document in one.documents] for one in sets_of(found)] == [
        ["RTV100045"],
        [],
        ["RTV100045"],
    ]
    assert sets_of(found)[2].documents[0].note == "0003 000000905"


def test_documents_of_a_rejected_group_or_interchange_are_taken_away() -> None:
    for text in (good().replace("GE*1", "GE*2"), good().partition("IEA")[0]):
        (found,) = read_interchanges(text.encode(), Profile(), {"180": _reader}).interchanges
        assert [one.documents for one in sets_of(found)] == [[]]


def test_readers_see_the_whole_envelope() -> None:
    seen: list[SetContext] = []

    def reader(segments: list[list[str]], context: SetContext) -> list[Inbound]:
        seen.append(context)
        return []

    read_interchanges(good("944").encode(), Profile(), {"944": reader})
    (context,) = seen
    assert (context.set_id, context.release, context.version, context.functional_id) == (
        "944",
        "004010",
        "004010",
        "RE",
    )
    assert (context.sender, context.receiver, context.group_control_number) == ("NORTHGATE", "GATEWAY", "5")
    assert (context.group_date, context.interchange_date, context.delimiters.segment) == ("20250314", "250314", "~")


def test_values_come_in_the_partners_character_set() -> None:
    assert SetContext(profile=Profile(charset="utf-8")).text("caf\xc3\xa9") == "café"
    assert SetContext(profile=Profile(charset="utf-8")).text("caf\xe9") == "caf\xe9"
    assert SetContext().text("caf\xe9") == "café"


# --- the stream -------------------------------------------------------------------------------------------------------


def test_the_stream_tells_sets_groups_and_interchanges_as_they_end() -> None:
    text = interchange([group([transaction("180", "0001"), transaction("180", "0002")]), group([transaction()], "6")])
    events = list(stream_groups(text.encode(), Profile(), {}, each_set=True))
    assert [type(event) for event in events] == [
        InterchangeOpened,
        SetRead,
        SetRead,
        GroupRead,
        SetRead,
        GroupRead,
        InterchangeRead,
    ]


@pytest.mark.parametrize("size", [1, 7, 100, 4096])
def test_pieces_of_any_size_read_the_same(size: int) -> None:
    text = good("856") + "\r\n" + interchange([group([transaction("180", "0001"), transaction("180", "0002")[:-9]])])
    data = text.encode()
    whole = read_interchanges(data, Profile(), {})
    pieces = stream_groups((data[at : at + size] for at in range(0, len(data), size)), Profile(), {})
    assert [event.interchange for event in pieces if isinstance(event, InterchangeRead)] == whole.interchanges
    opened = stream_groups(io.BytesIO(data), Profile(), {})
    assert [event.interchange for event in opened if isinstance(event, InterchangeRead)] == whole.interchanges


def test_files_larger_than_the_window_read_the_same() -> None:
    sets = [transaction("180", f"{n:04d}") for n in range(1, 2 + 2 * CHUNK_SIZE // len(transaction()))]
    text = interchange([group(sets), group([transaction()], "6")])
    assert len(text) > 2 * CHUNK_SIZE
    data = text.encode()
    found = only(data)
    assert found.verdict == "accepted"
    assert [group.verdict for group in found.groups] == ["accepted", "accepted"]
    last = sets_of(found)[-1]
    assert data[last.offset : last.offset + last.length].decode() == transaction()
    assert found.length == len(data)


def test_a_set_larger_than_a_segment_may_be_is_no_trouble() -> None:
    lines = "BLI*UP*012345678905*3*EA~RDR**DT~" * 5_000
    body = f"BGN*13*RTV100045*20250314~{lines}"
    found = only(interchange([group([transaction("180", "0001", body), transaction("180", "0002", body)])]))
    assert [
        (transaction_set.verdict, transaction_set.segment_count, transaction_set.findings)
        for transaction_set in sets_of(found)
    ] == [("accepted", 10_003, [])] * 2


def test_a_set_larger_than_the_quick_way_reaches_is_read_with_care() -> None:
    body = "BGN*13*RTV100045*20250314~" + "BLI*UP*012345678905*3*EA~" * 200_000
    text = interchange([group([transaction("180", "0001", body), transaction("180", "0002")])])
    found = only(text)
    assert [(transaction_set.verdict, transaction_set.segment_count) for transaction_set in sets_of(found)] == [
        ("accepted", 200_003),
        ("accepted", 6),
    ]


def test_line_ends_that_change_from_set_to_set_are_no_trouble() -> None:
    ends = ["~", "~\n", "~\r\n", "~\n\n", "~ \n  "]
    sets = [transaction("180", f"{n:04d}").replace("~", ends[n % len(ends)]) for n in range(1, 60)]
    found = only(interchange([group(sets)]))
    assert {transaction_set.verdict for transaction_set in sets_of(found)} == {"accepted"}
    assert len(sets_of(found)) == 59


def test_an_interchange_after_junk_is_found_in_pieces_too() -> None:
    data = b"ISATEWAY*5*X*004030~W17*O*20260609 " + b"no use " * 200 + good().encode()
    for size in (1, 50, 106, 5000):
        events = list(stream_groups((data[at : at + size] for at in range(0, len(data), size)), Profile(), {}))
        assert [type(event).__name__ for event in events][-1] == "InterchangeRead"
