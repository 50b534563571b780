"""`check`: lint partner folders, replay their samples, set live traffic beside them; prints a certificate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from gateway.commands import Write
from gateway.disk import read_archive
from gateway.faults import ArchiveCorrupt, ArchiveMissing, GatewayError
from gateway.home import Home
from gateway.onboarding.certificate import LiveTraffic, check, render_report, report_json
from gateway.partners import PartnerBook, UnknownPartner, read_partners, render_problems
from gateway.store import DatabaseError, Snapshot, open_store
from gateway.store.files import intakes
from gateway.store.files.intakes import Intake

# Limits of the live traffic that `check` reads, so that it answers within seconds: files of each partner (the latest),
# files of all partners together, and bytes of one file.
LIVE_FILES = 20
LIVE_FILES_OF_ALL = 500
LIVE_BYTES = 1_000_000


def check_partners(
    root: Path,
    names: list[str],
    write_expectations: bool,
    write: Write,
    live_files: int = LIVE_FILES,
    as_json: bool = False,
) -> int:
    """Check the folders named (all if none is); 0 if everything is as it should be, 1 if not.

    With `write_expectations` what the samples give now becomes what they must give. Of a home that has been at work,
    the latest `live_files` files of each partner are compared with its samples. Raises UnknownPartner.
    """
    folder = root / "partners"
    book, problems = read_partners(folder)
    unknown = [name for name in names if name not in book and not (folder / name).is_dir()]
    if unknown:
        known = ", ".join(sorted(partner.id for partner in book))
        raise UnknownPartner(f"There is no partner folder of this name; there are: {known}", subject=unknown[0])
    mine = [problem for problem in problems if not names or problem.partner in names or problem.partner.startswith("_")]
    with ExitStack() as stack:
        live, trouble = _live_traffic(stack, Home(root), book, names, live_files)
        report = check(book, names, write_expectations, mine, live)
    fine = report.ok and not mine
    if as_json:
        shown: dict[str, object] = {
            **report_json(report),
            "ok": fine,
            "problems": [asdict(problem) for problem in mine],
            "trouble": trouble,
        }
        write(json.dumps(shown, indent=2, ensure_ascii=False) + "\n")
        return 0 if fine else 1
    if mine:
        write(render_problems(mine) + "\n")
    if trouble:
        write(f"live traffic is not looked at: {trouble}\n")
    write(render_report(report))
    return 0 if fine else 1


def _live_traffic(
    stack: ExitStack, home: Home, book: PartnerBook, names: list[str], limit: int
) -> tuple[dict[str, LiveTraffic], str]:
    """The latest files of each partner, read while the stack is open; and why the store cannot give them, or ""."""
    nothing_yet = "sqlite" in home.database_url() and not home.database_file.exists()
    if not limit or not home.exists() or nothing_yet:
        return {}, ""
    try:
        store = stack.enter_context(open_store(home, read_only=True))
        snapshot = stack.enter_context(store.read())
        wanted = [partner.id for partner in book if not names or partner.id in names]
        limit = min(limit, max(1, LIVE_FILES_OF_ALL // max(1, len(wanted))))
        return {name: found for name in wanted if (found := _of_partner(snapshot, home, name, limit))}, ""
    except (GatewayError, DatabaseError) as trouble:
        return {}, str(trouble).splitlines()[0]


def _of_partner(snapshot: Snapshot, home: Home, partner: str, limit: int) -> LiveTraffic | None:
    found, total = intakes.latest_read(snapshot, partner, limit, LIVE_BYTES)
    if not found:
        return None
    about = f"the latest {len(found)} of {total} files" if total > len(found) else f"all {total} files"
    if total == 1:
        about = "its only file"
    unreadable: list[str] = []
    since = found[-1].received_at[:10]
    return LiveTraffic(_bytes_of(home, found, unreadable), f"{about}, since {since}", unreadable)


def _bytes_of(home: Home, found: list[Intake], unreadable: list[str]) -> Iterator[tuple[str, bytes]]:
    for intake in found:
        try:
            data = read_archive(home, intake.sha256)
        except (ArchiveMissing, ArchiveCorrupt) as trouble:
            unreadable.append(
                f"live traffic: intake {intake.id} is not looked at: {trouble}; see returns-gateway verify"
            )
            continue
        yield intake.name, data
