"""What a transport brings to its tests: a real place to talk to, and one line in the table here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import pytest

from gateway.home import Home
from gateway.partners.sections.transport import Transport

# Kind of transport → the module and the function that makes its harness for a test.
HARNESSES: dict[str, str] = {
    "folder": "tests.gateway.transports.folder_harness:folder_harness",
    "sftp": "tests.gateway.transports.sftp.harness:sftp_harness",
}

PARTNER = "atlas"


@dataclass(frozen=True)
class Harness:
    """A place of one transport, as the partner `PARTNER` has it at its side.

    `inbound`, `outbound`: the two sides of `[transport]` as its partner.toml says them. `to_us`, `from_us`: the files
    (name → bytes) in the folder that we take from, and in the folder that we deliver to.
    """

    inbound: dict[str, object]
    outbound: dict[str, object]
    to_us: MutableMapping[str, bytes]
    from_us: MutableMapping[str, bytes]
    transport: Transport = field(init=False)

    def __post_init__(self) -> None:
        sides = {"inbound": self.inbound, "outbound": self.outbound}
        object.__setattr__(self, "transport", Transport.model_validate(sides))


class FilesOf(MutableMapping[str, bytes]):
    """The plain files of a folder of this machine, by name; names that begin with a dot are not looked at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def __getitem__(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            raise KeyError(name) from None

    def __setitem__(self, name: str, data: bytes) -> None:
        (self.folder / name).write_bytes(data)

    def __delitem__(self, name: str) -> None:
        (self.folder / name).unlink()

    def __iter__(self) -> Iterator[str]:
        return (path.name for path in sorted(self.folder.iterdir()) if path.is_file() and path.name[0] != ".")

    def __len__(self) -> int:
        return sum(1 for _ in self)


def harness_of(kind: str, home: Home, request: pytest.FixtureRequest) -> Harness:
    """The harness of a transport for this test. Raises KeyError for one that has none."""
    module, _, name = HARNESSES[kind].partition(":")
    make: Callable[[Home, pytest.FixtureRequest], Harness] = getattr(import_module(module), name)
    return make(home, request)
