"""Credited or replaced in advance, and some or all of it never came: what did not come is charged, and nothing else."""

from __future__ import annotations

import csv
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.returns import CannotResolve, Policy, balances, net_postings, status_of
from gateway.returns.apply.open_hold import HoldCause, open_hold
from gateway.returns.money.reconciliation import reconcile
from gateway.store.tables import hold
from tests.gateway.returns.builders import DAY, orders, receipt, request, shipment
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell
from tests.homes import DAY as A_DAY
from tests.homes import GatewayAtWork, append_settings, drop_sample
from tests.stories.commands import once
from tests.stories.money.at_work import Story, story
from tests.stories.money.orders import in_every_order
from tests.stories.test_rules import answer, run_erp
from translators.canonical import ReturnRequest

ORDERS: Sent = ("atlas", orders("SO1", A=10))
POLICY = Policy.model_validate({"warehouse": "harbor", "erp": "atlas", "settlement": "in_advance"})
IN_ADVANCE = 'settlement = "in_advance"\n'
PAID, REPLACED = "credit_request", "replacement"


def asked(resolution: str = PAID) -> ReturnRequest:
    wanted = request("RTV1", {"A": 4})
    lines = tuple(
        line.model_copy(update={"resolution": "replacement" if resolution == REPLACED else ""}) for line in wanted.lines
    )
    return wanted.model_copy(update={"lines": lines})


def begun(resolution: str = PAID, policy: Policy = POLICY) -> Shell:
    shell = Shell(policy=policy, through_store=True)
    shell.receive(*ORDERS[::-1])
    shell.receive(asked(resolution), "northgate")
    shell.run_erp()
    return shell


def overdue(shell: Shell) -> None:
    """What the sweep does once the clock is breached."""
    shell.now += timedelta(days=60)
    open_hold(shell.one(), HoldCause("advance_not_returned", "1", "", "4", "late"), "2025-05-03", derived=False)


def net(shell: Shell) -> dict[str, tuple[int, str]]:
    return {kind: (int(q), str(money)) for (_, kind, _), (q, money) in net_postings(shell.one()).items()}


def differences(shell: Shell) -> dict[str, tuple[Decimal, Decimal | None]]:
    return {row.difference: (row.quantity, row.amount) for row in reconcile([shell.one()], shell.policy)}


@pytest.mark.parametrize("resolution", [PAID, REPLACED])
def test_three_of_four_came_and_the_missing_one_is_charged(resolution: str) -> None:
    documents: list[Sent] = [
        ("northgate", asked(resolution)),
        ("northgate", shipment("SH1", "RTV1", {"A": 4})),
        ("harbor", receipt("WR1", "RTV1", {"A": 3})),
    ]

    def close(shell: Shell) -> None:
        shell.answer("R000001", "short_received", "close_short")

    shell = in_every_order(documents, POLICY, first=[ORDERS], act=close)
    in_every_order(documents, POLICY, first=[ORDERS], act=close, erp="between")
    settled = {p.key: (p.sign, int(p.quantity)) for p in shell.one().postings.values() if p.kind == resolution}
    assert list(settled.values()) == [("+", 4)]
    money = "79.96" if resolution == PAID else "0"
    assert net(shell)[resolution] == (4, money)
    assert net(shell)["charge_back"] == (1, "19.99")
    sums = balances(shell.one(), "1")
    assert (int(sums.credited), int(sums.charged_back), int(sums.exposure)) == (4, 1, 0)
    assert shell.one().open_holds() == []


@pytest.mark.parametrize("resolution", [PAID, REPLACED])
def test_nothing_ever_comes(resolution: str) -> None:
    shell = begun(resolution)
    assert balances(shell.one(), "1").exposure == 4
    assert status_of(shell.one(), shell.now + timedelta(days=400)) == "authorized"  # not expired: somebody owes us
    assert differences(shell)["advance_not_returned"] == (Decimal(4), Decimal("79.96"))
    assert shell.one().clocks["advance"].state == "running"
    overdue(shell)
    shell.answer("R000001", "advance_not_returned", "charge_back")
    assert differences(shell)["charge_not_posted"] == (Decimal(4), Decimal("79.96"))
    shell.run_erp()
    assert net(shell)["charge_back"] == (4, "79.96")
    assert balances(shell.one(), "1").exposure == 0
    assert shell.one().clocks["advance"].state == "met"
    assert set(differences(shell)) == {"closed_short"}
    assert status_of(shell.one(), shell.now) == "closed_short"
    assert shell.expected[-1][1].purpose == "cancel"


def test_what_is_written_off_is_charged_to_nobody() -> None:
    shell = begun()
    overdue(shell)
    shell.answer("R000001", "advance_not_returned", "write_off")
    assert shell.run_erp() == 0
    assert "charge_back" not in net(shell)
    assert balances(shell.one(), "1").exposure == 0
    assert set(differences(shell)) == {"closed_short"}


@pytest.mark.parametrize("late", [1, 4, 5])
def test_goods_that_come_after_they_were_charged_take_the_charge_back(late: int) -> None:
    shell = begun()
    overdue(shell)
    shell.answer("R000001", "advance_not_returned", "charge_back")
    shell.run_erp()
    shell.receive(receipt("WR1", "RTV1", {"A": late}), "harbor")
    shell.run_erp()
    rest = max(0, 4 - late)
    money = str(rest * Decimal("19.99"))
    assert net(shell).get("charge_back", (0, "0.00")) == (rest, money)
    assert net(shell)["credit_request"] == (4, "79.96")
    assert balances(shell.one(), "1").charged_back == rest
    assert not any(hold.class_ == "reversal_undecided" for hold in shell.one().open_holds())


