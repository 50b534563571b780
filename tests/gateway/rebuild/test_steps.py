"""A life with every kind of step: none is idle, whoever tampers is named, in SQLite and in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from gateway.clock import parse_instant
from gateway.holds import HoldSubject, new_hold
from gateway.home import Home
from gateway.process import carry_out_requests
from gateway.rebuild import repeat_steps
from gateway.rebuild.sample import sample
from gateway.store import Store
from gateway.store.people import holds, requests
from gateway.store.people.holds import open_holds
from gateway.store.returns import pilots, postings, returns
from gateway.store.system import steps
from gateway.store.tables import (
    config_folder,
    config_version,
    document,
    due,
    hold,
    movement,
    parked_key,
    period_close,
    posting,
    reference,
    return_,
    return_document,
    return_key,
    step,
    taken_back,
)
from tests.gateway.rebuild.lives import Results
from tests.gateway.rebuild.player import Gateways, Player
from tests.gateway.returns.builders import cancellation, inspection, orders, receipt, request, shipment
from translators.canonical import Code

KINDS = (
    steps.DOCUMENTS,
    steps.READING,
    steps.ANSWER,
    steps.VOIDED,
    steps.DISCARD,
    steps.SWEEP,
    steps.CLOSE,
    steps.BATCHED,
    steps.DELIVERED,
    steps.REFUSED,
    steps.RETRIED,
    steps.RELEASED,
    steps.HELD,
    steps.RESOLVED,
    steps.REFRESHED,
)


def whole_life(player: Player) -> Player:
    """Requests (one with a code that means nothing yet), goods with surprises, an ERP that refuses, a file that cannot
    be written, a pilot, a breached clock, a document that nobody knows, an edited policy, a closed month, one return
    open, and one that a person settles outside the ERP.
    """
    player.receive("atlas", orders("SO1", A=8, B=8), orders("SO2", A=8, B=8))
    odd = request("RTV1", {"A": 4, "B": 2}, "SO1")
    lines = tuple(line.model_copy(update={"reason": Code(raw="ODD")}) for line in odd.lines)
    player.receive("northgate", odd.model_copy(update={"lines": lines}))
    player.receive("northgate", request("RTV2", {"A": 3}, "SO2"), shipment("SH1", "RTV2", {"A": 3}))
    player.clock.advance(60)
    player.read_again("defective")
    player.receive("harbor", inspection("IN9", "RTV1", [("A", 1, "scrap")]), receipt("WR7", "nobody", {"A": 1}))
    player.receive("northgate", cancellation("CX9", "nobody knows this"))
    player.clock.advance(60)
    player.configure(1)
    player.receive("harbor", receipt("WR1", "RTV1", {"A": 4, "B": 1, "Z": 1}, final=True))
    _cannot_be_written(player)
    _let_go(player)
    player.wait(100)
    _answer(player, "unexpected_item", "accept_unexpected")
    _answer(player, "unrenderable", "retry")
    _answer(player, "parked_too_long", "discard")
    player.configure(0)
    player.results(Results(True, "row"))
    _answer(player, "erp_refused", "retry_posting")
    player.results(Results(False, "batch"))
    player.close_month()
    player.receive("northgate", request("RTV3", {"A": 1}, "SO2"))
    player.results(Results(False, "nothing"))
    player.receive("northgate", request("RTV4", {"B": 1}, "SO2"))
    _cannot_be_written(player)
    _answer(player, "unrenderable", "void")
    return player


def _cannot_be_written(player: Player) -> None:
    with player.store.write() as tx:
        key, number = tx.execute(sa.select(posting.c.key, posting.c.return_no).where(posting.c.state == "ready")).all()[
            0
        ]
        (row,) = postings.ready_of(tx, [key])
        postings.refuse(tx, row, "unrenderable", "no such character", player.at)
        subject = HoldSubject("atlas", number, posting_key=key)
        new = new_hold("unrenderable", f"unrenderable:{key}", subject, case="posting", trouble="no such character")
        holds.open_(tx, new, player.at)
        returns.refresh(tx, [number], player.clock.now())


def _let_go(player: Player) -> None:
    with player.store.write() as tx:
        waiting = tx.execute(sa.select(posting.c.return_no).where(posting.c.state == "ready")).scalars().all()
        assert pilots.release(tx, str(waiting[0]), actor="ann", at=player.at)


def _answer(player: Player, class_: str, decision: str) -> None:
    player.clock.advance(60)
    with player.store.write() as tx:
        held = next(hold for hold in open_holds(tx) if hold.class_ == class_)
        body = {"hold": held.id, "decision": decision, "note": "as agreed"}
        asked = requests.add(tx, "resolve", body, actor="ann", at=player.at)
    carry_out_requests(player.work)
    with player.store.read() as snapshot:
        assert asked not in {request.id for request in requests.open_(snapshot)}


@pytest.fixture
def player(store: Store, empty_home: Home, gateways: Gateways) -> Player:
    return whole_life(Player(store, empty_home, gateways.configurations))


def test_every_kind_of_step_is_there_and_comes_out_again(player: Player) -> None:
    with player.store.read() as snapshot:
        kinds = set(snapshot.execute(sa.select(step.c.kind)).scalars())
    assert kinds >= set(KINDS)
    done = player.rebuilt()
    assert done.differences == []
    assert (done.returns, done.decisions) == (4, 3)


def test_returns_come_out_again_by_themselves(store: Store, empty_home: Home, gateways: Gateways) -> None:
    """Others are in the same files, batches and results; an answer about a whole batch is laid to its postings."""
    player = Player(store, empty_home, gateways.configurations)
    numbers = range(1, 6)
    player.receive("atlas", *(orders(f"SO{n}", A=8, B=8) for n in numbers))
    player.receive("northgate", *(request(f"RTV{n}", {"A": n, "B": 1}, f"SO{n // 2 * 2 or 1}") for n in numbers))
    player.configure(1)
    player.receive("harbor", *(receipt(f"WR{n}", f"RTV{n}", {"A": n, "B": 1}) for n in numbers))
    player.results(Results(False, "row"))
    player.receive("harbor", *(inspection(f"IN{n}", f"RTV{n}", [("A", n, "scrap")]) for n in numbers))
    player.wait(100)
    player.results(Results(False, "batch"))
    with store.read() as snapshot:
        for number in returns.all_numbers(snapshot):
            done = sample(snapshot, 1, [number])
            assert (done.picked, done.differences) == ([number], [])
    with store.write() as tx:
        tx.execute(movement.update().where(movement.c.return_no == "R000003", movement.c.seq == 1).values(quantity="7"))
    with store.read() as snapshot:
        assert sample(snapshot, 1, ["R000001"]).differences == []
        assert sample(snapshot, 1, ["R000003"]).differences == ["movement R000003 1 differs in quantity"]
        assert len(sample(snapshot, 5).picked) == 5


def test_every_kind_that_the_store_knows_is_repeated() -> None:
    known = {value for name, value in vars(steps).items() if name.isupper() and isinstance(value, str)}
    assert known == set(repeat_steps.REPEATED_BY_KIND)


def test_leaving_out_any_kind_of_step_is_noticed(gateways: Gateways, monkeypatch: pytest.MonkeyPatch) -> None:
    player = whole_life(gateways.player())
    for kind in KINDS:
        with monkeypatch.context() as patch:
            patch.setitem(repeat_steps.REPEATED_BY_KIND, kind, lambda *_: None)
            assert player.rebuilt().different, kind


def _changed(table: sa.Table, **values: object) -> Callable[[sa.Connection], object]:
    return lambda tx: tx.execute(table.update().values(**values))


TAMPERED: dict[str, Callable[[sa.Connection], object]] = {
    "return R000001 differs in body": lambda tx: tx.execute(
        return_.update()
        .where(return_.c.return_no == "R000001")
        .values(body=sa.func.replace(return_.c.body, '"SO1"', '"SO7"'))
    ),
    "return R000002 differs in status": lambda tx: tx.execute(
        return_.update().where(return_.c.return_no == "R000002").values(status="closed")
    ),
    "movement R000001 1 differs in quantity": lambda tx: tx.execute(
        movement.update().where(movement.c.return_no == "R000001", movement.c.seq == 1).values(quantity="40")
    ),
    "movement R000001 2 was decided again, and is not stored": lambda tx: tx.execute(
        movement.delete().where(movement.c.return_no == "R000001", movement.c.seq == 2)
    ),
    "posting R000003-1-RO-0-1 differs in state": lambda tx: tx.execute(
        posting.update().where(posting.c.key == "R000003-1-RO-0-1").values(state="ready")
    ),
    "hold forged is stored, and was not decided again": lambda tx: tx.execute(
        hold.insert().values(**{"key": "forged", "class": "over_received", "return_no": "R000001"})
    ),
    "differs in resolved_by": _changed(hold, resolved_by="nobody"),
    "return_key forged R000001 is stored": lambda tx: tx.execute(
        return_key.insert().values(key="forged", return_no="R000001")
    ),
    "return_document R000001": lambda tx: tx.execute(
        return_document.delete().where(return_document.c.return_no == "R000001")
    ),
    "taken_back": _changed(taken_back, quantity="0"),
    "document 1 differs in reason": _changed(document, reason="because"),
    "is stored, and was not decided again": lambda tx: tx.execute(
        parked_key.insert().values(document_id=1, key="forged")
    ),
    "due": _changed(due, due_at="2025-01-01T00:00:00.000000Z"),
    "reference live orders SO1 differs in body": _changed(reference, body="{}"),
    "period_close 2025-03 differs in csv": _changed(period_close, csv="nothing"),
    "is not what it was": lambda tx: tx.execute(
        config_folder.update().values(body=sa.select(sa.func.max(config_folder.c.body)).scalar_subquery())
    ),
    "is not in the store": lambda tx: tx.execute(config_version.delete()),
}


@pytest.mark.parametrize("difference", TAMPERED)
def test_whoever_tampers_is_named(difference: str, gateways: Gateways) -> None:
    player = whole_life(gateways.player())
    with player.store.write() as tx:
        TAMPERED[difference](tx)
    differences = player.rebuilt().differences
    assert any(difference in line for line in differences), differences


def test_a_closed_month_stays_as_it_was_frozen(player: Player) -> None:
    with player.store.read() as snapshot:
        frozen = snapshot.execute(sa.select(period_close)).one()
    player.clock.advance(timedelta(hours=1).total_seconds())
    player.receive("harbor", receipt("WR8", "RTV2", {"A": 2}))
    assert player.rebuilt().differences == []
    with player.store.read() as snapshot:
        assert snapshot.execute(sa.select(period_close)).one() == frozen
    assert parse_instant(frozen.closed_at) < player.clock.now()


def test_a_content_and_a_version_are_kept_once(player: Player) -> None:
    with player.store.read() as snapshot:
        before = [snapshot.scalar(sa.select(sa.func.count()).select_from(t)) for t in (config_version, config_folder)]
    for number in (0, 1, 0, 1):
        player.clock.advance(60)
        player.configure(number)
    with player.store.read() as snapshot:
        after = [snapshot.scalar(sa.select(sa.func.count()).select_from(t)) for t in (config_version, config_folder)]
    assert before == after == [2, 6]
