"""Goods that came without a return, as the request that their sender might have made for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gateway.returns.model import Return
from translators.canonical import RequestLine, ReturnRequest


def request_for_goods(return_: Return, choices: Mapping[str, str]) -> ReturnRequest:
    """What came, as a request of the day it came: of the order that a person names (`order`), else of the one that the
    receipt names.
    """
    named = {reference.kind: reference.value for reference in reversed(return_.references)}
    lines = tuple(
        RequestLine(
            line_no=line.line_no,
            item=line.item,
            quantity=return_.tallies[line.line_no].r,
            unit=line.unit,
            serials=line.serials,
            lots=line.lots,
        )
        for line in return_.lines.values()
        if return_.tallies[line.line_no].r
    )
    came_on = min((claim.event_on for claim in return_.all_claims() if claim.event_on), default="")
    return ReturnRequest(
        number=return_.return_no,
        issued_on=date.fromisoformat(came_on) if came_on else None,
        order_number=choices.get("order", "") or named.get("order", ""),
        purchase_order=named.get("purchase_order", ""),
        invoice_number=named.get("invoice", ""),
        references=return_.references,
        parties=return_.parties,
        lines=lines,
    )