def test_more_time_moves_the_promise() -> None:
    shell = begun()
    overdue(shell)
    shell.answer("R000001", "advance_not_returned", "extend", date="2025-06-30")
    due = shell.clocks["advance:R000001"]
    assert (due.state, due.due_at) == ("running", "2025-06-30T17:00:00.000000Z")
    assert shell.one().clocks["advance"].due_at == due.due_at
    assert shell.one().open_holds() == []
    shell.receive(receipt("WR1", "RTV1", {"A": 4}), "harbor")
    assert shell.clocks["advance:R000001"].state == "met"


@pytest.mark.parametrize("choices", [{"date": "2025-01-01"}, {"date": "soon"}, {"day": "2025-06-30"}, {}])
def test_a_day_that_is_none_is_refused(choices: dict[str, str]) -> None:
    shell = begun()
    overdue(shell)
    with pytest.raises(CannotResolve, match="date="):
        shell.answer("R000001", "advance_not_returned", "extend", **choices)
    assert [hold.class_ for hold in shell.one().open_holds()] == ["advance_not_returned"]


def test_a_policy_that_closes_short_charges_by_itself() -> None:
    policy = POLICY.model_copy(update={"short_receipt": "close"})
    documents: list[Sent] = [("northgate", asked()), ("harbor", receipt("WR1", "RTV1", {"A": 3}))]
    shell = in_every_order(documents, policy, first=[ORDERS])
    assert net(shell)["charge_back"] == (1, "19.99")
    recounted = receipt("WR1", "RTV1", {"A": 4}, purpose="replace").model_copy(update={"issued_on": DAY})
    shell.receive(recounted, "harbor")
    shell.run_erp()
    assert "charge_back" not in net(shell)


def test_a_changed_price_changes_the_charge_with_the_credit() -> None:
    policy = POLICY.model_copy(update={"restocking_fee": {"unwanted": Decimal(15)}, "short_receipt": "close"})
    shell = begun(policy=policy)
    shell.receive(receipt("WR1", "RTV1", {"A": 3}), "harbor")
    shell.run_erp()
    shell.receive(request("RTV1", {"A": 4}, purpose="change", reason="unwanted"), "northgate")
    shell.undo()
    assert net(shell)["charge_back"] == (1, "16.99")
    assert net(shell)["credit_request"] == (4, "67.97")


def test_what_may_be_kept_is_no_exposure() -> None:
    wanted = request("RTV1", {"A": 4})
    kept = wanted.lines[0].model_copy(
        update={"disposition": wanted.lines[0].reason.model_copy(update={"canonical": "keep"})}
    )
    shell = Shell(policy=POLICY)
    shell.receive(*ORDERS[::-1])
    shell.receive(wanted.model_copy(update={"lines": (kept,)}), "northgate")
    shell.run_erp()
    assert balances(shell.one(), "1").exposure == 0
    assert "advance" not in shell.one().clocks


@pytest.fixture
def told(home: Path) -> Story:
    """Northgate is credited in advance, and asked to send four drills back."""
    append_settings(home, "northgate", IN_ADVANCE)
    told = story(home)
    drop_sample(home, "northgate", "180-requests.edi")
    once(home)
    told.erp_answers()
    return told


def test_through_the_command_line(told: Story) -> None:
    assert "advance_not_returned" in told.reconciliation()
    drop_sample(told.home, "harbor", "944-receipt.edi")
    once(told.home)
    told.answer("short_received", "close_short")
    told.erp_answers()
    charges = [
        row
        for name, data in told.sent("atlas").items()
        if "CHARGE_BACK" in name and name.endswith(".csv")
        for row in csv.DictReader(data.decode("utf-8-sig").splitlines())
    ]
    assert [(row["movement_type"], row["sign"], row["quantity"]) for row in charges] == [("CHARGE_BACK", "+", "1")]
    assert told.balances("2").charged_back == 1
    assert "advance_not_returned" not in told.reconciliation()
    told.proves()


def test_the_clock_asks_finance_and_the_charge_goes_out(gateway: GatewayAtWork) -> None:
    gateway.write("northgate", IN_ADVANCE)
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    run_erp(gateway)
    gateway.work(after=20 * A_DAY)
    assert late(gateway) == []
    gateway.work(after=40 * A_DAY)
    (message,) = late(gateway)
    assert message.startswith("return R000001, line 1, 2 of northgate was credited or replaced in advance")
    answer(gateway, "advance_not_returned", "extend", date="2025-07-31")
    gateway.work(after=A_DAY)
    assert late(gateway) == []
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work(after=90 * A_DAY)
    assert len(late(gateway)) == 1
    answer(gateway, "advance_not_returned", "charge_back")
    run_erp(gateway)
    assert gateway.sent("atlas", "*CHARGE_BACK*.csv")
    assert late(gateway) == []
    assert gateway.verify() == []


def late(gateway: GatewayAtWork) -> list[str]:
    of_class = (hold.c["class"] == "advance_not_returned", hold.c.state == "open")
    return [row["message"] for row in gateway.rows(sa.select(hold), *of_class)]
