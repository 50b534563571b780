"""What goes wrong in inboxes: a clear finding or Hold, the bytes kept, everything else goes on."""

from __future__ import annotations

import pytest

from gateway.clock import instant
from gateway.disk import archive_path
from gateway.store.people import requests
from gateway.store.tables import dispatch, hold, intake, interchange, return_
from tests.homes import GatewayAtWork
from tests.translators.x12.files import isa, transaction, whole_file


def _last_intake(gateway: GatewayAtWork) -> dict[str, object]:
    return gateway.rows(intake)[-1]


@pytest.mark.parametrize(
    ("partner", "name", "data", "reason"),
    [
        pytest.param("northgate", "empty.edi", b"", "empty_file", id="empty"),
        pytest.param("northgate", "photo.jpg", b"\xff\xd8\xff\x00" * 99, "not_recognised", id="binary junk"),
        pytest.param("northgate", "bare.edi", b"ST*180*0001~BGN*13*A*20250314~SE*3*0001~", "no_interchange", id="bare"),
        pytest.param("cedar", "unknown.csv", b"A,B\r\n1,2\r\n", "no_layout", id="unknown document"),
        pytest.param("cedar", "requests_x.csv", b"\x00\x01\x02", "no_layout", id="binary as csv"),
    ],
)
def test_what_cannot_be_read_is_quarantined(
    gateway: GatewayAtWork, partner: str, name: str, data: bytes, reason: str
) -> None:
    gateway.put(partner, name, data)
    gateway.drop("northgate", "180-requests.edi")
    gateway.clock.advance(10)
    gateway.work()

    (bad,) = gateway.rows(intake, intake.c.state == "quarantined")
    assert (bad["name"], bad["reason"]) == (name, reason)
    assert archive_path(gateway.engine.home, bad["sha256"]).read_bytes() == data
    (opened,) = gateway.rows(hold, hold.c.intake_id == bad["id"])
    assert (opened["state"], opened["class"]) == ("open", reason)
    assert name in opened["message"]
    assert f"replay {bad['id']}" in opened["next_action"]
    assert len(gateway.rows(return_)) == 2


def test_a_file_of_an_unknown_partner_waits_for_its_folder(gateway: GatewayAtWork) -> None:
    (gateway.root / "inbox/willow").mkdir()
    gateway.put("willow", "180.edi", gateway.sample("northgate", "180-requests.edi"))
    gateway.work()

    stranger = _last_intake(gateway)
    assert (stranger["state"], stranger["reason"]) == ("quarantined", "unknown_partner")
    assert gateway.rows(return_) == []
    assert gateway.rows(dispatch) == []


def test_a_missing_column_is_named(gateway: GatewayAtWork) -> None:
    rows = gateway.sample("cedar", "requests.csv").decode().replace("Qty", "Menge", 1)
    gateway.put("cedar", "requests.csv", rows.encode())
    gateway.work()

    bad = _last_intake(gateway)
    assert bad["state"] in {"quarantined", "rejected"}
    assert gateway.rows(return_) == []
    assert "Qty" in str(bad["detail"]) + str(gateway.rows(hold)) + str(gateway.outbox("cedar"))


def test_an_impossible_number_rejects_its_request_and_the_others_go_on(gateway: GatewayAtWork) -> None:
    rows = gateway.sample("cedar", "requests.csv").decode().replace("400101005001,1,", "400101005001,minus two,", 1)
    gateway.put("cedar", "requests.csv", rows.encode())
    gateway.work()

    assert _last_intake(gateway)["state"] == "partial"
    assert [row["request_number"] for row in gateway.rows(return_)] == ["CR-3001"]
    (report,) = (data.decode() for name, data in gateway.outbox("cedar").items() if "problems" in name)
    assert "minus two" in report
    assert "Qty" in report


def test_a_truncated_interchange_waits_then_is_taken_as_truncated(gateway: GatewayAtWork) -> None:
    whole = gateway.sample("northgate", "180-requests.edi")
    gateway.put("northgate", "cut.edi", whole[: whole.index(b"SE*12*0002")])
    gateway.work()
    assert gateway.rows(intake, intake.c.name == "cut.edi") == []

    gateway.clock.advance(3600)
    gateway.work()
    (cut,) = gateway.rows(intake, intake.c.name == "cut.edi")
    assert cut["state"] == "rejected"
    assert archive_path(gateway.engine.home, cut["sha256"]).read_bytes() == whole[: whole.index(b"SE*12*0002")]


