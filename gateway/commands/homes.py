"""`init`: a new home with the sample partners, ready to run."""

from __future__ import annotations

import shutil
from pathlib import Path

from gateway.commands import Write
from gateway.faults import AlreadyThere
from gateway.home import Home
from gateway.partners import TEMPLATE, read_partners, shipped_partners


def make_home(folder: Path) -> Home:
    """A home in `folder`: the shipped partners, and an inbox and outbox folder for each. Raises AlreadyThere."""
    home = Home(folder)
    if home.partners.exists():
        raise AlreadyThere("there is a home already", subject=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(shipped_partners(), home.partners, ignore=shutil.ignore_patterns("__pycache__"))
    home.create()
    book, _ = read_partners(home.partners)
    for partner in book:
        partner.inbox(folder).mkdir(parents=True, exist_ok=True)
        partner.outbox(folder).mkdir(parents=True, exist_ok=True)
    return home


def init_home(folder: Path, write: Write) -> int:
    """Make a home and say what to do with it."""
    home = make_home(folder)
    names = sorted(folder.name for folder in home.partners.iterdir() if folder.is_dir() and folder.name != TEMPLATE)
    write(f"{folder} is a gateway home with the partners {', '.join(names)}.\n")
    write("Next:\n")
    write(f"  returns-gateway --home {folder} run           # watch, process, status page on http://127.0.0.1:8180\n")
    samples = f"{folder}/partners/atlas/samples"
    write(f"  cp {samples}/orders.csv {samples}/products.csv {folder}/inbox/atlas/\n")
    write(f"  cp {folder}/partners/northgate/samples/180-requests.edi {folder}/inbox/northgate/\n")
    write(f"  returns-gateway --home {folder} status\n")
    return 0
