"""Returns of many lines, and many of one order line, take work in proportion: calls are counted, not seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

from gateway.returns import Policy
from tests.gateway.returns.builders import inspection, orders, receipt, request
from tests.gateway.returns.shell import Shell


def calls_of(work: Callable[[], object]) -> int:
    """How many functions a piece of work calls."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def new_shell() -> Shell:
    policy = Policy.model_validate({"warehouse": "harbor", "erp": "atlas", "rules": []})
    return Shell(policy=policy, checked=False)


def calls_of_a_return(lines: int) -> int:
    """A return of so many lines from its receipt until the ERP has posted all of it; half of it leaves quarantine."""
    shell, items = new_shell(), {f"S{n}": 2 for n in range(lines)}
    shell.receive(orders("SO1", "2025-02-20", **items), "atlas")
    shell.receive(request("RTV1", items), "northgate")

    def work() -> None:
        shell.receive(receipt("WR1", "RTV1", items), "harbor")
        shell.run_erp()
        shell.receive(inspection("IN1", "RTV1", [(sku, 2, "quarantine") for sku in items]), "harbor")
        shell.receive(inspection("IN2", "RTV1", [(sku, 1, "restock") for sku in items], left="quarantine"), "harbor")
        shell.run_erp()

    calls = calls_of(work)
    assert all(tally.d == {"quarantine": 1, "restock": 1} for tally in shell.one().tallies.values())
    return calls


def test_twice_the_lines_are_twice_the_work() -> None:
    assert calls_of_a_return(160) < 2.2 * calls_of_a_return(80)


def test_the_last_of_many_returns_of_one_order_line_is_no_more_work_than_the_first() -> None:
    shell = new_shell()
    shell.receive(orders("SO1", A=500), "atlas")
    requests = [request(f"RTV{n}", {"A": 1}) for n in range(400)]
    calls = [calls_of(partial(shell.receive, asked, "northgate")) for asked in requests]
    assert len(shell.returns) == 400
    assert sum(calls[-50:]) < 1.2 * sum(calls[:50])
