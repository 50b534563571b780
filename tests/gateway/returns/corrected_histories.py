"""Generated histories of what goes wrong after the first posting: corrections, chains of outcomes, goods of nobody.

What is written (`Written`) is one thing, in which order it arrives and when the ERP takes and answers its files
(`Happening`) another. At the end a person answers everything that waits, always in the same way, because whether the
ERP had posted before a correction came decides whether a person is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import Any, Literal

from gateway.returns import Policy, Routes
from gateway.returns.policy import PostingRule, Stages
from tests.gateway.returns.builders import cancellation, code, inspection, receipt, request, shipment
from tests.gateway.returns.histories import Sent
from translators.canonical import Purpose, Receipt, ReceiptException, Reference

OUTCOMES = ("restock", "restock", "scrap", "rtv", "repair", "quarantine", "quarantine", "refurbish", "replace")
LEFT = ("quarantine", "quarantine", "refurbish", "repair", "rtv")
# What a person says becomes of goods that nobody authorized, all in one history alike.
SURPLUS_ANSWERS = ("accept", "quarantine_and_return", "keep_without_credit", "reject")
SITE_ANSWERS = ("accept", "transfer", "dismiss")
ErpDoes = Literal["post_all", "send", "answer", "answer_last", "refuse", "again"]
ERP_DOES: tuple[ErpDoes, ...] = ("post_all", "post_all", "post_all", "send", "answer", "answer_last", "refuse", "again")


@dataclass(frozen=True)
class Written:
    """What partners and the warehouse wrote, and what a person will say of goods that nobody authorized."""

    policy: Policy = field(repr=False)
    documents: tuple[Sent, ...]
    surplus: str
    site: str

    def __repr__(self) -> str:
        terms = (self.policy.settlement, self.policy.short_receipt, self.policy.inspection_by_warehouse)
        said = "\n".join(f"  {told(sent)}" for sent in self.documents)
        return f"Written({terms}, surplus={self.surplus}, site={self.site}\n{said})"


@dataclass(frozen=True)
class Happening:
    """In which order it happens: documents, and between them what the ERP does."""

    steps: tuple[Sent | ErpDoes, ...]

    def __repr__(self) -> str:
        said = "\n".join(f"  {step if isinstance(step, str) else told(step)}" for step in self.steps)
        return f"Happening(\n{said})"


def told(sent: Sent) -> str:
    """A document in short."""
    document: Any = sent[1]
    names = [reference.value for reference in getattr(document, "references", ())]
    return f"{document.kind} {document.number} {document.purpose} of {names}: {'; '.join(map(_said, document.lines))}"


def _said(line: Any) -> str:
    parts = [line.item.sku if line.item else "", f"{line.quantity}"]
    for outcome in ("from_disposition", "disposition"):
        parts += [code_.canonical] if (code_ := getattr(line, outcome, None)) else []
    parts += [f"{part.condition.canonical}={part.quantity}" for part in getattr(line, "exceptions", ())]
    return " ".join(part for part in parts if part)


def a_policy(by: Random) -> Policy:
    unassigned = (PostingRule(kind="goods_receipt", stock_status="quarantine", site="QUAR"),)
    return Policy(
        warehouse="harbor",
        erp="atlas",
        settlement=by.choice(("after_inspection", "after_inspection", "after_receipt", "in_advance")),
        inspection_by_warehouse=by.random() < 0.7,
        short_receipt=by.choice(("hold", "hold", "close")),
        restocking_fee={"defective": Decimal(by.choice(("0", "15")))},
        tax_percent=Decimal(by.choice(("0", "19"))),
        over_receipt_tolerance=Decimal(by.choice((0, 0, 1))),
        unsaid_follow_on=by.choice(("take", "hold")),
        stages=by.choice((Stages(), Stages(unassigned=unassigned))),
        routes=Routes(sites={"harbor": "HP1"}, places=("HP1", "HP2")),
    )


def _units(by: Random, low: int = 1, high: int = 5) -> dict[str, int]:
    """Units by item, mostly of the first one alone."""
    return {item: by.randint(low, high) for item in by.choice(("A", "A", "B", "AB"))}


def a_history(by: Random, most: int = 8) -> Written:
    """One or two requests with all that may be said of them, and goods that name none of them."""
    names = ("RTV1", "RTV2")[: by.choice((1, 1, 1, 2))]
    sales = {name: f"SO{n}" for n, name in enumerate(names, 1)}
    asked = {name: _units(by, 2) for name in names}
    sent: list[Sent] = [("northgate", request(name, asked[name], order=sales[name])) for name in names]
    for n in range(by.randint(2, most - len(sent))):
        name = by.choice(names)
        document = _document(by, n, name, sales[name], tuple(asked[name]))
        # One cancellation of a request: what a person says of its goods is about all that is cancelled by then.
        if (cancelled := _cancelled(document)) and cancelled in map(_cancelled, sent):
            continue
        sent.append(document)
        if by.random() < 0.5 and (corrected := _correction(by, sent[-1])):
            sent.append(corrected)
    return Written(a_policy(by), tuple(sent[:most]), by.choice(SURPLUS_ANSWERS), by.choice(SITE_ANSWERS))


KINDS = ("ship", "receive", "receive", "receive", "inspect", "inspect", "go_on", "cancel", "change", "blind")


def _cancelled(sent: Sent) -> str:
    """The request that a document cancels; "" for other documents."""
    return getattr(sent[1], "cancels", "")


def _document(by: Random, n: int, name: str, order: str, asked: tuple[str, ...]) -> Sent:
    """Something about a request of the items `asked`."""
    match by.choice(KINDS):
        case "ship":
            return "northgate", shipment(f"SH{n}", name, _units(by))
        case "receive":
            return "harbor", _somewhere(by, _receipt(by, f"WR{n}", name))
        case "inspect":
            return "harbor", _somewhere(by, inspection(f"IN{n}", name, _outcomes(by)))
        case "go_on":
            return "harbor", inspection(f"IN{n}", name, _outcomes(by), left=by.choice(LEFT))
        case "cancel":
            return "northgate", cancellation(f"CX{n}", name, _units(by, 1, 3) if by.random() < 0.7 else None)
        case "change":
            return "northgate", request(name, {item: by.randint(1, 5) for item in asked}, order, purpose="replace")
        case _ if by.random() < 0.5:
            named = (Reference(kind="purchase_order", value=f"PO-{order}"),)
            came = {item: by.randint(1, 5) for item in asked}
            return "harbor", receipt(f"BL{n}", "", came).model_copy(update={"references": named})
        case _:
            return "harbor", receipt(f"BL{n}", "", _units(by)).model_copy(update={"references": ()})


def _somewhere(by: Random, document: Any) -> Any:
    """The same at a site: mostly where the goods were sent, seldom at another one."""
    return document.model_copy(update={"warehouse": by.choice(("harbor",) * 4 + ("HP1",) * 4 + ("HP2",))})


def _receipt(by: Random, number: str, name: str, purpose: Purpose = "original") -> Receipt:
    came = _units(by)
    bad = {item: by.randint(0, q) for item, q in came.items()} if by.random() < 0.5 else {}
    if by.random() < 0.1:
        came = {**came, "Z": 1}
    document = receipt(number, name, came, bad, purpose=purpose, final=by.random() < 0.5)
    if by.random() < 0.15:
        wrong = ReceiptException(condition=code("wrong_item"), quantity=Decimal(1))
        first, *others = document.lines
        lines = (first.model_copy(update={"exceptions": (wrong,)}), *others)
        document = document.model_copy(update={"lines": lines})
    return document


def _outcomes(by: Random) -> list[tuple[str, int, str]]:
    return [(by.choice("AAAB"), by.randint(1, 3), by.choice(OUTCOMES)) for _ in range(by.randint(1, 2))]


def _correction(by: Random, sent: Sent) -> Sent | None:
    """A goods document anew under its number, or its withdrawal; None for other documents."""
    partner = sent[0]
    document: Any = sent[1]
    kind, number = document.kind, document.number
    if kind not in {"shipment", "receipt", "inspection"}:
        return None
    if by.random() < 0.25:
        return partner, document.model_copy(update={"purpose": "cancel", "lines": ()})
    name = document.reference("request")
    if kind == "shipment":
        return partner, shipment(number, name, _units(by), purpose="replace")
    if kind == "receipt":
        if not name:
            return partner, document.model_copy(update={"purpose": "replace", "lines": document.lines[:1]})
        anew = _receipt(by, number, name, "replace")
        return partner, anew.model_copy(update={"references": document.references, "warehouse": document.warehouse})
    left = document.lines[0].from_disposition.canonical
    return partner, inspection(number, name, _outcomes(by), purpose="replace", left=left)


def a_happening(by: Random, said: Written) -> Happening:
    """The documents in any order, some twice, and between them what the ERP does.

    Two corrections of one document that carry the same date keep their order, and so do two changes of a request.
    """
    slots = list(range(len(said.documents)))
    slots += [by.choice(slots) for _ in range(by.randint(0, 2))]
    # Half of the time nearly as it was written: then the ERP has posted before a correction comes.
    if by.random() < 0.5:
        by.shuffle(slots)
    _keep_corrections_in_order(slots, said.documents)
    steps: list[Sent | ErpDoes] = []
    for slot in slots:
        steps.append(said.documents[slot])
        steps += [by.choice(ERP_DOES) for _ in range(by.randint(0, 2))]
    return Happening(tuple(steps))


def _keep_corrections_in_order(order: list[int], documents: tuple[Sent, ...]) -> None:
    groups: dict[object, list[int]] = {}
    for place, slot in enumerate(order):
        partner, document = documents[slot]
        if document.purpose == "replace":
            groups.setdefault((partner, document.kind, document.number), []).append(place)  # type: ignore[attr-defined]
    for places in groups.values():
        for place, slot in zip(places, sorted(order[p] for p in places), strict=True):
            order[place] = slot


def smallest(
    said: Written, happening: Happening, fails: Callable[[Written, Happening], bool]
) -> tuple[Written, Happening]:
    """A history that fails, without everything that can be left out of it so that it still fails."""
    while True:
        for smaller in _one_less(said, happening):
            if fails(*smaller):
                said, happening = smaller
                break
        else:
            return said, happening


def _one_less(said: Written, happening: Happening) -> Iterator[tuple[Written, Happening]]:
    for document in said.documents:
        without = tuple(sent for sent in said.documents if sent is not document)
        steps = tuple(step for step in happening.steps if step is not document)
        yield replace(said, documents=without), Happening(steps)
    for n, step in enumerate(happening.steps):
        again = any(other is step for other in happening.steps[:n])
        if isinstance(step, str) or again:
            yield said, Happening(happening.steps[:n] + happening.steps[n + 1 :])
