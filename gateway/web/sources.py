"""What a page reads from: the store, the home, the partners, the clock. Nothing here writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from gateway.clock import Clock, instant
from gateway.home import Home
from gateway.partners import PartnerBook
from gateway.returns import DEFAULT_POLICY, Policy
from gateway.store import Store


@dataclass(frozen=True)
class Sources:
    """The sources of every page. `book` gives the partners as they are configured now, or None without any."""

    store: Store
    home: Home
    book: Callable[[], PartnerBook | None]
    clock: Clock

    def policy(self, partner: str) -> Policy:
        """The rules for a partner's returns as they are configured now; the built-in ones without any partners."""
        book = self.book()
        return DEFAULT_POLICY if book is None else Policy.model_validate(book.merged_policy(partner))

    def now(self) -> datetime:
        """The moment of this page, in UTC."""
        return self.clock.now()

    def as_of(self) -> str:
        """The moment of this page, as the store writes instants."""
        return instant(self.now())


class NotHere(Exception):
    """What the address names does not exist; the message says so to the reader."""


def sources_of(request: Request) -> Sources:
    """The application's sources, for FastAPI's dependencies."""
    sources: Sources = request.app.state.sources
    return sources


PageSources = Annotated[Sources, Depends(sources_of)]
"""The annotation of a view's or endpoint's parameter: FastAPI gives it the application's sources."""
