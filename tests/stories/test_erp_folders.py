"""An ERP that answers by moving our files into folders, with a word about why; and one that answers by reference."""

from __future__ import annotations

import json

import pytest

from gateway.store.tables import fault, hold, intake, posting
from tests.homes import GatewayAtWork

HEADER = "batch_id,row_no,idempotency_key,status,erp_doc_type,erp_doc_no,erp_line,posted_at,error_code,error_text\r\n"


def _orders(gateway: GatewayAtWork, extra: str = "", profile: str = "d365-fo") -> list[dict[str, object]]:
    """Return orders are with Atlas, which takes files of this profile; `extra` is added to its partner.toml."""
    path = gateway.root / "partners/atlas/partner.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("return_order ="))
    lines[at] = f'return_order = "erp:{profile}"'
    path.write_text("\n".join(lines) + f"\n{extra}\n", encoding="utf-8")
    gateway.engine.reload()
    gateway.drop("cedar", "requests.csv")
    gateway.work()
    return _postings(gateway)


def _postings(gateway: GatewayAtWork) -> list[dict[str, object]]:
    return sorted(gateway.rows(posting, posting.c.kind == "return_order"), key=lambda row: str(row["key"]))


def _move(gateway: GatewayAtWork, start: str, folder: str, **beside: object) -> str:
    """The ERP moves the import file that begins like this; `beside` are endings of files it puts next to it."""
    ((name, data),) = [file for file in gateway.outbox("atlas").items() if file[0].startswith(start)]
    place = gateway.root / "inbox/atlas" / folder
    place.mkdir(exist_ok=True)
    (place / name).write_bytes(data)
    for ending, content in beside.items():
        (place / f"{name}.{ending}").write_text(json.dumps(content), encoding="utf-8")
    gateway.work()
    return name


def _open_holds(gateway: GatewayAtWork) -> list[str]:
    return [row["class"] for row in gateway.rows(hold, hold.c.state == "open")]


def test_files_in_result_folders_of_the_inbox_answer(gateway: GatewayAtWork) -> None:
    orders = _orders(gateway)
    _move(gateway, "ReturnOrderHeaders", "ProcessingSuccess")
    assert {row["state"] for row in _postings(gateway)} == {"delivered"}
    name = _move(gateway, "ReturnOrderLines", "ProcessingSuccess", Status={"State": "Processed"})
    assert {(row["state"], row["erp_document"]) for row in _postings(gateway)} == {("posted", name)}
    assert len(orders) >= 2
    assert list((gateway.root / "inbox/atlas/ProcessingSuccess").iterdir()) == []
    assert gateway.rows(fault, fault.c.cleared_at == "") == []


def test_folders_of_other_names_are_set_in_the_partners_folder(gateway: GatewayAtWork) -> None:
    _orders(gateway, '[results.folders]\nSuccess = "posted"\nError = "refused"')
    _move(gateway, "ReturnOrderHeaders", "success")
    _move(gateway, "ReturnOrderLines", "success")
    assert {row["state"] for row in _postings(gateway)} == {"posted"}


def test_a_folder_that_nobody_named_is_not_looked_into(gateway: GatewayAtWork) -> None:
    _orders(gateway)
    _move(gateway, "ReturnOrderLines", "Strange")
    assert {row["state"] for row in _postings(gateway)} == {"delivered"}
    assert gateway.rows(intake, intake.c.name.contains("Strange")) == []
    (odd,) = gateway.rows(fault, fault.c.cleared_at == "")
    assert "Strange" in odd["subject"]


def test_the_status_file_gives_the_refusal_its_words(gateway: GatewayAtWork) -> None:
    orders = _orders(gateway)
    text = {"Name": "job", "Status": "PostProcessError", "Message": "Item 400101001003 is on hold"}
    _move(gateway, "ReturnOrderLines", "ProcessingErrors", Status=text)
    after = _postings(gateway)
    assert {(row["state"], row["error_code"]) for row in after} == {("refused", "PostProcessError")}
    assert all("Item 400101001003 is on hold" in str(row["error_text"]) for row in after)
    assert _open_holds(gateway).count("erp_refused") == len(orders)


