"""The story of the demo, step by step: files dropped into inboxes, what comes out, what it means.

Every step states what must be true after it; a step that is not true ends the demo with exit code 1.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from gateway.clock import FixedClock, instant
from gateway.commands import Write
from gateway.commands.homes import make_home
from gateway.commands.status import status_of_home
from gateway.demo.atlas import Atlas
from gateway.demo.replies import Replies
from gateway.engine import Engine
from gateway.store.tables import dispatch, hold, intake, posting, return_
from gateway.verify import verify

START = datetime(2025, 3, 14, 15, 30, tzinfo=UTC)
HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(slots=True)
class Story:
    """The demo's home, engine and voice."""

    root: Path
    engine: Engine
    clock: FixedClock
    write: Write
    replies: Replies
    step_no: int = 0
    sent: int = 0
    failures: list[str] = field(default_factory=list)

    def step(self, title: str) -> None:
        self.step_no += 1
        self.write(f"\n{self.step_no}. {title}\n")

    def drop(self, partner: str, sample: str, name: str = "") -> None:
        """Put a sample file of a partner into its inbox, as the partner would."""
        source = self.root / "partners" / partner / "samples" / sample
        shutil.copy(source, self.root / "inbox" / partner / (name or sample))
        self.write(f"   {partner} drops {name or sample}\n")

    def work(self) -> None:
        """Let the gateway do everything that waits, then say what it sent and who acknowledged it."""
        self.engine.until_quiet()
        with self.engine.store.read() as snapshot:
            query = sa.select(dispatch).where(dispatch.c.id > self.sent).order_by(dispatch.c.id)
            for row in snapshot.execute(query).mappings():
                self.sent = int(row["id"])
                self.write(f"   → outbox/{row['partner']}/{row['name']}  ({row['kind'].replace('_', ' ')})\n")
        for partner, name in self.replies.send():
            self.write(f"   ← {partner} acknowledges {name} (997)\n")
        self.engine.until_quiet()

    def show(self, partner: str, pattern: str, wanted: Callable[[str], bool], newest: bool = True) -> None:
        """Print segments or rows of the newest file in a partner's outbox that matches."""
        files = sorted((self.root / "outbox" / partner).glob(pattern))
        if not files:
            self.failures.append(f"step {self.step_no}: no {pattern} for {partner}")
            return
        text = files[-1 if newest else 0].read_bytes().decode("latin-1")
        for line in text.replace("~", "~\n").splitlines():
            if wanted(line):
                self.write(f"       {line.strip()}\n")

    def show_returns(self) -> None:
        with self.engine.store.read() as snapshot:
            for row in snapshot.execute(sa.select(return_).order_by(return_.c.return_no)).mappings():
                blocked = f", waits at {row['blocked_at']} for {row['blocked_on']}" if row["blocked_at"] else ""
                known_as = f" {row['rma']}" if row["rma"] else ""
                self.write(f"   {row['return_no']}{known_as} ({row['partner']}): {row['status']}{blocked}\n")

    def show_holds(self, *classes: str) -> None:
        with self.engine.store.read() as snapshot:
            query = sa.select(hold).where(hold.c.state == "open", hold.c["class"].in_(classes)).order_by(hold.c.id)
            for row in snapshot.execute(query).mappings():
                self.write(f"   Hold {row['id']} {row['class']} ({row['owner']}): {row['message']}\n")
                self.write(f"       next: {row['next_action']}\n")

    def expect(self, what: str, query: sa.Select[int], count: int) -> None:
        """State what must be true now: `query` counts to `count`."""
        with self.engine.store.read() as snapshot:
            counted = snapshot.execute(query).scalar_one()
        if counted != count:
            self.failures.append(f"step {self.step_no}: {what}: {counted} instead of {count}")


def tell(root: Path, write: Write) -> int:
    """The whole story in a new home at `root`."""
    home = make_home(root)
    clock = FixedClock(START)
    write("returns-gateway demo: Meridian Supply, its retailers Northgate and Cedar, its warehouse Harbor Point and\n")
    write("its ERP Atlas exchange files about returns.\n")
    with Engine.open(home, clock) as engine:
        story = Story(root, engine, clock, write, Replies(root))
        atlas = Atlas(
            root / "outbox/atlas",
            root / "inbox/atlas",
            {("CREDIT_REQUEST", "MS-1003"): "Customer C-10010: credit limit block, post manually"},
        )
        _reference_data(story)
        _requests(story)
        _flat_requests(story)
        _results(story, atlas, "Atlas loads the return orders and answers with result files")
        _shipment(story)
        _receipt(story)
        _results(story, atlas, "Atlas books the goods receipts")
        _inspection(story, atlas)
        _again_and_junk(story)
        return _end(story)


