from __future__ import annotations

from gateway.faults import DiskFull, IncompleteFile
from gateway.store import Store
from gateway.store.system import faults
from tests.gateway.files import AT
from tests.gateway.store.moments import LATER, MUCH_LATER


def test_a_fault_counts_while_it_lasts_and_begins_anew(store: Store) -> None:
    trouble = DiskFull(subject="inbox")
    with store.write() as tx:
        first = faults.raise_(tx, trouble, at=AT)
        assert faults.raise_(tx, trouble, at=LATER) == first
        (fault,) = faults.open_faults(tx, DiskFull)
        assert (fault.count, fault.since, fault.last_seen, fault.severity) == (2, AT, LATER, "page")
        assert fault.remedy
        assert faults.clear(tx, DiskFull, "inbox", at=LATER)
        assert not faults.clear(tx, "disk_full", "inbox", at=LATER)
        assert faults.open_faults(tx) == []
        assert faults.raise_(tx, trouble, at=MUCH_LATER) != first


def test_the_open_faults_are_exactly_what_was_found(store: Store) -> None:
    def keep(*troubles: DiskFull | IncompleteFile, at: str = AT, touch: bool = False) -> dict[str, tuple[str, int]]:
        faults.keep_exactly(store, "inbox", troubles, at=at, touch=touch)
        with store.read() as snapshot:
            return {fault.subject: (fault.since, fault.count) for fault in faults.open_faults(snapshot)}

    with store.write() as tx:
        faults.raise_(tx, DiskFull(subject="elsewhere"), at=AT)
    elsewhere = {"elsewhere": (AT, 1)}
    full, short = DiskFull(subject="inbox"), IncompleteFile("3 bytes", subject="inbox/a")
    assert keep(full, short) == elsewhere | {"inbox": (AT, 1), "inbox/a": (AT, 1)}
    assert keep(full, short, at=LATER) == elsewhere | {"inbox": (AT, 1), "inbox/a": (AT, 1)}
    grown = IncompleteFile("4 bytes", subject="inbox/a")
    assert keep(grown, at=LATER) == elsewhere | {"inbox/a": (LATER, 1)}
    assert keep(grown, at=LATER, touch=True) == elsewhere | {"inbox/a": (LATER, 2)}
    assert keep() == elsewhere
    with store.write() as tx:
        assert faults.clear_subject(tx, "elsewhere", at=LATER) == 1
