"""The same where orders load late, reasons change, carriers report parcels and requests are withdrawn."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.returns import Policy
from tests.conftest import examples
from tests.gateway.returns.builders import DAY, cancellation, inspection, orders, receipt, ref, request, shipment
from tests.gateway.returns.histories import quantities, summary
from tests.gateway.returns.shell import ROLES, Shell, stored
from translators.canonical import CarrierEvent, ReturnRequest

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
Sent = tuple[str, Any]


@pytest.fixture(autouse=True)
def _a_carrier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ROLES, "swift", "carrier")


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    return Policy(
        warehouse="harbor",
        erp="atlas",
        settlement=draw(st.sampled_from(["after_inspection", "after_receipt", "in_advance"])),
        inspection_by_warehouse=draw(st.booleans()),
        short_receipt=draw(st.sampled_from(["hold", "close"])),
        restocking_fee={"unwanted": Decimal(15)},
    )


@st.composite
def said(draw: st.DrawFn) -> list[Sent]:
    """What is said about one return, its order among it, every document with a number of its own."""
    sent: list[Sent] = [("atlas", orders("SO1", A=8, B=8)), ("northgate", request("RTV1", draw(quantities())))]
    kinds = st.sampled_from(
        ["ship", "receive", "receive", "inspect", "inspect", "cancel", "change", "withdraw", "event"]
    )
    for n in range(draw(st.integers(1, 6))):
        sent.append(draw(_document(n, draw(kinds))))
    return sent


@st.composite
def _document(draw: st.DrawFn, n: int, kind: str) -> Sent:
    some = draw(quantities())
    match kind:
        case "ship":
            return "northgate", shipment(f"S{n}", "RTV1", some)
        case "receive":
            bad = {item: draw(st.integers(0, q)) for item, q in some.items()}
            return "harbor", receipt(f"W{n}", "RTV1", some, bad, final=draw(st.booleans()))
        case "inspect":
            outcomes = st.sampled_from(["restock", "scrap", "rtv", "replace"])
            return "harbor", inspection(f"I{n}", "RTV1", [(item, q, draw(outcomes)) for item, q in some.items()])
        case "cancel":
            return "northgate", cancellation(f"C{n}", "RTV1", draw(st.none() | st.just(some)))
        case "withdraw":
            return "northgate", ReturnRequest(number="RTV1", purpose="cancel", issued_on=DAY)
        case "change":
            reason = draw(st.sampled_from(["defective", "unwanted"]))
            changed = request("RTV1", some, purpose="replace", reason=reason)
            return "northgate", changed.model_copy(update={"issued_on": DAY + timedelta(days=n + 1)})
        case _:
            at = f"2025-03-0{n + 1}T10:00:00Z"
            parcel = f"1ZS{draw(st.integers(0, 5))}"
            event = CarrierEvent(number=f"E{n}", tracking=parcel, event="delivered", at=at, references=ref("RTV1"))
            return "swift", event


def play(sent: list[Sent | None], policy: Policy) -> Shell:
    shell = Shell(policy=policy)
    for each in sent:
        if each is None:
            shell.run_erp()
        else:
            shell.receive(each[1], each[0])
    shell.undo()
    return shell


def outcome(shell: Shell) -> Any:
    parcels = [sorted((c.number, c.last_event) for c in r.consignments) for r in shell.returns.values()]
    return summary(shell), parcels


def converges(sent: list[Sent], policy: Policy, data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(sent), max_size=2))
    erp_runs: list[Sent | None] = [None] * data.draw(st.integers(0, 3))
    mixed = play(data.draw(st.permutations([*sent, *again, *erp_runs])), policy)
    assert outcome(mixed) == outcome(play([*sent], policy))
    assert all(stored(return_) == return_ for return_ in mixed.returns.values())


@settings(max_examples=examples(20), deadline=None, suppress_health_check=SLOW)
@given(sent=said(), policy=policies(), data=st.data())
def test_every_order_ends_alike(sent: list[Sent], policy: Policy, data: st.DataObject) -> None:
    converges(sent, policy, data)


@pytest.mark.long
@settings(max_examples=1500, deadline=None, suppress_health_check=SLOW)
@given(sent=said(), policy=policies(), data=st.data())
def test_every_order_ends_alike_at_length(sent: list[Sent], policy: Policy, data: st.DataObject) -> None:
    converges(sent, policy, data)
