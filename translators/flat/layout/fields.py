"""Which canonical fields a layout may name, and what each of them holds.

The paths follow from the document types: `number`, `order_number`, `lines.quantity`, `lines.item.sku`,
`lines.reason`, `references.rma`, `parties.store.id`, `charges.restocking`.
"""

from __future__ import annotations

import difflib
import types
import typing
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from translators import canonical
from translators.canonical.kinds import DOCUMENT_KINDS, DocumentKind

Scope = Literal["head", "line", "trailer"]
Form = Literal["scalar", "code", "code_text", "item", "item_other", "list", "reference", "party", "charge", "exception"]
ValueType = Literal["text", "decimal", "quantity", "integer", "date", "instant", "flag", "choice"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a column's value goes: `key` is the field (or reference kind, party role, charge kind), `part` in it."""

    path: str
    scope: Scope
    form: Form
    key: str
    part: str = ""
    type: ValueType = "text"
    choices: tuple[str, ...] = ()
    required: bool = False


# The documents that layouts read, and those that they write.
KINDS = {name: kind for name, kind in DOCUMENT_KINDS.items() if kind.direction == "in" and kind.in_layouts}
OUT_KINDS = {name: kind for name, kind in DOCUMENT_KINDS.items() if kind.direction == "out" and kind.in_layouts}

# Keys of the rows of reference data, and what they hold. The returns domain looks rows up by these names.
DATASETS: dict[str, dict[str, ValueType]] = {
    "orders": {
        "order_number": "text",
        "order_line": "text",
        "customer": "text",
        "purchase_order": "text",
        "order_date": "date",
        "ship_date": "date",
        "sku": "text",
        "buyer_sku": "text",
        "vendor_sku": "text",
        "gtin": "text",
        "quantity": "decimal",
        "unit": "text",
        "unit_price": "decimal",
        "tax_percent": "text",
        "tax_amount": "text",
        "currency": "text",
        "invoice_number": "text",
        "serials": "text",
        "lots": "text",
    },
    "products": {
        "sku": "text",
        "gtin": "text",
        "vendor_sku": "text",
        "buyer_sku": "text",
        "description": "text",
        "unit": "text",
        "product_class": "text",
        "returnable": "flag",
        "warranty_days": "integer",
        "site": "text",
        "supplier": "text",
        "cost_price": "decimal",
        "cost_currency": "text",
    },
    "customers": {
        "customer": "text",
        "partner": "text",
        "name": "text",
        "blocked": "flag",
        "currency": "text",
    },
    "sites": {
        "site": "text",
        "name": "text",
        "warehouse": "text",
        "address": "text",
        "city": "text",
        "region": "text",
        "postal_code": "text",
        "country": "text",
    },
}

# Lists in rows of reference data: one text, whose entries a layout's `split` tells apart and `;` does afterwards.
LISTS_OF_ROWS = frozenset({"rows.serials", "rows.lots"})

# The keys without which a row of reference data cannot be looked up.
DATASET_KEYS: dict[str, tuple[str, ...]] = {
    "orders": ("order_number", "sku"),
    "products": ("sku",),
    "customers": ("customer",),
    "sites": ("site",),
}

WHOLE_FILE = ("reference_data", "erp_result")  # without a number of their own, all rows are one document

TRAILER_FIELDS = ("trailer.rows", "trailer.lines", "trailer.records", "trailer.documents", "trailer.total")
ITEM_IDS = ("sku", "buyer_sku", "vendor_sku", "gtin")
NOT_FOR_COLUMNS = {"kind", "provenance", "dataset"}
EXCEPTION_PARTS: dict[str, ValueType] = {"condition": "text", "quantity": "decimal", "lot": "text", "damage": "text"}


class UnknownField(ValueError):
    """A path that no field of this document has."""


@dataclass(frozen=True, slots=True)
class _Shape:
    form: Form
    type: ValueType = "text"
    choices: tuple[str, ...] = ()


@cache
def _shapes(model: type[BaseModel]) -> dict[str, tuple[Any, bool]]:
    hints = typing.get_type_hints(model)
    return {name: (hints[name], info.is_required()) for name, info in model.model_fields.items()}


def _plain(annotation: Any) -> Any:
    """`X | None` → X."""
    if get_origin(annotation) in (types.UnionType, typing.Union):
        return next(member for member in get_args(annotation) if member is not types.NoneType)
    return annotation


def _shape(name: str, annotation: Any) -> _Shape | None:
    plain = _plain(annotation)
    if get_origin(plain) is Literal:
        return _Shape("scalar", "choice", tuple(str(choice) for choice in get_args(plain)))
    if plain is canonical.Code:
        return _Shape("code")
    if get_origin(plain) is tuple:
        return _Shape("list") if get_args(plain)[0] is str else None
    if plain is Decimal:
        return _Shape("scalar", "quantity" if name == "quantity" else "decimal")
    simple: dict[Any, ValueType] = {str: "text", date: "date", bool: "flag", int: "integer"}
    return _Shape("scalar", simple[plain]) if plain in simple else None


def _of_model(path: str, parts: list[str], model: type[BaseModel], scope: Scope) -> Target | None:
    """The target of `parts` within one document or line type; None if it has no such field."""
    first, rest = parts[0], parts[1:]
    shapes = _shapes(model)
    if first not in shapes or first in NOT_FOR_COLUMNS:
        return None
    annotation, required = shapes[first]
    special = _special(path, first, rest, scope)
    if special is not None:
        return special
    shape = _shape(first, annotation)
    if shape is None:
        return None
    if shape.form == "code" and rest == ["text"]:
        return Target(path, scope, "code_text", first, "text")
    if rest:
        return None
    return Target(path, scope, shape.form, first, "", shape.type, shape.choices, required)


def _special(path: str, first: str, rest: list[str], scope: Scope) -> Target | None:
    """Fields whose path goes on: references by kind, charges by kind, parties by role, items by id."""
    target: Target | None = None
    if first == "references" and rest:
        target = Target(path, scope, "reference", ".".join(rest))
    elif first == "charges" and len(rest) == 1:
        target = Target(path, scope, "charge", rest[0], type="decimal")
    elif first == "parties" and len(rest) == 2 and rest[1] in canonical.Party.model_fields and rest[1] != "role":
        target = Target(path, scope, "party", rest[0], rest[1])
    elif first == "item" and len(rest) == 1 and rest[0] in (*ITEM_IDS, "description"):
        target = Target(path, scope, "item", "item", rest[0])
    elif first == "item" and len(rest) == 2 and rest[0] == "other":
        target = Target(path, scope, "item_other", "item", rest[1])
    elif first == "exceptions" and len(rest) == 1 and rest[0] in EXCEPTION_PARTS:
        target = Target(path, scope, "exception", "exceptions", rest[0], EXCEPTION_PARTS[rest[0]])
    return target


def resolve(kind: DocumentKind, path: str, dataset: str = "") -> Target:
    """A canonical field path → its target. Raises `UnknownField`, with the nearest known paths, for any other."""
    if path == "batch_id":
        return Target(path, "head", "reference", "batch")
    if path in TRAILER_FIELDS:
        return Target(path, "trailer", "scalar", path.partition(".")[2], type="decimal")
    parts = path.split(".")
    target: Target | None
    if dataset == "products" and parts[:2] == ["rows", "units"] and len(parts) == 3 and parts[2]:
        # How many of the product's own unit one of another one is: rows.units.CA.
        target = Target(path, "line", "scalar", f"units.{parts[2]}", "", "quantity")
    elif dataset and parts[0] == "rows" and len(parts) == 2:
        value_type = DATASETS[dataset].get(parts[1])
        required = parts[1] in DATASET_KEYS[dataset]
        target = Target(path, "line", "scalar", parts[1], "", value_type, (), required) if value_type else None
    elif parts[0] == kind.lines and len(parts) > 1 and kind.line is not None:
        target = _of_model(path, parts[1:], kind.line, "line")
        target = replace(target, required=False) if target and target.key == "line_no" else target
    else:
        target = _of_model(path, parts, kind.model, "head")
    if target is None:
        near = difflib.get_close_matches(path, known_paths(kind, dataset), n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise UnknownField(f"no field {path!r} in this document{hint}")
    return target


def known_paths(kind: DocumentKind, dataset: str = "") -> list[str]:
    """Every path with a fixed name (references, parties and charges also take any kind or role), sorted."""
    paths = ["batch_id"]
    models = [("", kind.model)] + ([(f"{kind.lines}.", kind.line)] if kind.line else [])
    for prefix, model in models:
        for name, (annotation, _) in _shapes(model).items():
            if name in NOT_FOR_COLUMNS:
                continue
            if name == "item":
                paths += [f"{prefix}item.{key}" for key in (*ITEM_IDS, "description")]
            elif _shape(name, annotation) is not None:
                paths.append(prefix + name)
            elif name == "references":
                paths += [
                    f"{prefix}references.{reference}"
                    for reference in ("rma", "request", "order", "shipment", "tracking")
                ]
            elif name == "parties":
                paths += [f"{prefix}parties.store.{part}" for part in ("id", "name")]
            elif name == "charges":
                paths.append(f"{prefix}charges.restocking")
            elif name == "exceptions":
                paths += [f"{prefix}exceptions.{part}" for part in EXCEPTION_PARTS]
    paths += [f"rows.{key}" for key in DATASETS.get(dataset, {})]
    paths += ["rows.units.CA"] if dataset == "products" else []
    return sorted(paths)
