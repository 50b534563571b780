"""The page of business events, made from their table: `python -m tests.events_page` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path

from gateway.returns.events import EVENT_FIELDS, EVENT_KINDS, json_schema
from gateway.returns.events.cloud_event import TYPE_PREFIX, versioned
from gateway.returns.events.kinds import COMMON_FIELDS

FOLDER = Path(__file__).resolve().parents[1] / "gateway/returns/events"
PAGE = FOLDER / "README.md"
SCHEMA = FOLDER / "schema.json"

HEAD = """\
# Business events

Made from `kinds.py` by `python -m tests.events_page`; a test compares this page with the code. The same as JSON Schema:
[schema.json](schema.json), `returns-gateway events schema`, `GET /api/v1/events/schema`.

What happens to returns is one append-only feed. An event is a [CloudEvent](https://cloudevents.io) 1.0 in the
structured JSON form:

```json
{example}
```

- `sequence` is the place in the feed: 1, 2, 3 … without a hole, as text that sorts. Whoever has read an event has been
  able to read every one before it. `id` is the same number; with `source` it is unique in the world, also when an event
  comes twice.
- `subject` is our return number, `correlationid` what every file about the return carries, `partner` whose return it
  is. What is about no return (a document that waits for one) has no subject.
- `stage` is `test` for returns of a partner in stage test: nothing of them is real.
- Quantities and money are decimals as text. A correction is an event of the same type with a negative quantity, and
  `reverses` names the movement that it takes back: sums over events are what the ledger says.
- `type` ends in the version of what the data says. A field may be added at any time; one that goes away or changes its
  meaning makes a new version. What is not known is left out.

Read it with `GET /api/v1/events?after=SEQUENCE&limit=N` (also `type`, `return`, `partner`, `stage`; anything else is a
422). The answer has `events`, `next` (where to go on) and `more`.
[Who else is told](../../../partners/README.md#who-is-told-of-events): webhooks, and a file a day.

## Types

All begin with `{prefix}`.

| type | means | partners are told | data, beside {common} |
|---|---|---|---|
"""

FIELDS_HEAD = """
## Fields of data

| field | form | means |
|---|---|---|
"""


def example() -> str:
    """An event as a reader sees it."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": "57",
            "source": "urn:returns-gateway",
            "type": TYPE_PREFIX + versioned("credited"),
            "subject": "R000001",
            "time": "2025-03-19T23:30:02.200000Z",
            "datacontenttype": "application/json",
            "dataschema": "urn:returns-gateway:schema:return.credited.v1",
            "sequence": "000000000000000057",
            "correlationid": "R000001CAE960",
            "partner": "northgate",
            "stage": "live",
            "data": {
                "rma": "RMA-000001",
                "request_number": "NR250314-01",
                "line_no": "1",
                "sku": "MS-1001",
                "quantity": "4",
                "unit": "EA",
                "movement": 15,
                "posting": "R000001-1-CR-0-1",
                "posting_kind": "credit_request",
                "amount": "338.00",
                "currency": "USD",
                "erp_document_type": "CREDIT_REQUEST",
                "erp_document": "CM4509",
            },
        },
        indent=2,
    )


def page() -> str:
    """The page as the code has it."""
    common = " and ".join(f"`{name}`" for name in COMMON_FIELDS)
    rows = [
        f"| `{versioned(name)}` | {kind.means} | {'yes' if kind.to_partner else 'no'} "
        f"| {', '.join(f'`{field}`' for field in kind.fields)} |"
        for name, kind in EVENT_KINDS.items()
    ]
    fields = [f"| `{name}` | {field.form} | {field.means} |" for name, field in EVENT_FIELDS.items()]
    head = HEAD.replace("{example}", example()).replace("{prefix}", TYPE_PREFIX).replace("{common}", common)
    return head + "\n".join(rows) + "\n" + FIELDS_HEAD + "\n".join(fields) + "\n"


def schema() -> str:
    """The schema as the code has it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    SCHEMA.write_text(schema(), encoding="utf-8")
