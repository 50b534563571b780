"""`partner new`: propose a partner folder from real sample files."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.commands import Write
from gateway.disk import place_folder
from gateway.faults import AlreadyThere
from gateway.home import Home
from gateway.onboarding.proposal import ROLES, CannotPropose, Proposal, propose
from gateway.onboarding.proposal_report import REPORT, report_text
from gateway.onboarding.proposal_text import files_of
from gateway.partners import load_partner, read_partners

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
    write(_told(proposal))
    return 0


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as trouble:
        raise CannotPropose(f"cannot be read: {trouble.strerror or trouble}", subject=str(path)) from trouble


def _told(proposal: Proposal) -> str:
    """The report for a terminal: its sections without the marks of a page."""
    body = report_text(proposal).split("\n## ", 1)[-1]
    text = "\n" + re.sub(r"^## ", "", body, flags=re.M).replace("`", "")
    return f"{text}\n(all of this stands in {REPORT}, too)\n"
