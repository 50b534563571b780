"""What ERPs answer, and how: row by row, in pairs of files, by IDoc number, by moving our file; twice, or in part."""

from __future__ import annotations

import csv
import io

import pytest

from gateway.clock import instant
from gateway.store.people import requests
from gateway.store.tables import dispatch, event, fault, hold, intake, posting, request
from tests.homes import GatewayAtWork

HEADER = "batch_id,row_no,idempotency_key,status,erp_doc_type,erp_doc_no,erp_line,posted_at,error_code,error_text\r\n"


def _atlas(gateway: GatewayAtWork, **changes: str) -> None:
    """Change lines of Atlas's partner.toml: key = value, the first line with that key."""
    path = gateway.root / "partners/atlas/partner.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    for key, value in changes.items():
        at = next(n for n, line in enumerate(lines) if line.startswith(f"{key} ="))
        lines[at] = f"{key} = {value}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    gateway.engine.reload()


def _orders(gateway: GatewayAtWork) -> list[dict[str, object]]:
    """Cedar's requests are authorized, and their return orders are with the ERP."""
    gateway.drop("cedar", "requests.csv")
    gateway.work()
    found = _postings(gateway)
    assert [row["state"] for row in found] == ["delivered"] * len(found)
    assert len(found) >= 2
    return found


def _postings(gateway: GatewayAtWork) -> list[dict[str, object]]:
    rows = gateway.rows(posting, posting.c.kind == "return_order")
    return sorted(rows, key=lambda row: (str(row["batch_id"]), int(row["row_no"] or 0)))


def _answer(gateway: GatewayAtWork, name: str, text: str) -> None:
    gateway.put("atlas", name, text.encode("ascii"))
    gateway.work()


def _import_file(gateway: GatewayAtWork, start: str) -> tuple[str, bytes]:
    ((name, data),) = [file for file in gateway.outbox("atlas").items() if file[0].startswith(start)]
    return name, data


def _decide(gateway: GatewayAtWork, hold_id: int, decision: str) -> str:
    """A person's answer to a Hold, left for the running gateway → what became of it."""
    with gateway.engine.store.write() as tx:
        body = {"hold": hold_id, "decision": decision}
        asked = requests.add(tx, "resolve", body, actor="ann", at=instant(gateway.clock.now()))
    gateway.work()
    (row,) = gateway.rows(request, request.c.id == asked)
    return str(row["state"])


def _open_holds(gateway: GatewayAtWork) -> list[str]:
    return [row["class"] for row in gateway.rows(hold, hold.c.state == "open")]


def test_a_batch_is_taken_in_part_and_the_answer_comes_twice(gateway: GatewayAtWork) -> None:
    first, second, *others = _orders(gateway)
    batch = first["batch_id"]
    text = (
        f"{HEADER}{batch},1,{first['key']},POSTED,RMO,RO1,1,2025-03-14T17:00:00,,\r\n"
        f"{batch},2,{second['key']},REJECTED,,,,,E217,Item is blocked\r\n"
    )
    _answer(gateway, "result_1.csv", text)
    after = _postings(gateway)
    assert [row["state"] for row in after[:2]] == ["posted", "refused"]
    assert (after[0]["erp_document"], after[1]["error_text"]) == ("RO1", "Item is blocked")
    assert all(row["state"] == "delivered" for row in after[2:])  # silence is never success
    assert len(others) == len(after) - 2
    holds_then = gateway.rows(hold)
    assert "erp_refused" in [row["class"] for row in holds_then]

    # The same words in another file (other bytes): nothing is posted or refused again.
    _answer(gateway, "result_2.csv", text.rstrip("\r\n") + "\r\n\r\n")
    assert _postings(gateway) == after
    assert gateway.rows(hold) == holds_then

    _answer(gateway, "result_3.csv", f"{HEADER}{batch},1,{first['key']},POSTED,RMO,RO9,1,,,\r\n")
    assert "erp_conflict" in _open_holds(gateway)
    assert _postings(gateway)[0]["erp_document"] == "RO1"


