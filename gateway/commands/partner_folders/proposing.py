"""`partner new` and `partner guide`: propose a partner folder from real files; write what its EDI team must know."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.clock import SystemClock
from gateway.commands import Write
from gateway.disk import place_folder
from gateway.faults import AlreadyThere
from gateway.home import Home
from gateway.onboarding.guide import partner_guide
from gateway.onboarding.propose import REPORT, ROLES, CannotPropose, Proposal, files_of, propose, report_text
from gateway.partners import HOUSE, load_partner, read_partners, shipped_partners
from gateway.partners.folder import read_house

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


def new_partner(root: Path, name: str, samples: list[Path], role: str, write: Write) -> int:
    """Write partners/NAME as the samples suggest, and say what was guessed and what to ask; 0 if it loads.

    Raises CannotPropose, AlreadyThere, HomeMissing, and what writing to a disk raises.
    """
    home = Home(root)
    target = home.partners / name
    if not _NAME.fullmatch(name):
        raise CannotPropose("use small letters, digits and hyphens, 32 at most", subject=name)
    if role and role not in ROLES:
        raise CannotPropose(f"the role is one of {', '.join(ROLES)}", subject=role)
    if target.exists():
        raise AlreadyThere("there is a partner folder of this name", subject=str(target))
    home.require()
    book, _ = read_partners(home.partners)
    proposal = propose(name, [(path.name, _bytes(path)) for path in samples], book, role)
    place_folder(target, files_of(proposal))
    for folder in (home.inbox / name, home.outbox / name):
        folder.mkdir(parents=True, exist_ok=True)
    partner = load_partner(name, home.partners)
    write(f"{target} is proposed: {partner.name}, {partner.role}\n")
    for path in sorted(path for path in target.rglob("*") if path.is_file()):
        write(f"  {path.relative_to(target)}\n")
    write(_report_for_a_terminal(proposal))
    return 0


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as trouble:
        raise CannotPropose(f"cannot be read: {trouble.strerror or trouble}", subject=str(path)) from trouble


def _report_for_a_terminal(proposal: Proposal) -> str:
    """The report for a terminal: its sections without the marks of a page."""
    body = report_text(proposal).split("\n## ", 1)[-1]
    body = re.sub(r"^```.*\n?", "", body, flags=re.M)
    text = "\n" + re.sub(r"^## ", "", body, flags=re.M).replace("`", "")
    return f"{text}\n(all of this stands in {REPORT}, too)\n"


def write_guide(root: Path, name: str, out: Path | None, write: Write) -> int:
    """A partner's implementation guide as one HTML page: into `out`, or to the terminal. Raises UnknownPartner."""
    folder = root / "partners"
    partner = load_partner(name, folder)
    house, _ = read_house((folder if (folder / HOUSE).is_dir() else shipped_partners()) / HOUSE)
    page = partner_guide(partner, house, SystemClock().now().date())
    if out is None:
        write(page)
        return 0
    out.write_text(page, encoding="utf-8")
    write(f"{out}: the guide for {partner.name}, {len(page.encode()) // 1024} KB, one file\n")
    return 0
