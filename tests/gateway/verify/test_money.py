"""`verify` and money: tampering is found, and terms that changed meanwhile are no tampering."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from gateway.store.tables import movement, posting
from tests.homes import HOUR, GatewayAtWork

HAS_MONEY = (posting.c.kind == "credit_request", posting.c.state == "posted")


@pytest.fixture
def credited(gateway: GatewayAtWork) -> GatewayAtWork:
    """A gateway whose ERP has credited returns of northgate."""
    gateway.reference_data()
    for partner, sample in (
        ("northgate", "856-shipment.edi"),
        ("northgate", "180-requests.edi"),
        ("harbor", "944-receipt.edi"),
        ("harbor", "inspection.csv"),
    ):
        gateway.drop(partner, sample)
        gateway.work(HOUR)
    for _ in range(4):
        gateway.atlas_answers()
    assert gateway.rows(sa.select(posting).where(*HAS_MONEY))
    return gateway


def _change(gateway: GatewayAtWork, statement: sa.Update | sa.Delete) -> None:
    with gateway.engine.store.write() as tx:
        assert tx.execute(statement).rowcount


def _say_of_credit(gateway: GatewayAtWork, field: str, value: str) -> str:
    """Change what is stored of the first credit that the ERP has posted; its key."""
    credit = gateway.rows(sa.select(posting).where(*HAS_MONEY))[0]
    body = json.loads(credit["body"])
    assert field in body
    _change(
        gateway, posting.update().where(posting.c.key == credit["key"]).values(body=json.dumps(body | {field: value}))
    )
    return str(credit["key"])


def _about_money(gateway: GatewayAtWork) -> list[str]:
    return [line for line in gateway.verify() if line.startswith("money due, told and confirmed: ")]


def test_an_amount_that_was_changed_is_found(credited: GatewayAtWork) -> None:
    assert credited.verify() == []
    _say_of_credit(credited, "amount", "1000000.00")
    (line,) = _about_money(credited)
    assert "credit_request: " in line and line.endswith("1000000.00 was issued")


def test_a_movement_that_was_removed_is_found(credited: GatewayAtWork) -> None:
    last = credited.rows(sa.select(movement).where(movement.c.kind == "credit"))[-1]
    of_it = (movement.c.return_no == last["return_no"], movement.c.seq == last["seq"])
    _change(credited, movement.delete().where(*of_it))
    (line,) = _about_money(credited)
    assert f"the ERP confirmed {last['quantity']}, the ledger has 0 of it" in line


def test_terms_that_change_later_are_no_gap(credited: GatewayAtWork) -> None:
    """What was credited under the terms of its day stays right; what is opened now is judged by the new ones."""
    credited.edit("northgate", "[policy]\n", "[policy]\ntax_percent = 7\n")
    credited.work(HOUR)
    credited.drop("cedar", "requests.csv")
    credited.work(HOUR)
    assert credited.verify() == []
    key = _say_of_credit(credited, "quantity", "100")
    (line,) = _about_money(credited)
    assert f"posting {key}: the ERP confirmed 100" in line
