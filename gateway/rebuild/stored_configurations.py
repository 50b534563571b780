"""The configurations that steps were decided under, made again from what the store keeps of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.configuration import Configuration, stored_configuration
from gateway.store import Snapshot
from gateway.store.system.configurations import Versions, files_of

# Steps in a row mostly have the same version; two that take turns are a change that was taken back.
MOST_IN_MEMORY = 4


@dataclass(slots=True)
class StoredConfigurations:
    """The configurations of one store, each made when a step asks for it; the last few stay in memory."""

    snapshot: Snapshot
    versions: Versions = field(init=False)
    _by_version: dict[str, Configuration] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.versions = Versions.read(self.snapshot)

    def configuration(self, version: str) -> Configuration:
        """Raises LookupError if the store does not keep it, PartnersError if it cannot be read any more."""
        if version in self._by_version:
            self._by_version[version] = self._by_version.pop(version)  # the last one asked for stands last
            return self._by_version[version]
        last = next(reversed(self._by_version.values()), None)
        hashes = self.versions.folders(version)
        configuration = stored_configuration(hashes, lambda digest: files_of(self.snapshot, digest), last)
        self._by_version[version] = configuration
        while len(self._by_version) > MOST_IN_MEMORY:
            del self._by_version[next(iter(self._by_version))]
        return configuration
