from __future__ import annotations

import pytest

from translators.erp.read.results import FOLDERS, folder_key, folder_outcome, moved_file
from translators.erp.read.status_file import STATES, TEXT_KEYS, Status, read_status


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"MessageStatus": "Processed"}', Status("Processed", "posted", "")),
        (
            '\ufeff{"Status": {"State": "PostProcessError"}, "StatusMessage": "Item TK-1 does not exist"}'.encode(),
            Status("PostProcessError", "refused", "Item TK-1 does not exist"),
        ),
        (
            b'[{"s": "Dequeued"}, {"s": "ProcessedWithErrors", "Errors": ["No site", {"x": "No item"}, "No site"]}]',
            Status("ProcessedWithErrors", "refused", "No site; No item"),
        ),
        (b'{"state": "InProcess", "Id": "Processed twice"}', Status("InProcess", "waiting", "")),
        (b'{"Name": "a.csv"}', None),
        (b'{"state": "Processed"', None),
        (b"\xff\xfe", None),
        (b"[" * 100_000, None),
        (b"", None),
    ],
)
def test_a_status_file_says_its_state_and_why(data: bytes, expected: Status | None) -> None:
    assert read_status(data, STATES, TEXT_KEYS) == expected


def test_states_and_keys_may_be_a_partners_own() -> None:
    states = {**STATES, "17": "refused", "booked": "posted"}
    data = b'{"code": 17, "message": "not this", "warum": "Periode geschlossen"}'
    assert read_status(data, states, ["Warum"]) == Status("17", "refused", "Periode geschlossen")
    assert read_status(b'{"ok": true, "s": "Booked"}', states, TEXT_KEYS) == Status("Booked", "posted", "")


def test_folders_may_be_a_partners_own() -> None:
    folders = {**FOLDERS, folder_key("Fehler 2"): "refused"}
    assert moved_file("fehler-2__L_1.csv", "", folders) == ("fehler-2", "L_1.csv")
    assert moved_file("fehler-2__L_1.csv") is None
    assert folder_outcome("FEHLER_2", (), folders) == "refused"
    assert folder_outcome("ProcessingSuccess", (), folders) == "posted"
