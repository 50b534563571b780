"""One item on several lines of a return: its goods are shared out by what documents say, not by when they come."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.returns import Policy, balances, net_postings
from tests.conftest import examples
from tests.gateway.returns.builders import DAY, cancellation, code, inspection, orders, receipt, ref, request, shipment
from tests.gateway.returns.shell import Shell, stored
from translators.canonical import Code, Item, Receipt, ReceiptException, ReceiptLine, Reference, RequestLine

POLICY = Policy(warehouse="harbor", erp="atlas")
Sent = tuple[str, Any]


def asked(first: int, second: int, purpose: Any = "request") -> Sent:
    lines = tuple(
        RequestLine(line_no=no, item=Item(sku="A"), quantity=Decimal(q), reason=code(reason))
        for no, q, reason in (("1", first, "defective"), ("2", second, "unwanted"))
    )
    return "northgate", request("RTV1", {}, purpose=purpose).model_copy(update={"lines": lines})


def play(sent: list[Sent], policy: Policy = POLICY) -> Shell:
    shell = Shell(policy=policy)
    shell.receive(orders("SO1", A=40), "atlas")
    for partner, document in sent:
        shell.receive(document, partner)
    shell.run_erp()
    return shell


def summary(shell: Shell) -> Any:
    return_ = shell.one()
    open_ = sorted((hold.class_, hold.line_no) for hold in return_.open_holds())
    return {no: balances(return_, no) for no in return_.lines}, net_postings(return_), open_


@st.composite
def documents(draw: st.DrawFn) -> list[Sent]:
    """What may be said about such a return, each document with a number of its own."""
    sent = [asked(draw(st.integers(1, 5)), draw(st.integers(1, 5)))]
    if draw(st.booleans()):
        sent.append(asked(draw(st.integers(1, 5)), draw(st.integers(1, 5)), purpose="replace"))
    for n in range(draw(st.integers(1, 5))):
        kind, quantity = draw(st.sampled_from(["ship", "receive", "receive", "inspect", "cancel"])), st.integers(1, 6)
        match kind:
            case "ship":
                sent.append(("northgate", shipment(f"SH{n}", "RTV1", {"A": draw(quantity)})))
            case "receive":
                came = draw(quantity)
                bad = {"A": draw(st.integers(0, came))}
                sent.append(("harbor", receipt(f"WR{n}", "RTV1", {"A": came}, bad, final=draw(st.booleans()))))
            case "inspect":
                rows = draw(
                    st.lists(st.tuples(st.just("A"), st.integers(1, 4), st.sampled_from(["restock", "scrap", "rtv"])))
                )
                sent.append(("harbor", inspection(f"IN{n}", "RTV1", rows)))
            case _:
                sent.append(("northgate", cancellation(f"CX{n}", "RTV1", {"A": draw(st.integers(1, 3))})))
    return sent


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sent=documents(), by_warehouse=st.booleans(), data=st.data())
def test_every_order_shares_the_goods_out_alike(sent: list[Sent], by_warehouse: bool, data: st.DataObject) -> None:
    policy = POLICY.model_copy(update={"inspection_by_warehouse": by_warehouse})
    mixed = data.draw(st.permutations([*sent, data.draw(st.sampled_from(sent))]))
    shell = play(mixed, policy)
    assert summary(shell) == summary(play(sent, policy))
    assert stored(shell.one()) == shell.one()


def test_a_line_that_the_warehouse_names_gets_its_goods_whatever_came_before() -> None:
    named = (Reference(kind="line", value="2"),)
    line = ReceiptLine(line_no="1", item=Item(sku="A"), quantity=Decimal(3), references=named)
    by_name = Receipt(number="WR2", references=ref("RTV1"), received_on=DAY, lines=(line,))
    shell = play([asked(4, 4), ("harbor", receipt("WR1", "RTV1", {"A": 4})), ("harbor", by_name)])
    assert [shell.one().tally(no).r for no in ("1", "2")] == [4, 3]


def test_a_row_that_is_understood_at_last_leaves_the_others_waiting() -> None:
    exceptions = [ReceiptException(condition=Code(raw=raw), quantity=Decimal(1)) for raw in ("Q1", "Q2")]
    lines = tuple(
        ReceiptLine(line_no=str(n), item=Item(sku=sku), quantity=Decimal(1), exceptions=(exceptions[n],))
        for n, sku in enumerate(("A", "B"))
    )
    unknown = Receipt(number="WR1", references=ref("RTV1"), received_on=DAY, lines=lines)
    shell = Shell(policy=POLICY)
    shell.receive(orders("SO1", A=4, B=4), "atlas")
    shell.receive(request("RTV1", {"A": 1, "B": 1}), "northgate")
    number = shell.receive(unknown, "harbor")
    known = exceptions[0].model_copy(update={"condition": Code(raw="Q1", canonical="damaged")})
    first = lines[0].model_copy(update={"exceptions": (known,)})
    shell.again(number, unknown.model_copy(update={"lines": (first, lines[1])}))
    assert [shell.one().tally(no).r for no in ("1", "2")] == [1, 0]
    held = [(hold.class_, hold.line_no) for hold in shell.one().open_holds() if hold.class_ == "crosswalk_missing"]
    assert held == [("crosswalk_missing", "2")]
    assert shell.states[number] == ("held", "crosswalk_missing")


@pytest.mark.parametrize("late", [True, False])
def test_a_document_that_finds_the_return_row_by_row_counts_each_row_once(late: bool) -> None:
    shell = play([asked(4, 4), ("harbor", receipt("WR1", "RTV1", {"A": 5}, {"A": 2}))])
    if late:
        shell.receive(receipt("WR0", "RTV1", {"A": 2}), "harbor")
    assert sum(shell.one().tally(no).r for no in ("1", "2")) == (7 if late else 5)


@pytest.mark.parametrize("changed_first", [True, False])
def test_a_line_that_was_withdrawn_takes_no_goods_and_no_cancellation(changed_first: bool) -> None:
    """Two lines of an item become one: what comes of it, and what is cancelled of it, is the line's that is left."""
    line = RequestLine(line_no="2", item=Item(sku="A"), quantity=Decimal(3), reason=code("defective"))
    changed = request("RTV1", {}, purpose="replace").model_copy(update={"lines": (line,)})
    first: list[Sent] = [("northgate", changed), asked(4, 2)]
    rest: list[Sent] = [
        ("northgate", cancellation("CX1", "RTV1", {"A": 1})),
        ("northgate", shipment("SH1", "RTV1", {"A": 5})),
    ]
    shell = play([*first, *rest] if changed_first else [first[1], *rest, first[0]])
    of_item = [shell.one().tally(no) for no, line in shell.one().lines.items() if line.decision != "denied"]
    assert [(int(t.a), int(t.x)) for t in of_item] == [(2, 5)]
    assert shell.one().open_holds() == []
