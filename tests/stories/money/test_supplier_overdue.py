"""A supplier that takes goods back and does not pay: the clock breaks, a person decides, and it is all repeatable."""

from __future__ import annotations

from pathlib import Path

from gateway.returns import claim_figures
from gateway.store.returns.returns import load
from gateway.store.tables import hold
from tests.homes import at_work, drop_sample
from tests.stories.commands import type_command
from tests.stories.money.test_supplier_files import ACME, ANSWER, CREDITS, x12

SIX_WEEKS = 42 * 24 * 3600.0


def test_money_that_does_not_come_is_written_off_by_a_person(home: Path) -> None:
    folder = home / "partners/acme"
    (folder / "layouts").mkdir(parents=True)
    (folder / "partner.toml").write_text(ACME, encoding="utf-8")
    (folder / "layouts/credits.toml").write_text(CREDITS, encoding="utf-8")
    policy = home / "partners/_house/policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8") + '\n[suppliers]\n"V-301" = "acme"\n', encoding="utf-8")
    with at_work(home) as gateway:
        gateway.reference_data()
        for partner, sample in (("northgate", "180-requests.edi"), ("harbor", "944-receipt.edi")):
            drop_sample(home, partner, sample)
            gateway.work()
    assert type_command(home, "dispose", "R000001", "1", "rtv=4").code == 0
    (home / "inbox/acme").mkdir(exist_ok=True)
    (home / "inbox/acme/answer.edi").write_bytes(x12(ANSWER, 1))
    with at_work(home) as gateway:
        gateway.work()
        gateway.work(after=SIX_WEEKS)
        (row,) = gateway.rows(hold, hold.c["class"] == "vendor_credit_overdue", hold.c.state == "open")
        assert "A supplier owes money for return R000001, line 1" in row["message"]
    assert type_command(home, "resolve", str(row["id"]), "write_off").code == 0
    with at_work(home) as gateway:
        with gateway.engine.store.read() as snapshot:
            (figures,) = claim_figures(load(snapshot, ["R000001"])["R000001"].aggregate)
        assert figures.written_off == figures.claimed > 0
        assert not figures.open
    for command in (("verify",), ("rebuild", "--check")):
        done = type_command(home, *command)
        assert done.code == 0, done.text