def test_a_forged_sender_gets_no_answer(gateway: GatewayAtWork) -> None:
    forged = gateway.sample("northgate", "180-requests.edi").replace(b"NORTHGATE      ", b"HARBORPOINT    ", 1)
    gateway.put("northgate", "forged.edi", forged)
    gateway.work()

    assert _last_intake(gateway)["state"] == "held"
    assert [row["class"] for row in gateway.rows(hold)] == ["sender_mismatch"]
    assert gateway.rows(dispatch) == []
    assert gateway.rows(return_) == []
    assert [row["dedupe_key"] for row in gateway.rows(interchange)] == [None]


def test_other_bytes_under_a_used_control_number_are_held(gateway: GatewayAtWork) -> None:
    first = gateway.sample("northgate", "180-requests.edi")
    gateway.put("northgate", "first.edi", first)
    gateway.work()
    before = len(gateway.rows(dispatch))
    gateway.put("northgate", "second.edi", first.replace(b"NR250314-01", b"NR250314-09"))
    gateway.work()

    assert _last_intake(gateway)["state"] == "held"
    assert gateway.rows(hold)[-1]["class"] == "control_number_reused"
    assert len(gateway.rows(dispatch)) == before


def test_a_reused_number_is_told_by_a_ta1_to_who_asks_for_one(gateway: GatewayAtWork) -> None:
    first = gateway.sample("northgate", "180-requests.edi").replace(b"*0*P*>~", b"*1*P*>~", 1)
    gateway.put("northgate", "first.edi", first)
    gateway.put("northgate", "second.edi", first.replace(b"NR250314-01", b"NR250314-09"))
    gateway.work()

    found = [data for name, data in gateway.outbox("northgate").items() if name.startswith("ta1_")]
    assert [data.partition(b"TA1*")[2].partition(b"~")[0] for data in found] == [
        b"000000101*250314*0925*A*000",
        b"000000101*250314*0925*R*025",
    ]
    assert len([name for name in gateway.outbox("northgate") if name.startswith("997_")]) == 1


def test_what_was_held_is_acknowledged_when_its_cause_is_gone(gateway: GatewayAtWork) -> None:
    data = gateway.sample("northgate", "180-requests.edi").replace(b"*0*P*>~", b"*0*T*>~", 1)
    gateway.put("northgate", "test.edi", data)
    gateway.work()
    held = _last_intake(gateway)
    assert held["state"] == "held"

    # Nothing was corrected: still no test traffic in a live partner's returns.
    _replay(gateway, held["id"])
    again = _last_intake(gateway)
    assert (again["state"], again["replay_of"]) == ("held", held["id"])
    assert [(row["class"], row["state"]) for row in gateway.rows(hold)] == [
        ("test_in_live", "resolved"),
        ("test_in_live", "open"),
    ]
    assert gateway.rows(return_) == gateway.rows(dispatch) == []

    folder = gateway.root / "partners/northgate/partner.toml"
    folder.write_text(folder.read_text().replace('stage = "live"', 'stage = "test"'))
    assert gateway.engine.reload()
    _replay(gateway, again["id"])
    assert [row["state"] for row in gateway.rows(intake, intake.c.name == "test.edi")] == [
        "quarantined",
        "quarantined",
        "partial",
    ]
    assert [row["state"] for row in gateway.rows(hold, hold.c["class"] == "test_in_live")] == ["resolved"] * 2
    (found,) = [data for name, data in gateway.outbox("northgate").items() if name.startswith("997_")]
    assert b"AK9*P*3*3*2~" in found

    # Once is enough: another replay has its documents known and its groups answered.
    _replay(gateway, held["id"])
    assert len([name for name in gateway.outbox("northgate") if name.startswith("997_")]) == 1


