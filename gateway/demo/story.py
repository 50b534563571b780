"""The story of the demo, step by step: files dropped into inboxes, what comes out, what it means.

Every step states what must be true after it; a step that is not true ends the demo with exit code 1.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from gateway.clock import FixedClock, instant
from gateway.commands import Write
from gateway.commands.homes import make_home
from gateway.commands.reports.status import status_of_home
from gateway.demo.atlas import Atlas
from gateway.demo.replies import Replies
from gateway.engine import Engine
from gateway.store import Snapshot
from gateway.store.files import dispatches, intakes
from gateway.store.files.dispatches import Dispatch
from gateway.store.people import holds
from gateway.store.read import overview, returns
from gateway.verify import verify

START = datetime(2025, 3, 14, 15, 30, tzinfo=UTC)
HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(slots=True)
class Story:
    """The demo's home, engine and clock, what it writes to, and what the gateway has sent so far."""

    root: Path
    engine: Engine
    clock: FixedClock
    write: Write
    replies: Replies
    step_no: int = 0
    sent: list[Dispatch] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def step(self, title: str) -> None:
        """Begin the next step: number and title."""
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
            added = dispatches.added_after(snapshot, self.sent[-1].id if self.sent else 0)
        for dispatch in added:
            self.write(f"   → outbox/{dispatch.partner}/{dispatch.name}  ({dispatch.kind.replace('_', ' ')})\n")
        self.sent += added
        for partner, name in self.replies.send():
            self.write(f"   ← {partner} acknowledges {name} (997)\n")
        self.engine.until_quiet()

    def show(self, partner: str, pattern: str, is_shown: Callable[[str], bool]) -> None:
        """Print segments or rows of the newest file in a partner's outbox that matches."""
        files = sorted((self.root / "outbox" / partner).glob(pattern))
        if not files:
            self.failures.append(f"step {self.step_no}: no {pattern} for {partner}")
            return
        text = files[-1].read_bytes().decode("latin-1")
        for line in text.replace("~", "~\n").splitlines():
            if is_shown(line):
                self.write(f"       {line.strip()}\n")

    def show_returns(self) -> None:
        """Print every return with its status and what it waits for."""
        with self.engine.store.read() as snapshot:
            rows, _ = returns.listed(snapshot, returns.ReturnPage())
        for row in reversed(rows):
            blocked = f", waits at {row['blocked_at']} for {row['blocked_on']}" if row["blocked_at"] else ""
            known_as = f" {row['rma']}" if row["rma"] else ""
            self.write(f"   {row['return_no']}{known_as} ({row['partner']}): {row['status']}{blocked}\n")

    def show_holds(self, *classes: str) -> None:
        """Print the open Holds of these classes with their next action."""
        with self.engine.store.read() as snapshot:
            found = [hold for hold in holds.open_holds(snapshot) if hold.class_ in classes]
        for hold in found:
            self.write(f"   Hold {hold.id} {hold.class_} ({hold.owner}): {hold.message}\n")
            self.write(f"       next: {hold.next_action}\n")

    def show_answered_postings(self) -> None:
        """Print every posting that the ERP has answered, with its document number or its refusal."""
        with self.engine.store.read() as snapshot:
            numbers = [row["return_no"] for row in returns.listed(snapshot, returns.ReturnPage())[0]]
            postings = [posting for number in numbers for posting in returns.postings(snapshot, number)]
        for posting in sorted(postings, key=lambda posting: posting["key"]):
            if posting["state"] in {"posted", "refused"}:
                answer = posting["erp_document"] or posting["error_text"]
                self.write(f"   {posting['key']}: {posting['state']} {answer}\n")

    def expect(self, what: str, count: Callable[[Snapshot], dict[str, int]], key: str, expected: int) -> None:
        """State what must be true now: `count` counts so many of `key` ("" for all)."""
        with self.engine.store.read() as snapshot:
            counts = count(snapshot)
        counted = counts.get(key, 0) if key else sum(counts.values())
        if counted != expected:
            self.failures.append(f"step {self.step_no}: {what}: {counted} instead of {expected}")


def tell_story(root: Path, write: Write) -> int:
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
        _same_file_and_junk(story)
        return _end(story)


def _sent_by_kind(story: Story) -> Callable[[Snapshot], dict[str, int]]:
    return lambda _: dict(Counter(dispatch.kind for dispatch in story.sent))


def _reference_data(story: Story) -> None:
    story.step("Atlas exports its order history and products")
    story.drop("atlas", "orders.csv")
    story.drop("atlas", "products.csv")
    story.work()
    story.expect("reference files loaded", intakes.counts, "processed", 2)


def _requests(story: Story) -> None:
    story.step("Northgate asks to return goods: three 180s, one with a quantity that is no number, one too late")
    story.drop("northgate", "180-requests.edi")
    story.work()
    story.write("   the 997, set by set:\n")
    story.show("northgate", "997_*", lambda line: line.startswith("AK"))
    story.write("   the business answers:\n")
    story.show("northgate", "180_*", lambda line: line.startswith(("BGN", "RDR", "N9*RZ")))
    story.show_returns()
    story.expect("one interchange partly accepted", intakes.counts, "partial", 1)
    story.expect("two returns known", overview.returns_by_status, "", 2)
    story.expect("one denied", overview.returns_by_status, "rejected", 1)
    story.expect("one 943", _sent_by_kind(story), "expected_receipt", 1)


def _flat_requests(story: Story) -> None:
    story.clock.advance(HOUR)
    story.step("Cedar uploads its CSV with two requests")
    story.drop("cedar", "requests.csv")
    story.work()
    story.show("cedar", "answers_*", lambda line: True)
    story.show_returns()
    story.expect("four returns known", overview.returns_by_status, "", 4)


def _results(story: Story, atlas: Atlas, title: str) -> None:
    story.clock.advance(HOUR)
    story.step(title)
    for file in atlas.import_files():
        story.write(f"   atlas writes {file.name}\n")
    story.work()
    story.show_answered_postings()


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
    story.expect("the unannounced item is a Hold", holds.counts, "unexpected_item", 1)


def _inspection(story: Story, atlas: Atlas) -> None:
    story.clock.advance(DAY)
    story.step("Harbor Point inspects: three drills back to stock, one to scrap, all lights back to stock")
    story.drop("harbor", "inspection.csv")
    story.work()
    story.show_returns()
    _results(story, atlas, "Atlas answers: all posted but one credit")
    _results(story, atlas, "Atlas answers what had waited for its first answers")
    story.show_holds("erp_refused")
    story.expect("one posting refused", overview.postings_by_state, "refused", 1)


def _same_file_and_junk(story: Story) -> None:
    story.clock.advance(HOUR)
    story.step("Northgate sends the same 180 file again; somebody drops a file that is nothing")
    story.drop("northgate", "180-requests.edi", "180-requests-resent.edi")
    (story.root / "inbox/northgate/holiday.jpg").write_bytes(b"\xff\xd8\xff\xe0junk" * 40)
    story.write("   northgate drops holiday.jpg\n")
    story.work()
    outbox = story.root / "outbox/northgate"
    first = sorted(path for path in outbox.glob("997_*.edi") if ".again" not in path.name)[0].read_bytes()
    second = next(outbox.glob("997_*.again*"), None)
    if second is None or second.read_bytes() != first:
        story.failures.append("the same file did not get the same 997 bytes")
    else:
        story.write("   the 997 has the same bytes as the first one\n")
    story.expect("no further return", overview.returns_by_status, "", 4)
    story.expect("the junk is quarantined", intakes.counts, "quarantined", 1)
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
