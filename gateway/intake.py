"""Intake: what collect claimed becomes an Intake row, its bytes archived before, the file removed after.

claimed → archived (durable) → committed → removed, in groups that share their syncs. A crash between any two steps is
made good by doing the same again: the claim is the key of the row.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from gateway.clock import Clock, instant
from gateway.disk import ArchivedFile, ClaimedFile, archive_claimed, claimed_files, remove_claimed
from gateway.faults import GatewayError, StillChanging, crashpoint
from gateway.home import Home
from gateway.store import Store, Transaction
from gateway.store.files import intakes, remote_files
from gateway.store.system import faults

GROUP = 200  # files that share syncs and a commit; each holds a descriptor open meanwhile
UNKNOWN_PARTNER = "unknown_partner"
_SUBJECTS = "claimed"  # collect's own subjects begin with "inbox"


def take_all(store: Store, home: Home, clock: Clock, known_partners: Container[str] | None = None) -> int:
    """Record everything in inbox/.claimed/ as intakes in state `received`, in the order of the claims → how many.

    Files of a partner outside `known_partners` (None: all are known) become `quarantined` with reason
    `unknown_partner`; their bytes are kept like any others. A file that cannot be archived now stays claimed and is a
    Fault. Raises DiskFull, FsyncFailed, InboxGone.
    """
    waiting, troubles = claimed_files(home)
    taken = 0
    for start in range(0, len(waiting), GROUP):
        count, failed = _take(store, home, clock, waiting[start : start + GROUP], known_partners)
        taken += count
        troubles += failed
    lasting = [_named(error) for error in troubles if not isinstance(error, StillChanging)]
    faults.keep_exactly(store, _SUBJECTS, lasting, at=instant(clock.now()))
    return taken


def _take(
    store: Store, home: Home, clock: Clock, group: Sequence[ClaimedFile], known_partners: Container[str] | None
) -> tuple[int, list[GatewayError]]:
    results = archive_claimed(home, group)
    archived = [result for result in results if isinstance(result, ArchivedFile)]
    failed = [result for result in results if isinstance(result, GatewayError)]
    now = clock.now()
    crashpoint("intake.archived")
    with store.write() as tx:
        recorded = intakes.record_many(tx, [_row(tx, file, known_partners) for file in archived], instant(now))
        remote_files.taken(tx, {file.claimed.claim: id_ for file, id_ in zip(archived, recorded.ids, strict=True)})
    crashpoint("intake.committed")
    nanoseconds = int(now.timestamp() * 1_000_000) * 1000
    # A claim whose row has other bytes was written to after its row was committed: it is claimed anew.
    removable = [
        (file.claimed, file.look if file.sha256 == sha256 else None)
        for file, sha256 in zip(archived, recorded.sha256s, strict=True)
    ]
    remove_claimed(home, removable, nanoseconds)
    return len(recorded.new), failed


def _row(tx: Transaction, archived: ArchivedFile, known_partners: Container[str] | None) -> intakes.NewIntake:
    claimed = archived.claimed
    known = known_partners is None or claimed.partner in known_partners
    return intakes.NewIntake(
        claim=claimed.claim,
        partner=claimed.partner,
        name=claimed.name,
        size=archived.size,
        sha256=archived.sha256,
        source=remote_files.source_of(tx, claimed.claim) or f"folder:inbox/{claimed.partner}",
        state="received" if known else "quarantined",
        reason="" if known else UNKNOWN_PARTNER,
        detail="" if known else f"There is no partner folder partners/{claimed.partner}.",
    )


def _named(error: GatewayError) -> GatewayError:
    return type(error)(error.message, subject=f"{_SUBJECTS}/{error.subject}")
