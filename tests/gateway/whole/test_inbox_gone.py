"""An inbox that is unmounted stops what comes in, and nothing else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gateway.store.tables import fault, intake
from tests.homes import GatewayAtWork


def test_what_is_here_goes_on_while_the_inbox_is_gone(gateway: GatewayAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    with monkeypatch.context() as patched:
        patched.setattr("gateway.engine.dispatch_all", lambda *_: 0)
        gateway.work()
    (gateway.root / "inbox").rename(gateway.root / "unmounted")
    gateway.work(60)
    assert gateway.sent("northgate", "997*")
    open_faults = sa.select(fault.c["class"]).where(fault.c.cleared_at == "")
    assert [row["class"] for row in gateway.rows(open_faults)] == ["inbox_gone"]

    (gateway.root / "unmounted").rename(gateway.root / "inbox")
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work(60)
    assert gateway.rows(open_faults) == []
    assert len(gateway.rows(sa.select(intake.c.id))) == 4
    assert gateway.verify() == []
