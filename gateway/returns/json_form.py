"""A Return as stored rows and back, exactly: body (header, lines, claims, clocks), movements, postings, holds."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from gateway.returns.erp.posting_dates import first_open_day
from gateway.returns.erp.row_fields import row_fields
from gateway.returns.ledger import rebuild_tallies
from gateway.returns.model import (
    AppliedDocument,
    Claim,
    Clock,
    CompetingVersion,
    Consignment,
    CreditAmounts,
    Hold,
    Movement,
    Posting,
    Return,
    ReturnLine,
    TaxPart,
    VendorClaim,
    VendorCredit,
    VendorShipment,
)
from gateway.returns.rows import HoldColumns, MovementRow, PackedReturn, PostingColumns, StoredPosting
from translators.canonical import Code, Item, Party, PostingRow, Reference

# Rows of their own, or derived.
_NOT_IN_BODY = frozenset({"movements", "postings", "holds", "tallies", "keys"})
# Names of fields in stored bodies that differ from those in the model: homes have bodies of long ago.
_STORED_AS = {"competing_versions": "rivals"}
# Numbers that a line names and that bodies of long ago do not have.
_LISTS_OF_LINES = ("sold_serials", "sold_lots", "taken_serials", "taken_lots", "parts")
# Prices of a line; bodies of long ago have the first one only.
_PRICES_OF_LINES = ("unit_price", "cost_price", "claimed_price", "sale_price", "accepted_price")
# Columns of the posting table that are not repeated in its body.
_POSTING_COLUMNS = tuple(PostingColumns.__annotations__)
# Columns of the hold table that a Hold has under the same name.
_HOLD_COLUMNS = tuple(name for name in HoldColumns.__annotations__ if name not in {"class", "return_no"})

# Types whose values JSON has as they are.
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is Decimal or isinstance(value, str | int):
        return str(value) if kind is Decimal else value
    if kind is tuple or kind is list:
        return [_plain(v) for v in value] if value else []
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    return {name: _plain(getattr(value, name)) for name in value.__slots__}


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def header_json(return_: Return) -> str:
    """Everything of the return that has no table of its own, as stable JSON (sorted keys, no spaces)."""
    names = (name for name in return_.__slots__ if name not in _NOT_IN_BODY)
    body = {_STORED_AS.get(name, name): _plain(getattr(return_, name)) for name in names}
    body["keys"] = sorted(return_.keys)
    body["line_order"] = list(return_.lines)
    body["hold_extents"] = {hold.key: [hold.extent, hold.derived] for hold in return_.holds.values()}
    return _dumps(body)


def pack(return_: Return) -> PackedReturn:
    """The return as rows: `body` (JSON text), `keys`, and `movements`, `postings`, `holds` as column → value.

    A posting's `body` column holds `row`, the fields of a PostingRow but `row_no`: a batch needs nothing else.
    """
    return {
        "body": header_json(return_),
        "keys": sorted(return_.keys),
        "movements": [_movement_row(movement) for movement in return_.movements],
        "postings": [_posting_row(return_, posting) for posting in return_.postings.values()],
        "holds": [hold_row(hold, return_.return_no) for hold in return_.holds.values()],
    }


def _movement_row(movement: Movement) -> MovementRow:
    return {
        "seq": movement.seq,
        "line_no": movement.line_no,
        "kind": movement.kind,
        "quantity": str(movement.quantity),
        "code": movement.code,
        "split": movement.split,
        "source": movement.source,
        "document_id": movement.document_id,
        "reverses": movement.reverses,
        "at": movement.at,
    }


def _posting_row(return_: Return, posting: Posting) -> StoredPosting:
    body = {name: _plain(getattr(posting, name)) for name in posting.__slots__ if name not in _POSTING_COLUMNS}
    body["row"] = _plain(row_fields(return_, posting))
    return {
        "key": posting.key,
        "line_no": posting.line_no,
        "kind": posting.kind,
        "split": posting.split,
        "n": posting.n,
        "destination": posting.destination,
        "state": posting.state,
        "waits_for": posting.waits_for,
        "erp_document_type": posting.erp_document_type,
        "erp_document": posting.erp_document,
        "error_code": posting.error_code,
        "error_text": posting.error_text,
        "created_at": posting.created_at,
        "changed_at": posting.changed_at,
        "return_no": return_.return_no,
        "body": _dumps(body),
    }


def hold_row(hold: Hold, return_no: str = "") -> HoldColumns:
    """A Hold as columns of the hold table; `return_no` is "" for one that is tied to no return."""
    return {
        "key": hold.key,
        "owner": hold.owner,
        "partner": hold.partner,
        "line_no": hold.line_no,
        "document_id": hold.document_id,
        "posting_key": hold.posting_key,
        "message": hold.message,
        "next_action": hold.next_action,
        "state": hold.state,
        "resolution": hold.resolution,
        "resolved_by": hold.resolved_by,
        "opened_at": hold.opened_at,
        "resolved_at": hold.resolved_at,
        "class": hold.class_,
        "return_no": return_no,
    }


def row_of(posting_body: str, row_no: int, closed_months: Collection[str] = ()) -> PostingRow:
    """The row of an ERP import file from a stored posting's `body` column, numbered `row_no` in its batch.

    `closed_months` ("2025-03") are those that the ERP books nothing in any more: its posting date is behind them.
    """
    row = PostingRow.model_validate({**json.loads(posting_body)["row"], "row_no": row_no})
    if row.event_on is None:
        return row
    return row.model_copy(update={"posting_date": first_open_day(row.event_on, closed_months)})


def unpack(
    body: str,
    movements: Iterable[Mapping[str, Any]],
    postings: Iterable[Mapping[str, Any]],
    holds: Iterable[Mapping[str, Any]],
) -> Return:
    """Rows back to the return that `pack` took apart. Rows may come in any order and with further columns."""
    data = json.loads(body)
    extents = data.pop("hold_extents")
    line_order = data.pop("line_order")
    data["references"] = tuple(Reference.model_validate(r) for r in data["references"])
    data["parties"] = tuple(Party.model_validate(p) for p in data["parties"])
    lines = {no: _line(data["lines"][no]) for no in line_order}
    claims = {no: [_claim(c) for c in many] for no, many in data.pop("claims").items()}
    data["consignments"] = [_consignment(c) for c in data["consignments"]]
    data["clocks"] = {k: Clock(**v) for k, v in data["clocks"].items()}
    data["applied"] = {k: AppliedDocument(**v) for k, v in data["applied"].items()}
    data["competing_versions"] = {
        key: [CompetingVersion(**version) for version in versions] for key, versions in data.pop("rivals").items()
    }
    data["vendor_claims"] = {k: _vendor_claim(v) for k, v in data["vendor_claims"].items()}
    data["accepted_charges"] = _decimals(data.get("accepted_charges", {}))
    data["keys"] = set(data["keys"])
    data["lines"] = lines
    return_ = Return(**data, claims=claims)
    return_.movements = sorted((_movement(m) for m in movements), key=lambda m: m.seq)
    return_.postings = {p.key: p for p in sorted((_posting(p) for p in postings), key=lambda p: p.seq)}
    for row in sorted(holds, key=lambda h: str(h["opened_at"]) + str(h["key"])):
        hold = Hold(**{name: row[name] for name in _HOLD_COLUMNS}, class_=row["class"])
        hold.extent, hold.derived = extents.get(hold.key, ("", False))
        return_.holds[hold.key] = hold
    rebuild_tallies(return_)
    return return_


def _line(data: dict[str, Any]) -> ReturnLine:
    return ReturnLine(
        **{
            **data,
            "item": Item.model_validate(data["item"]),
            "requested": Decimal(data["requested"]),
            "asked": Decimal(data["asked"]),
            **{name: None if (price := data.get(name)) is None else Decimal(price) for name in _PRICES_OF_LINES},
            "tax_rates": None if data.get("tax_rates") is None else tuple(map(Decimal, data["tax_rates"])),
            "claimed_charges": _decimals(data.get("claimed_charges", {})),
            "credited_charges": Decimal(data.get("credited_charges", "0")),
            "reason": Code.model_validate(data["reason"]),
            "condition": Code.model_validate(data["condition"]),
            "ids": tuple(data["ids"]),
            "serials": tuple(data["serials"]),
            "lots": tuple(data["lots"]),
            "assigned": tuple(data["assigned"]),
            # Homes have lines of before, when nobody compared them.
            **{name: tuple(data.get(name, ())) for name in _LISTS_OF_LINES},
        }
    )


def _claim(data: dict[str, Any]) -> Claim:
    effects = tuple((kind, Decimal(q), code, split) for kind, q, code, split in data["effects"])
    numbers: dict[str, Any] = {name: tuple(data.get(name, ())) for name in ("serials", "lots")}
    return Claim(**{**data, "effects": effects, "ids": tuple(data["ids"]), **numbers})


def _vendor_claim(data: dict[str, Any]) -> VendorClaim:
    names = ("asked", "allowed", "written_off")
    lines = {"by_quantity": tuple(data.get("by_quantity", ()))}
    decimals = {name: _decimals(data.get(name, {})) for name in names}
    credits_ = {key: _vendor_credit(credit) for key, credit in data.get("credits", {}).items()}
    shipments = {key: _vendor_shipment(shipment) for key, shipment in data.get("shipments", {}).items()}
    return VendorClaim(**{**data, **decimals, "credits": credits_, "shipments": shipments, **lines})


def _vendor_credit(data: dict[str, Any]) -> VendorCredit:
    return VendorCredit(**{**data, "amount": Decimal(data["amount"]), "quantities": _decimals(data["quantities"])})


def _vendor_shipment(data: dict[str, Any]) -> VendorShipment:
    tracking = tuple(data["tracking"])
    return VendorShipment(**{**data, "tracking": tracking, "quantities": _decimals(data["quantities"])})


def _decimals(texts: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(text) for name, text in texts.items()}


def _consignment(data: dict[str, Any]) -> Consignment:
    return Consignment(**{**data, "tracking": tuple(data["tracking"]), "cartons": tuple(data["cartons"])})


def _movement(row: Mapping[str, Any]) -> Movement:
    columns: dict[str, Any] = {name: row[name] for name in Movement.__slots__}
    columns["quantity"] = Decimal(columns["quantity"])
    return Movement(**columns)


def _posting(row: Mapping[str, Any]) -> Posting:
    body = json.loads(row["body"])
    body.pop("row")
    # Homes have bodies of before, when a posting was taken back whole or not at all.
    whole = body["quantity"] if body.pop("reversed_by", "") else "0"
    body["reversed"] = Decimal(body.get("reversed", whole))
    body["quantity"] = Decimal(body["quantity"])
    body["serials"], body["lots"] = tuple(body.get("serials", ())), tuple(body.get("lots", ()))
    for name in ("amount", "undoes", "posted_amount"):
        body[name] = None if body.get(name) is None else Decimal(body[name])
    body["amounts"] = credit_amounts(body.get("amounts"))
    return Posting(**{name: row[name] for name in _POSTING_COLUMNS}, **body)


def credit_amounts(data: Mapping[str, Any] | None) -> CreditAmounts | None:
    """The parts of a credit from the `amounts` of a stored posting's body; None where it has none."""
    if data is None:
        return None
    parts = {name: Decimal(data[name]) for name in ("goods", "restocking_fee", "freight", "charges")}
    taxes = tuple(TaxPart(**_decimals(tax)) for tax in data["taxes"])
    return CreditAmounts(currency=data["currency"], taxes=taxes, **parts)
