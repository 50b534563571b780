"""Ready postings of one kind → an import file of their ERP, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.batch.work import Batching
from gateway.clock import instant
from gateway.disk import put_archive
from gateway.faults import ImportProfileWrong, NoImportProfile
from gateway.holds import HoldSubject, new_hold
from gateway.home import Home
from gateway.partners import Partner
from gateway.returns import UNRENDERABLE
from gateway.returns.json_form import row_of
from gateway.store import Transaction
from gateway.store.files import dispatches
from gateway.store.people import holds
from gateway.store.returns import periods, postings, returns
from gateway.store.returns.postings import ReadyPosting
from gateway.store.system import counters, faults
from translators.canonical import ErpBatch
from translators.erp.profile.load import named_profile
from translators.erp.profile.model import ErpProfile, ErpProfileError
from translators.erp.write.batch import RenderedFile, Unrenderable, find_unrenderable, render_batch

# Rows of one import file where the partner's `[batch]` sets no limit: what an operator can still look through.
ROWS_PER_FILE = 5000
# Rows that are written on trial to know how large a file would become.
SAMPLE = 100


class ProfileWrong(Exception):
    """No row is to blame: the profile itself (its file name, a header, a trailer, its TOML) cannot write the batch."""


def write_batch(work: Batching, partner: Partner, kind: str, profile_name: str, now: datetime) -> int:
    """One import file of as many ready postings as its limits let in; rows its format cannot carry are refused, the
    others go. Returns how many are done with.

    Raises ProfileWrong, and then nothing has happened.
    """
    at = instant(now)
    profile = _profile(partner, profile_name)
    with work.store.write() as tx:
        limit = partner.batch.max_rows or ROWS_PER_FILE
        rows = postings.ready(tx, partner.id, kind, limit, work.test_erps(), work.book.pilots)
        if not rows:
            return 0
        with counters.on_trial(tx) as give_back:
            sequence, _ = counters.next_(tx, f"batch:{partner.id}")
            empty = _empty(partner, kind, sequence, at)
            draft = EmptyBatch(empty, periods.closed_months(tx))
            kept, rendered, refusals = _render(profile, draft, rows)
            if rendered is None:
                give_back()
        for row, trouble in refusals:
            _refuse(tx, row, partner, trouble, at)
        if rendered is not None and partner.batch.max_bytes:
            refused = {row.key for row in rows} - {row.key for row in kept}
            kept, rendered = _shortened(profile, draft, kept, rendered, partner.batch.max_bytes)
            rows = [row for row in rows if row.key in refused] + kept
        for class_ in (ImportProfileWrong, NoImportProfile):
            faults.clear(tx, class_, f"{partner.id}:{kind}", at=at)
        if rendered is not None:
            postings.mark_batched(tx, kept, empty.batch_id, at)
            for name, data in _all_files(rendered):
                _add(tx, work.home, partner, name, data, empty.batch_id, at)
        returns.refresh(tx, sorted({row.return_no for row in rows}), now)
        return len(rows)


def _all_files(rendered: RenderedFile) -> list[tuple[str, bytes]]:
    """Every file of a batch, by name: the import files first, the control file last."""
    control = [rendered.control] if rendered.control else []
    return [(rendered.name, rendered.data), *rendered.others, *control]


def _profile(partner: Partner, name: str) -> ErpProfile:
    try:
        return named_profile(name, partner.profile.layouts)
    except (ErpProfileError, KeyError) as trouble:
        raise ProfileWrong(str(trouble)) from trouble


def _empty(partner: Partner, kind: str, sequence: int, at: str) -> ErpBatch:
    return ErpBatch(
        batch_id=f"{partner.id.upper()}-{sequence:06}",
        destination=partner.id,
        posting_kind=kind,
        created_at=at,
        sequence=sequence,
        rows=(),
    )


@dataclass(frozen=True, slots=True)
class EmptyBatch:
    """A batch without rows, and the months that are closed: its postings are dated behind them."""

    empty: ErpBatch
    closed_months: frozenset[str]

    def with_rows(self, rows: Sequence[ReadyPosting]) -> ErpBatch:
        """The batch with these rows, numbered from 1."""
        numbered = enumerate(rows, start=1)
        return self.empty.model_copy(
            update={"rows": tuple(row_of(row.body, number, self.closed_months) for number, row in numbered)}
        )


def _size(rendered: RenderedFile) -> int:
    return len(rendered.data) + sum(len(data) for _, data in rendered.others)


def _shortened(
    profile: ErpProfile, draft: EmptyBatch, rows: list[ReadyPosting], rendered: RenderedFile, max_bytes: int
) -> tuple[list[ReadyPosting], RenderedFile]:
    """The first of the rows, as many as a file of `max_bytes` takes, at least one. Each round has fewer rows."""
    while (size := _size(rendered)) > max_bytes and len(rows) > 1:
        rows = rows[: max(1, min(len(rows) - 1, len(rows) * max_bytes // size))]
        rendered = render_batch(draft.with_rows(rows), profile)
    return rows, rendered


def bytes_waiting(work: Batching, partner: Partner, kind: str, profile_name: str, count: int, now: datetime) -> int:
    """How large a file of all that waits would be, going by its first rows; rows that cannot be written count nothing.

    Raises ProfileWrong.
    """
    profile = _profile(partner, profile_name)
    with work.store.read() as snapshot:
        rows = postings.ready(snapshot, partner.id, kind, SAMPLE, work.test_erps(), work.book.pilots)
        draft = EmptyBatch(_empty(partner, kind, 1, instant(now)), periods.closed_months(snapshot))
    try:
        bad = {trouble.row_no for trouble in find_unrenderable(draft.with_rows(rows), profile)}
        good = [row for number, row in enumerate(rows, start=1) if number not in bad]
        return _size(render_batch(draft.with_rows(good), profile)) * count // len(rows) if good else 0
    except Unrenderable as trouble:
        raise ProfileWrong(str(trouble)) from trouble


def _render(
    profile: ErpProfile, draft: EmptyBatch, rows: Sequence[ReadyPosting]
) -> tuple[list[ReadyPosting], RenderedFile | None, list[tuple[ReadyPosting, Unrenderable]]]:
    """The rows that go, their file (none and None if none can), and those that its format refuses.

    Each round refuses at least one row, so it ends.
    """
    kept = list(rows)
    refusals: list[tuple[ReadyPosting, Unrenderable]] = []
    while kept:
        batch = draft.with_rows(kept)
        try:
            return kept, render_batch(batch, profile), refusals
        except Unrenderable as trouble:
            if not 1 <= trouble.row_no <= len(kept):
                raise ProfileWrong(str(trouble)) from trouble
            # A row that stood behind another of its group may fail once that one is gone: hence the next round.
            bad = {refusal.row_no: refusal for refusal in (*find_unrenderable(batch, profile), trouble)}
        refusals += [(kept[row_no - 1], reason) for row_no, reason in sorted(bad.items())]
        kept = [row for number, row in enumerate(kept, start=1) if number not in bad]
    return [], None, refusals


def _refuse(tx: Transaction, row: ReadyPosting, partner: Partner, trouble: Unrenderable, at: str) -> None:
    """A posting that the ERP's format cannot carry: never cut, a person decides."""
    postings.refuse(tx, row, UNRENDERABLE, str(trouble), at)
    subject = HoldSubject(partner.id, row.return_no, posting_key=row.key)
    new = new_hold(UNRENDERABLE, f"unrenderable:{row.key}", subject, case="posting", trouble=trouble)
    holds.open_(tx, new, at, reopen=True)


def _add(tx: Transaction, home: Home, partner: Partner, name: str, data: bytes, batch_id: str, at: str) -> None:
    if len(data) >= dispatches.INLINE_LIMIT:
        put_archive(home, data)
    new = dispatches.NewDispatch(
        dedupe_key=f"batch:{batch_id}:{name}",
        partner=partner.id,
        kind="erp_batch",
        name=name,
        data=data,
        channel=partner.transport.outbound.kind,
        batch_id=batch_id,
    )
    dispatches.add(tx, new, at)
