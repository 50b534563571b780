"""What events look like, as JSON Schema (2020-12), made from the table of kinds: one definition a kind and version."""

from __future__ import annotations

from gateway.returns.events.cloud_event import SCHEMA_PREFIX, SEQUENCE_DIGITS, SPEC_VERSION, TYPE_PREFIX, versioned
from gateway.returns.events.kinds import COMMON_FIELDS, EVENT_FIELDS, EVENT_KINDS, EventName, FieldForm
from gateway.returns.model import POSTING_KINDS

Schema = dict[str, object]

_DECIMAL = r"^-?\d+(\.\d+)?$"
FORMS: dict[FieldForm, Schema] = {
    "text": {"type": "string"},
    "quantity": {"type": "string", "pattern": _DECIMAL, "description": "a decimal as text, exact"},
    "money": {"type": "string", "pattern": _DECIMAL, "description": "a decimal as text, exact"},
    "number": {"type": "integer"},
    "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}},
    "taxes": {"type": "array", "items": {"$ref": "#/$defs/tax"}},
}
# What a row of `lines` may say.
_LINE_FIELDS = ("line_no", "partner_line", "sku", "requested", "authorized", "unit", "decision", "reason")


def json_schema() -> Schema:
    """The schema of the feed: an event is one of its kinds. New fields may come at any time: they are no error."""
    kinds = {versioned(name): _kind(name) for name in EVENT_KINDS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:returns-gateway:schema:events",
        "title": "Business events of a returns gateway, as CloudEvents 1.0",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in kinds],
        "$defs": {"line": _line(), "tax": _tax(), **kinds},
    }


def _line() -> Schema:
    fields = {name: {"type": "string"} for name in _LINE_FIELDS}
    return {"type": "object", "properties": fields, "required": ["line_no"]}


def _tax() -> Schema:
    fields = {name: {"type": "string", "pattern": _DECIMAL} for name in ("rate", "base", "amount")}
    return {"type": "object", "properties": fields, "required": list(fields)}


def _kind(name: EventName) -> Schema:
    kind = EVENT_KINDS[name]
    data = {field: _field(field) for field in (*COMMON_FIELDS, *kind.fields)}
    return {
        "title": name,
        "description": kind.means + ("" if kind.to_partner else " (told to the house only)"),
        "type": "object",
        "required": ["specversion", "id", "source", "type", "time", "dataschema", "sequence", "stage", "data"],
        "properties": {
            "specversion": {"const": SPEC_VERSION},
            "id": {"type": "string", "description": "with the source, unique in the world"},
            "source": {"type": "string", "format": "uri-reference"},
            "type": {"const": TYPE_PREFIX + versioned(name)},
            "subject": {"type": "string", "description": "our return number; absent for what is about no return"},
            "time": {"type": "string", "format": "date-time"},
            "datacontenttype": {"const": "application/json"},
            "dataschema": {"const": SCHEMA_PREFIX + versioned(name)},
            "sequence": {"type": "string", "pattern": rf"^\d{{{SEQUENCE_DIGITS}}}$"},
            "correlationid": {"type": "string"},
            "partner": {"type": "string", "description": "whose return it is"},
            "stage": {"enum": ["live", "test"]},
            "data": {"type": "object", "properties": data},
        },
    }


def _field(name: str) -> Schema:
    field = EVENT_FIELDS[name]
    schema = {**FORMS[field.form], "description": field.means}
    return {**schema, "enum": list(POSTING_KINDS)} if name == "posting_kind" else schema