def test_the_same_result_file_again_is_no_question(gateway: GatewayAtWork) -> None:
    first, *_ = _orders(gateway)
    text = f"{HEADER}{first['batch_id']},1,{first['key']},POSTED,RMO,RO1,1,,,\r\n"
    _answer(gateway, "result_1.csv", text)
    after, holds_then = _postings(gateway), gateway.rows(hold)
    _answer(gateway, "result_again.csv", text)
    assert gateway.rows(intake, intake.c.partner == "atlas")[-1]["state"] == "duplicate"
    assert (_postings(gateway), gateway.rows(hold)) == (after, holds_then)


def test_other_files_of_an_erp_that_come_twice_are_asked_of_those_who_know_the_machine(gateway: GatewayAtWork) -> None:
    for name in ("products-again.csv", "products-and-again.csv"):
        gateway.put("atlas", name, gateway.sample("atlas", "products.csv"))
        gateway.work()
    asked = [row["owner"] for row in gateway.rows(hold) if row["class"] == "meant_twice"]
    assert asked and set(asked) == {"it"}


def test_a_refusal_that_comes_late_is_no_answer_to_what_went_out_again(gateway: GatewayAtWork) -> None:
    first, *_ = _orders(gateway)
    batch, key = first["batch_id"], first["key"]
    refused = f"{HEADER}{batch},1,{key},REJECTED,,,,,E1,Period closed"
    _answer(gateway, "result_1.csv", f"{refused}\r\n")
    (asked,) = gateway.rows(hold, hold.c["class"] == "erp_refused")
    text = _decide(gateway, asked["id"], "retry_posting")
    assert text == "done"
    again = next(row for row in _postings(gateway) if row["key"] == key)
    assert (again["state"], again["batch_id"] != batch) == ("delivered", True)
    _answer(gateway, "result_2.csv", f"{refused}\r\n\r\n")  # the ERP's job writes its old result once more
    assert next(row for row in _postings(gateway) if row["key"] == key)["state"] == "delivered"
    assert "erp_refused" not in _open_holds(gateway)
    noted = [row["message"] for row in gateway.rows(event, event.c.return_no == first["return_no"])]
    assert any(
        f"refused in {batch}, before it went out again in {again['batch_id']}: Period closed" in m for m in noted
    )


def test_a_folder_that_refuses_late_is_no_answer_to_what_went_out_again(gateway: GatewayAtWork) -> None:
    _atlas(gateway, return_order='"erp:d365-fo"')
    first, *_ = _orders(gateway)
    batch, key = first["batch_id"], first["key"]
    name, data = _import_file(gateway, "ReturnOrderLines")
    _answer(gateway, "result_1.csv", f"{HEADER}{batch},1,{key},REJECTED,,,,,E1,Period closed\r\n")
    (asked,) = gateway.rows(hold, hold.c["class"] == "erp_refused")
    assert _decide(gateway, asked["id"], "retry_posting") == "done"
    gateway.put("atlas", f"ProcessingErrors__{name}", data)
    gateway.work()
    again = next(row for row in _postings(gateway) if row["key"] == key)
    assert (again["state"], again["batch_id"] != batch) == ("delivered", True)


def test_pairs_of_files_may_name_rows_only(gateway: GatewayAtWork) -> None:
    _atlas(gateway, layouts='["orders", "products", "generic-success", "generic-fail"]')
    orders = _orders(gateway)
    batch = orders[0]["batch_id"]
    _answer(
        gateway,
        "import_success.csv",
        f"batch_id,row_no,idempotency_key,erp_doc_type,erp_doc_no\r\n{batch},1,,RMO,RO7\r\n",
    )
    _answer(
        gateway,
        "import_fail.csv",
        f"batch_id,row_no,idempotency_key,error_code,error_text\r\n{batch},2,,E9,Period closed\r\n",
    )
    after = _postings(gateway)
    assert [(row["state"], row["erp_document"], row["error_text"]) for row in after[:2]] == [
        ("posted", "RO7", ""),
        ("refused", "", "Period closed"),
    ]


def _status(number: str, status: str, text: str = "") -> str:
    return f"EDI_DS40  100{number}20250314120000{status}SAP{'VL':<20}311E{text:<50}"


