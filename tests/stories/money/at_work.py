"""A story through the command line: files in, what came of them, and that every proof of the home holds at its end."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gateway.demo.atlas import Atlas
from gateway.home import Home
from gateway.returns import Balances, Return, balances
from gateway.store import open_store
from gateway.store.returns.returns import load
from tests.homes import drop_reference_data
from tests.stories.commands import once, type_command


@dataclass(slots=True)
class Story:
    """A home and what is done to it by commands; `erp` is the program behind Atlas' folders."""

    home: Path
    erp: Atlas

    def put(self, partner: str, name: str, data: bytes | str) -> None:
        """A file lands in a partner's inbox and is worked on."""
        path = self.home / "inbox" / partner / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        once(self.home)

    def erp_answers(self) -> None:
        """The ERP posts its import files and says so, until nothing is left to post."""
        while self.erp.import_files():
            once(self.home)

    def holds(self) -> list[str]:
        """Classes of the open Holds."""
        found = json.loads(type_command(self.home, "status", "--json").text)["holds"]
        return sorted(hold["class"] for hold in found)

    def answer(self, class_: str, decision: str, *choices: str) -> None:
        """A person answers the open Hold of a class, and the answer is carried out."""
        found = json.loads(type_command(self.home, "status", "--json").text)["holds"]
        (hold,) = (hold for hold in found if hold["class"] == class_)
        self._resolve(hold["id"], decision, *choices)

    def answer_first(self, class_: str, decision: str, *choices: str) -> None:
        """A person answers one of the open Holds of a class."""
        found = json.loads(type_command(self.home, "status", "--json").text)["holds"]
        self._resolve(next(hold["id"] for hold in found if hold["class"] == class_), decision, *choices)

    def _resolve(self, number: int, decision: str, *choices: str) -> None:
        done = type_command(self.home, "resolve", str(number), decision, *choices, "--actor", "ann")
        assert done.code == 0, done.text
        once(self.home)

    def return_(self, return_no: str = "R000001") -> Return:
        """A return as it is stored."""
        with open_store(Home(self.home), read_only=True) as store, store.read() as snapshot:
            return load(snapshot, [return_no])[return_no].aggregate

    def balances(self, line_no: str = "1", return_no: str = "R000001") -> Balances:
        """The balances of a line."""
        return balances(self.return_(return_no), line_no)

    def sent(self, partner: str, pattern: str = "*") -> dict[str, bytes]:
        """What lies in a partner's outbox: bytes by file name."""
        return {path.name: path.read_bytes() for path in sorted((self.home / "outbox" / partner).glob(pattern))}

    def reconciliation(self) -> str:
        """What `reconcile` prints."""
        return type_command(self.home, "reconcile").text

    def proves(self, commands: Iterable[tuple[str, ...]] = (("verify",), ("rebuild", "--check"))) -> None:
        """Every invariant holds, and every step repeated gives the same."""
        for command in commands:
            done = type_command(self.home, *command)
            assert done.code == 0, done.text


def story(home: Path) -> Story:
    """A story in a home whose ERP has told its orders and products."""
    drop_reference_data(home)
    once(home)
    return Story(home, Atlas(home / "outbox/atlas", home / "inbox/atlas", {}))
