"""Suppliers who take back more or less than we asked."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause
from gateway.returns.model import Return, plain
from gateway.returns.policy import Policy
from gateway.returns.vendors.claims import differing


def vendor_causes(return_: Return, _credits: Mapping[str, Decimal], _policy: Policy) -> list[HoldCause]:
    """A supplier allows more or less to go back than we asked for."""
    causes: list[HoldCause] = []
    for claim, line_no, allowed, asked in differing(return_):
        rma = f" ({claim.rma})" if claim.rma else ""
        goods = return_.lines[line_no].sku or f"line {line_no}"
        text = f"{claim.supplier} takes back {plain(allowed)} of the {plain(asked)} of {goods} that {claim.number}"
        extent = f"{plain(allowed)}/{plain(asked)}"
        text += f" asks for{rma}: {claim.decision}"
        causes.append(HoldCause("vendor_differs", line_no, claim.supplier, extent, text, document_id=claim.document_id))
    return causes
