"""The page and the schema of events are what the table says, and an event is what the schema says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gateway.returns.events import CSV_COLUMNS, EVENT_KINDS, StoredEvent, cloud_event, csv_row, json_schema, short_name
from tests.events_page import PAGE, SCHEMA, page, schema

EVENT = StoredEvent(
    7,
    "received",
    "R000001",
    "northgate",
    "R1ABC",
    "live",
    "2025-03-14T15:30:00.000000Z",
    '{"rma":"RMA-1","line_no":"1","quantity":"-4","movement":9,"reverses":8}',
)


def test_the_page_and_the_schema_stand_as_the_code_has_them() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.events_page writes them anew"
    assert SCHEMA.read_text(encoding="utf-8") == schema(), "python -m tests.events_page writes them anew"


def test_an_event_is_a_cloud_event() -> None:
    event = cloud_event(EVENT, "urn:returns-gateway:us")
    assert (event["specversion"], event["id"], event["source"]) == ("1.0", "7", "urn:returns-gateway:us")
    assert event["type"] == "returns-gateway.return.received.v1"
    assert event["subject"] == "R000001"
    assert int(str(event["sequence"])) == 7
    # CloudEvents, "Attribute naming": lower case letters and digits.
    assert all(re.fullmatch(r"[a-z0-9]+", name) for name in event)


def test_an_event_about_no_return_has_no_subject() -> None:
    event = cloud_event(StoredEvent(1, "held", "", "", "", "live", EVENT.at, "{}"), "urn:x")
    assert not {"subject", "partner", "correlationid"} & event.keys()


def test_sequences_sort_as_text() -> None:
    sequences = [
        cloud_event(StoredEvent(n, "held", "", "", "", "live", "", "{}"), "x")["sequence"] for n in (9, 10, 100)
    ]
    assert sequences == sorted(map(str, sequences))


@pytest.mark.parametrize("text", ["received", "received.v1", "returns-gateway.return.received.v1"])
def test_a_type_may_be_named_short(text: str) -> None:
    assert short_name(text) == "received"


def test_a_type_that_there_is_not() -> None:
    assert short_name("received.v2") is None


def test_an_event_fits_its_definition() -> None:
    definitions: Any = json_schema()["$defs"]
    assert set(definitions) == {"line", "tax", *(f"{name}.v{kind.version}" for name, kind in EVENT_KINDS.items())}
    definition = definitions["received.v1"]
    event: Any = cloud_event(EVENT, "urn:x")
    assert set(definition["required"]) <= event.keys() <= set(definition["properties"])
    for name, rule in definition["properties"].items():
        if "const" in rule:
            assert event[name] == rule["const"]
        if "pattern" in rule:
            assert re.fullmatch(rule["pattern"], event[name])
    data = definition["properties"]["data"]["properties"]
    assert event["data"].keys() <= data.keys()
    assert re.fullmatch(data["quantity"]["pattern"], event["data"]["quantity"])


def test_a_row_of_csv_has_every_column() -> None:
    row = dict(zip(CSV_COLUMNS, csv_row(EVENT, "urn:x"), strict=True))
    assert (row["id"], row["subject"], row["quantity"], row["movement"], row["sku"]) == ("7", "R000001", "-4", "9", "")