def test_a_status_that_comes_after_its_file_adds_its_words(gateway: GatewayAtWork) -> None:
    _orders(gateway)
    name = _move(gateway, "ReturnOrderLines", "ProcessingErrors")
    assert {row["error_code"] for row in _postings(gateway)} == {"ProcessingErrors"}
    place = gateway.root / "inbox/atlas/ProcessingErrors" / f"{name}.Status"
    place.write_text('{"state": "PreProcessError", "error": "Column RMANumber is missing"}', encoding="utf-8")
    gateway.work()
    after = _postings(gateway)
    assert {row["state"] for row in after} == {"refused"}
    assert all("Column RMANumber is missing" in str(row["error_text"]) for row in after)


@pytest.mark.parametrize(
    ("folder", "state"), [("ProcessingErrors", "Processed"), ("ProcessingSuccess", "ProcessedWithErrors")]
)
def test_a_status_that_contradicts_its_folder_is_a_question(gateway: GatewayAtWork, folder: str, state: str) -> None:
    _orders(gateway)
    _move(gateway, "ReturnOrderHeaders", "ProcessingSuccess")
    _move(gateway, "ReturnOrderLines", folder, Status={"State": state})
    assert "erp_result_unclear" in _open_holds(gateway)
    assert {row["state"] for row in _postings(gateway)} == {"delivered"}


def test_states_and_keys_of_a_status_file_are_set_in_the_partners_folder(gateway: GatewayAtWork) -> None:
    own = '[results]\ntext_keys = ["warum"]\n[results.states]\n"17" = "refused"'
    _orders(gateway, own)
    _move(gateway, "ReturnOrderLines", "UploadErrors", Status={"code": 17, "warum": "Periode geschlossen"})
    after = _postings(gateway)
    assert {(row["state"], row["error_code"]) for row in after} == {("refused", "17")}
    assert all("Periode geschlossen" in str(row["error_text"]) for row in after)


def _reference(row: dict[str, object], field: str) -> str:
    return str(json.loads(str(row["body"]))["row"][field])


@pytest.mark.parametrize("batch", ["", "JOB-4711"])
def test_an_answer_may_name_our_reference_and_no_batch_of_ours(gateway: GatewayAtWork, batch: str) -> None:
    first, *others = _orders(gateway, profile="odoo-csv")
    ours = "_".join(_reference(first, name) for name in ("return_no", "line_no", "split_no")) + "_1"
    text = f"{HEADER}{batch},,{ours},POSTED,RMO,RO1,1,,,\r\n"
    (gateway.root / "inbox/atlas/result_1.csv").write_text(text, encoding="ascii")
    gateway.work()
    after = _postings(gateway)
    assert [(row["state"], row["erp_document"]) for row in after if row["key"] == first["key"]] == [("posted", "RO1")]
    assert {row["state"] for row in after if row["key"] != first["key"]} == {"delivered"}
    assert others

    # The ERP says it again: it is an answer to what was answered, not to nothing of ours.
    (gateway.root / "inbox/atlas/result_2.csv").write_text(text + "\r\n", encoding="ascii")
    gateway.work()
    assert _postings(gateway) == after
    assert "erp_unknown_posting" not in _open_holds(gateway)


def test_an_answer_by_correlation_id_is_for_the_whole_return(gateway: GatewayAtWork) -> None:
    first, *_ = _orders(gateway, profile="generic-csv")
    text = f"{HEADER},,{_reference(first, 'correlation_id')},REJECTED,,,,,E1,Customer is blocked\r\n"
    (gateway.root / "inbox/atlas/result_1.csv").write_text(text, encoding="ascii")
    gateway.work()
    states = {(row["return_no"] == first["return_no"], row["state"]) for row in _postings(gateway)}
    assert states == {(True, "refused"), (False, "delivered")}
