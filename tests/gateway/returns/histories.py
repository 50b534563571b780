"""Generated histories: what partners, warehouse and ERP may send about a few returns, in any order and twice."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from gateway.returns import Policy, Return, balances, claim_figures, net_postings
from tests.gateway.returns.builders import cancellation, code, inspection, orders, receipt, request, shipment
from tests.gateway.returns.shell import Shell
from translators.canonical import InboundDocument, Receipt

ITEMS = ("A", "B")
OUTCOMES = ("restock", "scrap", "rtv", "repair", "quarantine", "replace")
Sent = tuple[str, InboundDocument]


@dataclass(frozen=True)
class History:
    """Documents with their senders, in the order they were written; requests are first.

    `competing`: both requests return goods of the same order, so what one may bring back depends on the other.
    """

    policy: Policy
    documents: tuple[Sent, ...]
    requests: int
    competing: bool


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    return Policy(
        warehouse="harbor",
        erp="atlas",
        settlement=draw(st.sampled_from(["after_inspection", "after_receipt", "in_advance", "none"])),
        inspection_by_warehouse=draw(st.booleans()),
        short_receipt=draw(st.sampled_from(["hold", "close"])),
        restocking_fee={"defective": Decimal(draw(st.sampled_from([0, 15])))},
    )


def quantities(low: int = 0, high: int = 6) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from(ITEMS), st.integers(max(low, 1), high), min_size=1, max_size=2)


@st.composite
def histories(draw: st.DrawFn, most: int = 8) -> History:
    """Up to `most` documents: requests, changes, cancellations, shipments, receipts, inspections, fitting or not."""
    policy = draw(policies())
    names = ["RTV1", "RTV2"][: draw(st.integers(1, 2))]
    sales = {name: draw(st.sampled_from(["SO1", "SO2"])) for name in names}
    sent: list[Sent] = [("northgate", request(name, draw(quantities()), order=sales[name])) for name in names]
    more = draw(st.integers(1, most - len(sent)))
    for n in range(more):
        of = draw(st.sampled_from(names))
        sent.append(draw(_another(n, of, sales[of])))
        if len(sent) < most and draw(st.integers(0, 4)) == 0:
            correction = _correction(sent[-1], draw(quantities()), draw(st.sampled_from(["replace", "cancel"])))
            sent.append(correction)
        if len(sent) >= most:
            break
    return History(policy, tuple(sent), len(names), len(set(sales.values())) < len(names))


@st.composite
def _another(draw: st.DrawFn, n: int, of: str, order: str) -> Sent:
    kind = draw(st.sampled_from(["ship", "receive", "receive", "receive", "inspect", "inspect", "cancel", "change"]))
    if kind == "ship":
        return "northgate", shipment(f"SH{n}", of, draw(quantities()))
    if kind == "receive":
        came = draw(quantities())
        damaged = {item: draw(st.integers(0, q)) for item, q in came.items()}
        if draw(st.integers(0, 5)) == 0:
            came = {**came, "Z": 1}
        came_in = receipt(f"WR{n}", of, came, damaged, final=draw(st.booleans()))
        return "harbor", _oddly(came_in, draw(st.sampled_from([*[""] * 6, "HP9", "wrong_item", "rejected"])))
    if kind == "inspect":
        rows = draw(
            st.lists(
                st.tuples(st.sampled_from(ITEMS), st.integers(1, 4), st.sampled_from(OUTCOMES)), min_size=1, max_size=3
            )
        )
        return "harbor", inspection(f"IN{n}", of, rows)
    if kind == "change":
        return "northgate", request(of, draw(quantities()), order, purpose="replace")
    partly = draw(st.none() | quantities(high=3))
    return "northgate", cancellation(f"CX{n}", of, partly)


def _oddly(document: Receipt, how: str) -> Receipt:
    """A receipt at another site than the one goods were sent to, or whose damaged goods are otherwise."""
    if how == "HP9":
        return document.model_copy(update={"warehouse": how})
    lines = []
    for line in document.lines:
        exceptions = tuple(e.model_copy(update={"condition": code(how or "damaged")}) for e in line.exceptions)
        lines.append(line.model_copy(update={"exceptions": exceptions}))
    return document.model_copy(update={"lines": tuple(lines)})


def _correction(sent: Sent, other: dict[str, int], purpose: Any) -> Sent:
    """A corrected version of a goods document under the same number, or its withdrawal."""
    partner, document = sent
    if document.kind not in {"shipment", "receipt", "inspection"}:  # type: ignore[attr-defined]  # every inbound has one
        return sent
    if purpose == "cancel":
        return partner, document.model_copy(update={"purpose": "cancel", "lines": ()})
    of = document.reference("request")
    match document.kind:  # type: ignore[attr-defined]  # as above
        case "shipment":
            return partner, shipment(document.number, of, other, purpose="replace")
        case "receipt":
            return partner, receipt(document.number, of, other, purpose="replace")
        case _:
            rows = [(item, q, "restock") for item, q in other.items()]
            return partner, inspection(document.number, of, rows, purpose="replace")


@st.composite
def arrivals(draw: st.DrawFn, history: History) -> list[Sent | None]:
    """The documents in any order, some twice, with runs of the ERP (None) between them.

    Requests that compete for the same sale keep their order, with their changes and cancellations; so do two changes
    of one document that carry the same date.
    """
    slots: list[int] = list(range(len(history.documents)))
    slots += draw(st.lists(st.sampled_from(slots), max_size=3))
    order = list(draw(st.permutations(slots)))
    _keep_in_order(order, history)
    out: list[Sent | None] = []
    for slot in order:
        out.append(history.documents[slot])
        if draw(st.integers(0, 3)) == 0:
            out.append(None)
    return out


def _keep_in_order(order: list[int], history: History) -> None:
    """Sort, among the places they have, the documents whose order of intake is allowed to matter."""
    groups: dict[object, list[int]] = {}
    for place, slot in enumerate(order):
        partner, document = history.documents[slot]
        kind = document.kind  # type: ignore[attr-defined]  # every inbound has one
        if history.competing and kind in {"return_request", "cancellation"}:
            groups.setdefault("requests", []).append(place)
        elif document.purpose == "replace":
            groups.setdefault((partner, kind, document.number), []).append(place)
    for places in groups.values():
        for place, slot in zip(places, sorted(order[p] for p in places), strict=True):
            order[place] = slot


def play(history: History, sent: list[Sent | None], *, through_store: bool = False, undone: bool = True) -> Shell:
    """Deliver it all, then let the ERP post everything that is ready until nothing is."""
    shell = Shell(policy=history.policy, through_store=through_store)
    for order in ("SO1", "SO2"):
        shell.receive(orders(order, A=8, B=8), "atlas")
    for each in sent:
        if each is None:
            shell.run_erp()
        else:
            shell.receive(each[1], each[0])
    if undone:
        shell.undo()
    return shell


def summary(shell: Shell) -> dict[str, Any]:
    """What must not depend on the order of arrival: per request and line balances, net postings and open Holds."""
    return {return_.request_number: _of(return_) for return_ in shell.returns.values()}


def _of(return_: Return) -> dict[str, Any]:
    items = {no: line.sku or line.ids[0] if line.sku or line.ids else "" for no, line in return_.lines.items()} | {
        "": ""
    }
    lines = {}
    for no in return_.lines:
        b = balances(return_, no)
        if any((b.authorized, b.shipped, b.received, b.inspected, b.credited, b.claimed, b.closed_short)):
            lines[items[no]] = b
    net = {(items[no], kind, split): both for (no, kind, split), both in net_postings(return_).items()}
    open_ = sorted((h.class_, items[h.line_no]) for h in return_.open_holds())
    return {"lines": lines, "net": net, "holds": open_, "claims": claim_figures(return_)}
