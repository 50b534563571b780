"""`replay`: ask for the archived bytes of an intake to be processed again, or only show what would differ."""

from __future__ import annotations

import difflib
import json
import os
from pathlib import Path

from gateway.commands import Write
from gateway.commands.requesting import leave_request
from gateway.configuration import read_configuration
from gateway.disk import read_archive
from gateway.home import Home
from gateway.store import Store, open_store
from gateway.store.files import documents, intakes
from gateway.store.files.intakes import Intake
from translators.canonical import Inbound
from translators.profile import Profile
from translators.registry import translate


def replay_intake(root: Path, intake_id: int, dry_run: bool, write: Write) -> int:
    """Replay an intake. Beside a running gateway the request is left for it; otherwise it is carried out at once."""
    home = Home(root)
    if dry_run:
        with open_store(home, read_only=True) as store:
            return show_difference(home, store, intake_id, write)
    return leave_request(home, "replay", {"intake": intake_id}, os.environ.get("USER", "admin"), write)


def show_difference(home: Home, store: Store, intake_id: int, write: Write) -> int:
    """What translating the same bytes with today's configuration would change, as a diff of the documents."""
    with store.read() as snapshot:
        intake = intakes.get(snapshot, intake_id)
        if intake is None:
            write(f"there is no intake {intake_id}\n")
            return 1
        before = [document.model_dump(mode="json") for document in documents.of_intake(snapshot, intake_id)]
    after = [document.model_dump(mode="json") for document in _translated(home, intake)]
    lines = list(
        difflib.unified_diff(
            json.dumps(before, indent=1, sort_keys=True).splitlines(),
            json.dumps(after, indent=1, sort_keys=True).splitlines(),
            f"intake {intake_id} as it was read",
            f"intake {intake_id} as it would be read now",
            lineterm="",
        )
    )
    write("\n".join(lines) + "\n" if lines else "no difference: the documents would be the same\n")
    return 0


def _translated(home: Home, intake: Intake) -> list[Inbound]:
    book = read_configuration(home.partners).book
    partner = book.get(intake.partner)
    profile = partner.profile if partner else Profile()
    return list(translate(read_archive(home, intake.sha256), intake.name, profile).documents())
