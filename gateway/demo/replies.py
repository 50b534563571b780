"""The translators of the demo's partners: they read what we send them and answer with a 997.

They know nothing of the gateway but its files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Replies:
    """A 997 for every X12 file in an outbox that is new, dropped into the inbox of the partner that sends it."""

    root: Path
    _number: int = 700
    _seen: set[Path] = field(default_factory=set)

    def send(self) -> list[tuple[str, str]]:
        """Answer what is new → (partner, name of the file that it acknowledges)."""
        answered: list[tuple[str, str]] = []
        for file in sorted((self.root / "outbox").glob("*/*.edi")):
            if file in self._seen:
                continue
            self._seen.add(file)
            segments = [segment.split("*") for segment in file.read_text(encoding="latin-1").rstrip("~\n").split("~")]
            if segments[1][1] == "FA":
                continue  # an acknowledgment is not acknowledged
            self._number += 1
            partner = file.parent.name
            reply = self.root / "inbox" / partner / f"997_{self._number:09}.edi"
            reply.write_text(self._accept(segments), encoding="latin-1")
            answered.append((partner, file.name))
        return answered

    def _accept(self, segments: list[list[str]]) -> str:
        isa, gs = segments[0], segments[1]
        sets = str(sum(segment[0] == "ST" for segment in segments))
        number = f"{self._number:09}"
        header = [*isa[:5], isa[7], isa[8], isa[5], isa[6], *isa[9:13], number, "0", *isa[15:]]
        group = str(self._number)
        reply = [
            header,
            ["GS", "FA", gs[3], gs[2], *gs[4:6], group, *gs[7:]],
            ["ST", "997", "0001"],
            ["AK1", gs[1], gs[6]],
            ["AK9", "A", sets, sets, sets],
            ["SE", "4", "0001"],
            ["GE", "1", group],
            ["IEA", "1", number],
        ]
        return "".join("*".join(segment) + "~" for segment in reply)
