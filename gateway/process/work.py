"""What processing works with: one value that every step of it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.clock import Clock
from gateway.home import Home
from gateway.isolation import Parser
from gateway.partners import Partner, PartnerBook
from gateway.returns import Policy
from gateway.store import Store


@dataclass(frozen=True, slots=True)
class Processing:
    """What processing works with: the store, the home's archive, the partners as configured now, and a parser."""

    store: Store
    home: Home
    book: PartnerBook
    policies: Callable[[str], Policy]
    clock: Clock
    parser: Parser
    version: str = ""  # of the configuration that book and policies are of, as the store knows it

    def profile_version(self, partner: Partner) -> str:
        """What tells one profile of a partner from another: the house's folder goes into it too."""
        return f"{partner.config_hash}:{self.book.house.config_hash}"
