"""An inbox that is unmounted stops what comes in, and nothing else."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gateway.store.tables import fault, intake
from tests.gateway.whole_gateway import Whole


def test_what_is_here_goes_on_while_the_inbox_is_gone(whole: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    whole.reference_data()
    whole.drop("northgate", "180-requests.edi")
    with monkeypatch.context() as patched:
        patched.setattr("gateway.engine.dispatch_all", lambda *_: 0)
        whole.work()
    (whole.root / "inbox").rename(whole.root / "unmounted")
    whole.work(60)
    assert whole.sent("northgate", "997*")
    open_faults = sa.select(fault.c["class"]).where(fault.c.cleared_at == "")
    assert [row["class"] for row in whole.rows(open_faults)] == ["inbox_gone"]

    (whole.root / "unmounted").rename(whole.root / "inbox")
    whole.drop("harbor", "944-receipt.edi")
    whole.work(60)
    assert whole.rows(open_faults) == []
    assert len(whole.rows(sa.select(intake.c.id))) == 4
    assert whole.verify() == []