def test_an_idoc_status_speaks_of_all_postings_of_its_idoc(gateway: GatewayAtWork) -> None:
    _atlas(gateway, layouts='["orders", "products", "sap-status"]', return_order='"erp:generic-fixed"')
    orders = _orders(gateway)
    # The import file is written by another profile here; the numbers of a batch's groups are the same for all.
    sequence = str(orders[0]["batch_id"]).rpartition("-")[2]
    returns = list(dict.fromkeys(row["return_no"] for row in orders if row["batch_id"] == orders[0]["batch_id"]))
    first, second = (f"{sequence:0>8}{n:08}" for n in (1, 2))
    lines = [_status(first, "53"), _status(second, "51", "Material is blocked")]
    _answer(gateway, "alesta_1.txt", "\r\n".join(lines))
    by_return = {
        return_: {
            (row["state"], row["erp_document"], row["error_text"])
            for row in _postings(gateway)
            if row["return_no"] == return_
        }
        for return_ in returns[:2]
    }
    assert list(by_return.values()) == [{("posted", first, "")}, {("refused", "", "Material is blocked")}]


def test_an_idoc_on_its_way_says_nothing_and_errors_are_heard(gateway: GatewayAtWork) -> None:
    _atlas(gateway, layouts='["orders", "products", "sap-status"]')
    first, *_ = _orders(gateway)
    number = f"{str(first['batch_id']).rpartition('-')[2]:0>8}{1:08}"
    _answer(gateway, "alesta_1.txt", _status(number, "50") + "\r\n" + _status(number, "64"))
    (came,) = gateway.rows(intake, intake.c.name == "alesta_1.txt")
    assert came["state"] == "processed"
    assert _open_holds(gateway) == []
    _answer(gateway, "alesta_2.txt", _status(number, "56", "Segment E1EDK01 is wrong"))
    found = [row["message"] for row in gateway.rows(hold, hold.c.return_no == first["return_no"])]
    assert any("Segment E1EDK01 is wrong" in message for message in found)


def test_a_file_moved_to_a_result_folder_answers_for_its_batch(gateway: GatewayAtWork) -> None:
    _atlas(gateway, return_order='"erp:d365-fo"')
    orders = _orders(gateway)
    lines, headers = _import_file(gateway, "ReturnOrderLines"), _import_file(gateway, "ReturnOrderHeaders")
    for folder, (name, data) in (("UploadSuccess", lines), ("ProcessingSuccess", headers)):
        gateway.put("atlas", f"{folder}__{name}", data)
        gateway.work()
        assert {row["state"] for row in _postings(gateway)} == {"delivered"}  # uploaded, or headers alone: not posted

    gateway.put("atlas", f"ProcessingSuccess__{lines[0]}", lines[1])
    gateway.work()
    after = _postings(gateway)
    assert {(row["state"], row["erp_document"]) for row in after} == {("posted", lines[0])}
    assert len(after) >= len(orders)
    assert {row["state"] for row in gateway.rows(intake, intake.c.name.contains("__"))} == {"processed"}

    # The same file out of the same folder is the same file; nothing happens twice.
    gateway.put("atlas", f"ProcessingSuccess__{lines[0]}", lines[1])
    gateway.work()
    assert _postings(gateway) == after


def test_a_file_moved_to_an_error_folder_refuses_its_batch(gateway: GatewayAtWork) -> None:
    _atlas(gateway, return_order='"erp:d365-fo"')
    orders = _orders(gateway)
    name, data = _import_file(gateway, "ReturnOrderLines")
    gateway.put("atlas", f"ProcessingErrors__{name}", data)
    gateway.work()
    refused = [row for row in _postings(gateway) if row["state"] == "refused"]
    assert len(refused) == len(orders)
    assert {row["error_code"] for row in refused} == {"ProcessingErrors"}
    assert _open_holds(gateway).count("erp_refused") == len(orders)


@pytest.mark.parametrize("marker_first", [True, False])
def test_an_error_folder_that_says_success_is_a_question(gateway: GatewayAtWork, marker_first: bool) -> None:
    _atlas(gateway, return_order='"erp:d365-fo"')
    _orders(gateway)
    name, data = _import_file(gateway, "ReturnOrderLines")
    files = {f"UploadErrors__{name}.success": b"ok", f"UploadErrors__{name}": data}
    for dropped in sorted(files, reverse=marker_first):
        gateway.put("atlas", dropped, files[dropped])
        gateway.work()
    assert "erp_result_unclear" in _open_holds(gateway)
    if marker_first:
        assert {row["state"] for row in _postings(gateway)} == {"delivered"}


