"""The configurations that steps were decided under, made again from what the store keeps of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.configuration import Configuration, kept_configuration
from gateway.store import Snapshot
from gateway.store.system.configurations import Versions, files_of

# Steps in a row mostly have the same version; two that take turns are a change that was taken back.
AT_HAND = 4


@dataclass(slots=True)
class Kept:
    """The configurations of one store, each made when a step asks for it; the last few stay at hand."""

    snapshot: Snapshot
    versions: Versions = field(init=False)
    _made: dict[str, Configuration] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.versions = Versions.read(self.snapshot)

    def configuration(self, version: str) -> Configuration:
        """Raises LookupError if the store does not keep it, PartnersError if it cannot be read any more."""
        if version in self._made:
            self._made[version] = self._made.pop(version)
            return self._made[version]
        last = next(reversed(self._made.values()), None)
        hashes = self.versions.folders(version)
        self._made[version] = made = kept_configuration(hashes, lambda each: files_of(self.snapshot, each), last)
        while len(self._made) > AT_HAND:
            del self._made[next(iter(self._made))]
        return made
