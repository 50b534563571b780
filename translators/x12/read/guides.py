"""The guides that one partner's sets are validated with, found and compiled when a file first needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from translators.profile import Profile

if TYPE_CHECKING:
    from translators.x12.guide.plan import Plan


class Guide(NamedTuple):
    """What validates a set in one version: a plan, its release, and whether that is the version asked for."""

    plan: Plan
    release: str
    exact: bool


class Guides:
    """The guides of one partner's sets, found and compiled on first use."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._known: dict[tuple[str, str], Guide | None] = {}

    def guide(self, set_id: str, version: str) -> Guide | None:
        """The guide for a set in a version (GS08), the nearest where there is none of its own; None: unknown set."""
        key = (set_id, version)
        if key not in self._known:
            self._known[key] = self._load(set_id, version)
        return self._known[key]

    def _load(self, set_id: str, version: str) -> Guide | None:
        from translators.x12.guide.maps import load_plan, nearest_release

        release = nearest_release(set_id, version)
        if release is None:
            return None
        plan = load_plan(set_id, release.name, self._profile.overlays.get(set_id))
        return Guide(plan, release.name, release.exact)

    def knows(self, set_id: str) -> bool:
        """Is there a guide for this set in any version?"""
        return self.guide(set_id, "004010") is not None
