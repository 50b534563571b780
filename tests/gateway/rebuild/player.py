"""Plays a generated life through the gateway's own stages, over a store in memory and without files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from gateway.batch import Batching, batch_due, follow_deliveries
from gateway.clock import FixedClock, instant
from gateway.configuration import Configuration, read_configuration
from gateway.holds import answers_to
from gateway.home import Home
from gateway.isolation import Parser
from gateway.process import Processing, carry_out_requests
from gateway.process.decide.application import Application
from gateway.process.decide.steps import decide_reading
from gateway.process.waiting import process_intake
from gateway.rebuild import RebuildReport, rebuild
from gateway.store import Store, open_store
from gateway.store.drivers import sqlite_driver
from gateway.store.files import documents, intakes
from gateway.store.files.intakes import NewIntake
from gateway.store.people import requests
from gateway.store.people.holds import open_holds
from gateway.store.system import configurations
from gateway.store.system.configurations import FolderContent
from gateway.store.tables import dispatch, posting
from gateway.sweep import Sweeper
from tests.gateway.rebuild.lives import (
    CONFIGURATIONS,
    Answer,
    Closed,
    Configured,
    Event,
    Hours,
    ReadAgain,
    Results,
    policy_toml,
    with_meaning,
)
from tests.gateway.returns.shell import START
from translators.canonical import ErpResult, ErpResultRow, Inbound, ReturnRequest
from translators.translation import SetResult, Translation

_ERP = '\n[receives.erp_batch]\ndefault = "erp:generic-csv"\n'
_SWITCH = '[[erp_switch]]\nto = "borealis"\npartner = "northgate"\nvalid_from = 2025-03-05\n'


def write_configurations(folder: Path) -> list[Configuration]:
    """The configurations that lives change between: policies, stages, routes, and partners that are gone."""
    return [_write(folder / str(number), number) for number in range(CONFIGURATIONS)]


def _write(folder: Path, number: int) -> Configuration:
    partners = {"northgate": "retailer", "harbor": "warehouse", "atlas": "erp", "borealis": "erp"}
    if number == 5:
        del partners["harbor"]
    more = {"atlas": _ERP, "borealis": _ERP}
    if number == 4:
        more["northgate"] = '\n[policy]\nsettlement = "in_advance"\n'
    house = policy_toml(number).replace('warehouse = "harbor"', "" if number == 5 else 'warehouse = "harbor"')
    _file(folder / "_house/policy.toml", house)
    _file(folder / "_house/partner.toml", 'name = "House"\n' + (_SWITCH if number in {4, 5} else ""))
    for name, role in partners.items():
        stage = "test" if (number, name) == (2, "northgate") else "live"
        text = f'name = "{name}"\nrole = "{role}"\nstage = "{stage}"\n{more.get(name, "")}'
        _file(folder / name / "partner.toml", text)
    return read_configuration(folder)


def _file(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@dataclass(slots=True)
class Stores:
    """One store in memory, emptied for each life: with an engine of its own each would compile every statement anew."""

    empty: Any
    connection: Any
    store: Store

    @classmethod
    def of(cls, folder: Path) -> Stores:
        with open_store(folder / "empty.sqlite3"):
            pass
        driver = sqlite_driver()
        empty = driver.connect(str(folder / "empty.sqlite3"), check_same_thread=False)
        connection = driver.connect(":memory:", isolation_level=None, check_same_thread=False)
        engine = sa.create_engine("sqlite://", module=driver, creator=lambda: connection, poolclass=StaticPool)
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        return cls(empty, connection, Store("sqlite://", engine, engine))

    def fresh(self) -> Store:
        """The store, with nothing in it."""
        self.empty.backup(self.connection)
        return self.store


@dataclass(slots=True)
class Player:
    """One life. `stored` at its end is what must come out again."""

    store: Store
    home: Home
    configurations: Sequence[Configuration]
    clock: FixedClock = field(default_factory=lambda: FixedClock(START))
    current: int = 0
    version: str = ""
    files: int = 0
    sweeper: Sweeper = field(init=False)

    def __post_init__(self) -> None:
        self.sweeper = Sweeper(self.store, self.home, self.clock)
        self.configure(0)

    @property
    def configuration(self) -> Configuration:
        return self.configurations[self.current]

    @property
    def work(self) -> Processing:
        now = self.configuration
        return Processing(self.store, self.home, now.book, now.policy, self.clock, Parser(), self.version)

    @property
    def at(self) -> str:
        return instant(self.clock.now())

    def play(self, life: Sequence[Event]) -> None:
        for event in life:
            self.clock.advance(60)
            match event:
                case Answer():
                    self.answer(event)
                case Results():
                    self.results(event)
                case Hours():
                    self.wait(event.hours)
                case Configured():
                    self.configure(event.number)
                case ReadAgain():
                    self.read_again(event.canonical)
                case Closed():
                    self.close_month()
                case (partner, body):
                    self.receive(partner, body)  # type: ignore[arg-type]  # every inbound document is one

    def configure(self, number: int) -> None:
        """At once, and at the same instant as what was decided before: only the steps know which was first."""
        self.current = number
        folders = {name: FolderContent(digest, files) for name, digest, files in self.configuration.folders()}
        with self.store.write() as tx:
            self.version = configurations.note(tx, folders, self.at)

    def receive(self, partner: str, *bodies: Inbound) -> None:
        """A file of a partner, read and settled; one of a partner that is gone would wait."""
        if partner not in self.configuration.book:
            return
        self.files += 1
        with self.store.write() as tx:
            new = NewIntake(f"claim-{self.files}", partner, f"{self.files}.csv", 1, f"{self.files:064}")
            number = intakes.record(tx, new, self.at)
        with self.store.read() as snapshot:
            intake = intakes.get(snapshot, number)
        assert intake is not None
        read = SetResult("rows", "1", 1, "accepted", documents=list(bodies))
        process_intake(self.work, intake, Translation("delimited", sets=[read], layout="rows"))

    def answer(self, how: Answer) -> None:
        with self.store.write() as tx:
            held = [hold for hold in open_holds(tx) if hold.return_no or hold.document_id]
            if not held:
                return
            hold = held[how.hold % len(held)]
            answers = answers_to(hold.class_)
            answer = answers[how.decision % len(answers)]
            body: dict[str, object] = {"hold": hold.id, "decision": answer.name, "note": "as agreed"}
            if answer.needs:
                body["choose"] = {"line": "1"} if answer.name == "assign" else {"restock": str(how.quantity)}
            requests.add(tx, "resolve", body, actor="ann", at=self.at)
        carry_out_requests(self.work)

    def wait(self, hours: int) -> None:
        self.clock.advance(timedelta(hours=hours).total_seconds())
        now = self.configuration
        self.sweeper.sweep(now.book, now.policy, now.house_policy.calendar, True, self.version)

    def close_month(self) -> None:
        self.clock.advance(timedelta(days=31).total_seconds())
        with self.store.write() as tx:
            month = f"{(self.clock.now() - timedelta(days=31)):%Y-%m}"
            requests.add(tx, "close_period", {"period": month}, actor="ann", at=self.at)
        carry_out_requests(self.work)

    def read_again(self, canonical: str) -> None:
        """The last request whose codes had no meaning gets one, as after an edited code table."""
        with self.store.write() as tx:
            for row in reversed(documents.of_kind(tx, "return_request")):
                before = row.body
                assert isinstance(before, ReturnRequest)
                after = with_meaning(before, canonical)
                partner = self.configuration.book.get(row.partner)
                if after != before and partner is not None:
                    application = Application.of(self.work, tx, self.clock.now(), "ann")
                    decide_reading(application, partner, row.id, after, "read again")
                    application.finish(self.home, f"read:{row.id}")
                    return

    def results(self, how: Results) -> None:
        """Everything ready goes out; a minute later it is there; a minute later the ERPs report."""
        now = self.configuration
        batching = Batching(self.store, self.home, now.book, self.clock, now.house_policy.calendar)
        batch_due(batching)
        self.clock.advance(60)
        with self.store.write() as tx:
            sent = dispatch.update().where(dispatch.c.state == "pending")
            tx.execute(sent.values(state="delivered", delivered_at=self.at))
        follow_deliveries(batching)
        self.clock.advance(60)
        if how.by != "nothing":
            for partner, result in self._reports(how):
                self.receive(partner, result)

    def _reports(self, how: Results) -> list[tuple[str, ErpResult]]:
        wanted = sa.select(posting).where(posting.c.state == "delivered").order_by(posting.c.batch_id, posting.c.row_no)
        with self.store.read() as snapshot:
            rows = snapshot.execute(wanted).all()
        batches: dict[tuple[str, str], list[sa.Row[Any]]] = {}
        for row in rows:
            batches.setdefault((row.destination, row.batch_id), []).append(row)
        return [(erp, _report(batch, mine, how)) for (erp, batch), mine in batches.items()]

    def rebuilt(self) -> RebuildReport:
        with self.store.read() as snapshot:
            return rebuild(snapshot)


def _report(batch: str, mine: Sequence[sa.Row[Any]], how: Results) -> ErpResult:
    if how.by == "batch":
        return ErpResult(number=batch, rows=(_said("", "", how.refuse),))
    key, number = how.by == "key", how.by == "row"
    return ErpResult(
        number=batch,
        rows=tuple(
            _said(row.key if key else "", str(row.row_no) if number else "", how.refuse and place == 0)
            for place, row in enumerate(mine)
        ),
    )


def _said(key: str, row_no: str, refused: bool) -> ErpResultRow:
    if refused:
        words = {"error_code": "M7021", "error_text": "period is closed"}
        return ErpResultRow(idempotency_key=key, row_no=row_no, status="refused", **words)
    number = f"49{key or row_no or 'B'}"
    return ErpResultRow(
        idempotency_key=key, row_no=row_no, status="posted", erp_document_type="DOC", erp_document=number
    )


class Gateways:
    """What all examples share: the configurations, an empty store to copy, and a home that stays empty."""

    def __init__(self, folder: Path) -> None:
        self.stores = Stores.of(folder)
        self.configurations: list[Configuration] = write_configurations(folder / "configurations")
        (folder / "home/partners").mkdir(parents=True)
        self.home = Home(folder / "home").require()

    def player(self) -> Player:
        return Player(self.stores.fresh(), self.home, self.configurations)