@pytest.mark.parametrize(("twice", "state"), [(False, "quarantined"), (True, "partial")])
def test_a_held_file_waits_no_more_when_its_hold_is_answered(gateway: GatewayAtWork, twice: bool, state: str) -> None:
    first = gateway.sample("northgate", "180-requests.edi")
    gateway.put("northgate", "first.edi", first.replace(b"000000101", b"000000100") if twice else first)
    gateway.work()
    other = first.replace(b"NR250314-01", b"NR250314-09")
    gateway.put("northgate", "second.edi", first + other if twice else other)
    gateway.work()
    assert _last_intake(gateway)["state"] == "held"

    (opened,) = gateway.rows(hold, hold.c["class"] == "control_number_reused")
    _ask(gateway, "resolve", {"hold": opened["id"], "decision": "done"})
    assert _last_intake(gateway)["state"] == state


def _replay(gateway: GatewayAtWork, intake_id: object) -> None:
    _ask(gateway, "replay", {"intake": intake_id})


def _ask(gateway: GatewayAtWork, kind: str, body: dict[str, object]) -> None:
    with gateway.engine.store.write() as tx:
        requests.add(tx, kind, body, actor="ada", at=instant(gateway.clock.now()))
    gateway.clock.advance(10)
    gateway.work()


def test_the_same_interchange_twice_in_one_file_counts_once(gateway: GatewayAtWork) -> None:
    gateway.put("northgate", "twice.edi", gateway.sample("northgate", "180-requests.edi") * 2)
    gateway.work()

    assert _last_intake(gateway)["state"] == "held"
    assert gateway.rows(hold)[-1]["class"] == "control_number_reused"
    assert len(gateway.rows(return_)) == 2
    assert len([name for name in gateway.outbox("northgate") if name.startswith("997_")]) == 1


def test_a_dropped_acknowledgment_moves_what_it_acknowledges(gateway: GatewayAtWork) -> None:
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    (answer,) = gateway.rows(dispatch, dispatch.c.kind == "return_answer")
    assert answer["ack_state"] == "awaiting"
    number = int(answer["control_number"])
    gateway.put("northgate", "997.edi", acknowledgment(number, "R"))
    gateway.work()

    (answer,) = gateway.rows(dispatch, dispatch.c.kind == "return_answer")
    assert answer["ack_state"] == "rejected"
    (opened,) = gateway.rows(hold, hold.c["class"] == "partner_rejected")
    assert answer["name"] in opened["message"]
    sent = len(gateway.rows(dispatch))
    gateway.put("northgate", "997b.edi", acknowledgment(number + 50, "A", control=778))
    gateway.work()
    assert gateway.rows(hold)[-1]["class"] == "ack_unmatched"
    assert len(gateway.rows(dispatch)) == sent  # acknowledgments are never acknowledged


def test_every_further_reason_of_a_rejection_reaches_a_person(gateway: GatewayAtWork) -> None:
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    (answer,) = gateway.rows(dispatch, dispatch.c.kind == "return_answer")
    name, number = answer["name"], int(answer["control_number"])
    found: list[tuple[str, str]] = []
    about: list[str] = []

    def send(data: bytes) -> str:
        gateway.put("northgate", f"{len(found)}.edi", data)
        gateway.work()
        opened = gateway.rows(hold, hold.c.partner == "northgate")
        found[:] = [(row["class"], row["message"]) for row in opened]
        about[:] = [row["return_no"] for row in opened]
        (sent,) = gateway.rows(dispatch, dispatch.c.id == answer["id"])
        return str(sent["ack_state"])

    taken = from_northgate(801, f"TA1*{number:09}*250314*1530*A*000~")
    # The envelope is taken, not yet what is in it.
    assert (send(taken), found) == ("awaiting", [])

    body = f"AK1*AN*{number}~AK2*180*0001~AK5*A~AK2*180*0002~AK3*BLI*11**8~AK4*3*380*7*0~AK5*R*5~AK9*P*2*2*1~"
    assert send(from_northgate(802, body, "997", "FA")) == "rejected"
    faulty = f"northgate rejected {name}: partially accepted; 180 0002: BLI (segment 11), element 3: code not valid (0)"
    assert found == [("partner_rejected", faulty)]
    assert send(from_northgate(803, body, "997", "FA")) == "rejected"
    assert found == [("partner_rejected", faulty)]

    advice = f"BGN*00*ADV1*20250315~OTI*TR*TN*NR250314-01*****{number}*0001*180~TED*011*RMA UNKNOWN~"
    assert send(from_northgate(804, advice, "824", "AG")) == "rejected"
    assert found[1:] == [
        ("partner_rejected", f"northgate rejected {name}: rejected; 180 0001: not matching: RMA UNKNOWN")
    ]

    send(from_northgate(805, "BGN*00*ADV2*20250315~OTI*TR*TN*R000002A1~TED*007*NO STORE~", "824", "AG"))
    words = "northgate acknowledges R000002A1 (x12:TN), which we did not send them: rejected; missing data: NO STORE"
    assert found[2:] == [("ack_unmatched", words)]
    # Two returns were answered in the file: each Hold stands at the one whose set it is about.
    assert about == ["R000002", "R000001", ""]

    # All of the file: both.
    send(from_northgate(806, f"TA1*{number:09}*250314*1530*R*017~"))
    assert (
        found[3:]
        == [("partner_rejected", f"northgate rejected {name}: rejected; the version in ISA12 is not valid (017)")] * 2
    )
    assert about[3:] == ["R000001", "R000002"]