def _count(table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(table).where(*where)


def _reference_data(story: Story) -> None:
    story.step("Atlas exports its order history and products")
    story.drop("atlas", "orders.csv")
    story.drop("atlas", "products.csv")
    story.work()
    story.expect("reference files loaded", _count(intake, intake.c.state == "processed"), 2)


def _requests(story: Story) -> None:
    story.step("Northgate asks to return goods: three 180s, one with a quantity that is no number, one too late")
    story.drop("northgate", "180-requests.edi")
    story.work()
    story.write("   the 997, set by set:\n")
    story.show("northgate", "997_*", lambda line: line.startswith("AK"))
    story.write("   the business answers:\n")
    story.show("northgate", "180_*", lambda line: line.startswith(("BGN", "RDR", "N9*RZ")))
    story.show_returns()
    story.expect("one interchange partly accepted", _count(intake, intake.c.state == "partial"), 1)
    story.expect("two returns known", _count(return_), 2)
    story.expect("one denied", _count(return_, return_.c.status == "rejected"), 1)
    story.expect("one 943", _count(dispatch, dispatch.c.kind == "expected_receipt"), 1)


def _flat_requests(story: Story) -> None:
    story.clock.advance(HOUR)
    story.step("Cedar uploads its CSV with two requests")
    story.drop("cedar", "requests.csv")
    story.work()
    story.show("cedar", "answers_*", lambda line: True)
    story.show_returns()
    story.expect("four returns known", _count(return_), 4)


def _results(story: Story, atlas: Atlas, title: str) -> None:
    story.clock.advance(HOUR)
    story.step(title)
    for file in atlas.import_files():
        story.write(f"   atlas writes {file.name}\n")
    story.work()
    with story.engine.store.read() as snapshot:
        query = sa.select(posting).where(posting.c.state.in_(("posted", "refused"))).order_by(posting.c.key)
        for row in snapshot.execute(query).mappings():
            answer = row["erp_document"] or row["error_text"]
            story.write(f"   {row['key']}: {row['state']} {answer}\n")


def _shipment(story: Story) -> None:
    story.clock.advance(4 * HOUR)
    story.step("Northgate ships: an 856 with carrier, tracking number and two cartons")
    story.drop("northgate", "856-shipment.edi")
    story.work()
    story.show_returns()


def _receipt(story: Story) -> None:
    story.clock.advance(4 * DAY)
    story.step("Harbor Point receives: a damaged drill, a work light short, a paint sprayer nobody announced")
    story.drop("harbor", "944-receipt.edi")
    story.work()
    story.show("harbor", "997_*", lambda line: line.startswith("AK"))
    story.show_holds("unexpected_item", "short_received")
    story.expect("the unannounced item is a Hold", _count(hold, hold.c["class"] == "unexpected_item"), 1)


def _inspection(story: Story, atlas: Atlas) -> None:
    story.clock.advance(DAY)
    story.step("Harbor Point inspects: three drills back to stock, one to scrap, all lights back to stock")
    story.drop("harbor", "inspection.csv")
    story.work()
    story.show_returns()
    _results(story, atlas, "Atlas answers: all posted but one credit")
    _results(story, atlas, "Atlas answers what had waited for its first answers")
    story.show_holds("erp_refused")
    story.expect("one posting refused", _count(posting, posting.c.state == "refused"), 1)


def _again_and_junk(story: Story) -> None:
    story.clock.advance(HOUR)
    story.step("Northgate sends the same 180 file again; somebody drops a file that is nothing")
    story.drop("northgate", "180-requests.edi", "180-requests-resent.edi")
    (story.root / "inbox/northgate/holiday.jpg").write_bytes(b"\xff\xd8\xff\xe0junk" * 40)
    story.write("   northgate drops holiday.jpg\n")
    story.work()
    outbox = story.root / "outbox/northgate"
    first = sorted(path for path in outbox.glob("997_*.edi") if ".again" not in path.name)[0].read_bytes()
    again = next(outbox.glob("997_*.again*"), None)
    if again is None or again.read_bytes() != first:
        story.failures.append("the same file did not get the same 997 bytes")
    else:
        story.write("   the 997 has the same bytes as the first one\n")
    story.expect("no further return", _count(return_), 4)
    story.expect("the junk is quarantined", _count(intake, intake.c.state == "quarantined"), 1)
    story.show_holds("no_layout", "not_recognised")


def _end(story: Story) -> int:
    story.step("Where everything stands")
    with story.engine.store.read() as snapshot:
        shown = status_of_home(snapshot, instant(story.clock.now()))
    for heading in ("intakes", "returns", "blocked_at", "postings", "dispatches"):
        counts = ", ".join(f"{n} {key}" for key, n in sorted(shown[heading].items())) or "none"
        story.write(f"   {heading.replace('_', ' '):10} {counts}\n")
    story.write(f"   holds      {len(shown['holds'])} open, faults {len(shown['faults'])}\n")
    report = verify(story.engine.store, story.engine.home)
    story.write(f"   verify     {len(report.checked)} checks, {len(report.violations)} violations\n")
    for line in [*story.failures, *report.violations]:
        story.write(f"   NOT AS IT SHOULD BE: {line}\n")
    return 1 if story.failures or report.violations else 0
