"""Reading what partners answer to us: TA1, 997, 999 and 824 as documents, errors in words."""

from __future__ import annotations

from datetime import date

from tests.translators.x12.files import group, interchange, isa, sets_of
from translators.canonical import AcknowledgmentReceived, Inbound
from translators.profile import Profile
from translators.x12.read.file import read_interchanges
from translators.x12.sets.set_824.reader import read_824
from translators.x12.sets.set_997.reader import read_997
from translators.x12.sets.set_999.reader import read_999


def documents(text: str) -> list[AcknowledgmentReceived]:
    readers = {"997": read_997, "999": read_999, "824": read_824}
    (found,) = read_interchanges(text.encode(), Profile(), readers).interchanges
    assert found.verdict == "accepted"
    received: list[Inbound] = [*found.documents, *(document for one in sets_of(found) for document in one.documents)]
    return [document for document in received if isinstance(document, AcknowledgmentReceived)]


def of_set(set_id: str, body: str, version: str = "004010") -> AcknowledgmentReceived:
    text = f"ST*{set_id}*0001~{body}SE*{body.count('~') + 2}*0001~"
    functional = "AG" if set_id == "824" else "FA"
    (document,) = documents(interchange([group([text], functional_id=functional, version=version)]))
    return document


def test_a_997_with_every_kind_of_error() -> None:
    document = of_set(
        "997",
        "AK1*AN*77~AK2*180*0001~AK5*A~AK2*180*0002~AK3*BGN*2**8~AK4*3*373*8*20251350~AK3*CTT*6**6~AK5*R*5*4~"
        "AK2*180*0003~AK3*N9*3**8~AK4*2*127*5*TOOLONG~AK5*E*5~AK9*P*3*3*2*5~",
    )
    assert (document.acknowledges, document.functional_id, document.control_number) == ("group", "AN", "77")
    assert (document.verdict, document.included, document.received, document.accepted) == (
        "partially_accepted",
        3,
        3,
        2,
    )
    assert (document.codes, document.note) == (("5",), "GE01 is not the number of sets")
    assert document.issued_on == date(2025, 3, 14)
    assert [(one.set_id, one.control_number, one.verdict, one.codes) for one in document.sets] == [
        ("180", "0001", "accepted", ()),
        ("180", "0002", "rejected", ("5", "4")),
        ("180", "0003", "accepted_with_errors", ("5",)),
    ]
    assert document.sets[1].errors == (
        "BGN (segment 2), element 3: date not valid (20251350)",
        "CTT (segment 6): segment is not in this transaction set",
        "SE01 is not the number of segments",
    )
    assert document.provenance["control_number"].element == 2


def test_a_997_that_only_counts() -> None:
    document = of_set("997", "AK1*SH*5~AK9*A*2*2*2~")
    assert (document.verdict, document.sets, document.accepted) == ("accepted", (), 2)


def test_a_set_rejected_without_details() -> None:
    document = of_set("997", "AK1*SH*5~AK2*856*0001~AK5*R*1~AK9*R*1*1*0~")
    assert document.sets[0].errors == ("transaction set not supported",)


def test_a_999_with_components_and_repeats() -> None:
    document = of_set(
        "999",
        "AK1*AN*77*005010~AK2*180*0001~IK3*MEA*4*BLI*8~IK4*4>1>2*355*7*ZZ~IK4*3>>2*739*12*9~IK5*R*5~AK9*R*1*1*0~",
        "005010",
    )
    assert document.sets[0].errors == (
        "MEA (segment 4), element 4, component 1, occurrence 2: code not valid (ZZ)",
        "MEA (segment 4), element 3, occurrence 2: too many repetitions (9)",
    )
    assert document.verdict == "rejected"


def test_ta1s_before_the_iea() -> None:
    text = isa() + "TA1*000000041*250314*0931*R*023~TA1*000000042*250314*0931*A*000~IEA*0*000000905~"
    # Documents come only where there are readers at all.
    first, second = documents(text)
    assert (first.acknowledges, first.control_number, first.verdict, first.codes, first.note) == (
        "interchange",
        "000000041",
        "rejected",
        ("023",),
        "the file ended too early",
    )
    assert (second.verdict, second.note, second.number) == ("accepted", "no error", "000000905")


def test_an_824_says_what_the_business_thinks_of_a_set() -> None:
    document = of_set(
        "824",
        "BGN*11*ADV77*20250320~N1*FR*NORTHGATE*91*NG~OTI*TR*TN*RTV100045*NORTHGATE*GATEWAY*20250314*0931*77*0002*180~"
        "REF*IA*123456~TED*012*RMA unknown*BGN*2*2**RTV100045~NTE*GEN*call us~TED*007~",
    )
    assert (document.acknowledges, document.control_number, document.verdict) == ("set", "77", "rejected")
    assert (document.number, document.issued_on) == ("ADV77", date(2025, 3, 20))
    (one,) = document.sets
    assert (one.set_id, one.control_number, one.verdict, one.codes) == ("180", "0002", "rejected", ("012", "007"))
    assert one.errors == (
        "BGN02 (segment 2): combination not valid: RMA unknown (RTV100045) (call us)",
        "missing data",
    )
    assert [(reference.kind, reference.value) for reference in document.references] == [
        ("x12:TN", "RTV100045"),
        ("x12:IA", "123456"),
    ]