def test_an_answer_about_a_return_finds_the_batch_that_waits_for_it(gateway: GatewayAtWork) -> None:
    _atlas(gateway, layouts='["orders", "products", "sap-status"]')
    first, *_ = _orders(gateway)
    _answer(gateway, "status_1.txt", _status(f"{first['return_no']:<16}", "51", "No such customer"))
    states = {row["return_no"]: row["state"] for row in _postings(gateway)}
    assert states[first["return_no"]] == "refused"
    assert [state for number, state in states.items() if number != first["return_no"]] == ["delivered"]


def test_all_rows_that_cannot_be_written_are_refused_at_once(gateway: GatewayAtWork) -> None:
    (gateway.root / "partners/atlas/layouts/short.toml").write_text(
        'direction = "erp"\nformat = "csv"\n[[files]]\nname = "SHORT_{sequence:06}.csv"\n[[files.records]]\n'
        'when = "row"\nfields = ["idempotency_key", { name = "sku", width = 3 }]\n',
        encoding="utf-8",
    )
    _atlas(gateway, return_order='"erp:short"')
    gateway.drop("cedar", "requests.csv")
    gateway.work()
    found = _postings(gateway)
    assert {row["state"] for row in found} == {"refused"}
    assert _open_holds(gateway).count("unrenderable") == len(found)
    # Tried again without a cure, it is asked again; voided, it is settled.
    (first, *_) = gateway.rows(hold, hold.c["class"] == "unrenderable")
    assert _decide(gateway, first["id"], "retry") == "done"
    assert _open_holds(gateway).count("unrenderable") == len(found)
    assert _decide(gateway, first["id"], "void") == "done"
    assert _open_holds(gateway).count("unrenderable") == len(found) - 1
    assert [row["state"] for row in _postings(gateway)].count("void") == 1
    assert gateway.rows(dispatch, dispatch.c.kind == "erp_batch") == []


def test_a_wrong_profile_leaves_the_postings_ready(gateway: GatewayAtWork) -> None:
    layout = gateway.root / "partners/atlas/layouts/odd.toml"
    text = (
        'direction = "erp"\nformat = "csv"\n[[files]]\nname = "ODD NAME_{sequence:06}.csv"\n'
        '[[files.records]]\nwhen = "row"\nfields = ["idempotency_key", "sku"]\n'
    )
    layout.write_text(text, encoding="utf-8")
    _atlas(gateway, return_order='"erp:odd"')
    gateway.drop("cedar", "requests.csv")
    gateway.work()
    gateway.work()
    assert {row["state"] for row in _postings(gateway)} == {"ready"}
    (open_,) = gateway.rows(fault, fault.c["class"] == "import_profile_wrong")
    assert open_["cleared_at"] == ""
    assert "ODD NAME" in open_["message"]

    layout.write_text(text.replace("ODD NAME", "ODD"), encoding="utf-8")
    gateway.engine.reload()
    gateway.work()
    assert {row["state"] for row in _postings(gateway)} == {"delivered"}
    assert gateway.rows(fault, fault.c["class"] == "import_profile_wrong")[0]["cleared_at"]
    name, data = _import_file(gateway, "ODD_")
    assert name == "ODD_000001.csv"  # no number was used up meanwhile
    assert len(list(csv.DictReader(io.StringIO(data.decode())))) == len(_postings(gateway))


def test_an_answer_that_its_layout_cannot_carry_is_held(gateway: GatewayAtWork) -> None:
    cedar = gateway.root / "partners/cedar"
    (layout,) = [
        path for path in cedar.glob("layouts/*.toml") if 'document = "return_answer"' in path.read_text("utf-8")
    ]
    text = layout.read_text(encoding="utf-8")
    layout.write_text(text.replace("[columns]", 'charset = "ascii"\n\n[columns]'), encoding="utf-8")
    gateway.engine.reload()
    gateway.put("cedar", "requests.csv", gateway.sample("cedar", "requests.csv").replace(b"CR-3002", "CR-é".encode()))
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    (held,) = gateway.rows(hold, hold.c["class"] == "unrenderable")
    assert held["partner"] == "cedar"
    assert "Request" in held["message"]
    assert not [name for name in gateway.outbox("cedar") if name.startswith(layout.stem)]
    assert [name for name in gateway.outbox("northgate") if name.startswith("180_")]