def acknowledgment(group: int, verdict: str, control: int = 777) -> bytes:
    """Northgate's 997 about one of our 180 groups."""
    code = "*5" if verdict == "R" else ""
    body = f"AK1*AN*{group}~AK2*180*0001~AK5*{verdict}{code}~AK9*{verdict}*1*1*{int(verdict == 'A')}~"
    return from_northgate(control, body, "997", "FA")


def from_northgate(control: int, body: str, set_id: str = "", functional_id: str = "") -> bytes:
    """An interchange of Northgate's: one set, or what stands in none."""
    if not set_id:
        header = isa(f"{control:09}", receiver="MERIDIAN", time="1700")
        return f"{header}{body}IEA*0*{control:09}~".encode("ascii")
    held = transaction(set_id, body=body)
    return whole_file(held, number=control, functional_id=functional_id, receiver="MERIDIAN", time="1700")


def test_test_traffic_of_a_live_partner_is_held(gateway: GatewayAtWork) -> None:
    data = gateway.sample("northgate", "180-requests.edi").replace(b"*0*P*>", b"*0*T*>")
    gateway.put("northgate", "test.edi", data)
    gateway.work()

    assert gateway.rows(hold)[-1]["class"] == "test_in_live"
    assert gateway.rows(return_) == []


def test_the_same_x12_bytes_get_the_same_acknowledgment_bytes(gateway: GatewayAtWork) -> None:
    gateway.drop("northgate", "180-requests.edi")
    gateway.put("northgate", "copy.edi", gateway.sample("northgate", "180-requests.edi"))
    gateway.work()

    assert sorted(row["state"] for row in gateway.rows(intake, intake.c.partner == "northgate")) == [
        "duplicate",
        "partial",
    ]
    acknowledgments = [data for name, data in gateway.outbox("northgate").items() if name.startswith("997_")]
    assert len(acknowledgments) == 2
    assert acknowledgments[0] == acknowledgments[1]
    assert len(gateway.rows(return_)) == 2


def test_the_same_flat_bytes_are_a_question(gateway: GatewayAtWork) -> None:
    gateway.drop("cedar", "requests.csv")
    gateway.work()
    gateway.put("cedar", "requests-again.csv", gateway.sample("cedar", "requests.csv"))
    gateway.work()

    assert _last_intake(gateway)["state"] == "held"
    assert gateway.rows(hold)[-1]["class"] == "meant_twice"
    assert len(gateway.rows(return_)) == 2


def test_one_poisoned_interchange_does_not_stop_the_next_file(
    gateway: GatewayAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.process.decide import application

    def broken(*_: object) -> object:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(application, "decide", broken)
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    monkeypatch.undo()
    gateway.drop("cedar", "requests.csv")
    gateway.work()

    failed = gateway.rows(intake, intake.c.state == "failed")
    assert [row["reason"] for row in failed] == ["internal_error"]
    assert gateway.outbox("northgate") == {}
    assert len(gateway.rows(return_)) == 2

    with gateway.engine.store.write() as tx:
        requests.add(tx, "replay", {"intake": failed[0]["id"]}, actor="ana", at="2025-03-14T10:00:00.000000Z")
    gateway.work()
    assert _last_intake(gateway)["state"] == "partial"
