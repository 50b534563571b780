"""One return's share of a document about goods, and what the document says as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.returns.claims.passing import is_expected
from gateway.returns.decision import Decision
from gateway.returns.documents.keys import GoodsDocument, GoodsLine
from gateway.returns.model import Return, day


@dataclass(slots=True, frozen=True)
class Share:
    """The lines of a document about goods that are about one return. `key` is the document's business key."""

    decision: Decision
    document: GoodsDocument
    return_: Return
    lines: Sequence[GoodsLine]
    key: str

    def site(self) -> str:
        """Where the goods are: the site that is named, else the warehouse that speaks; "" on the way or unknown."""
        if self.document.kind == "shipment" or self.unknown_site():
            return ""
        return self.document.warehouse or self.decision.received.partner

    def booked_site(self) -> str:
        """Where what this document brings is booked if nothing else is said: "" for where the goods were sent."""
        site, policy = self.site(), self.decision.policy(self.return_)
        return site if policy.wrong_site == "accept" or is_expected(site, self.return_, policy) else ""

    def unknown_site(self) -> str:
        """The site that is named, if our ERP has told its sites and this is none of them, nor of our folders'."""
        decision = self.decision
        site = "" if self.document.kind == "shipment" else self.document.warehouse
        if not site or "sites" not in decision.facts.masters or site in decision.facts.sites:
            return ""
        places = decision.policy(self.return_).routes.places
        return "" if site in places or site == decision.received.partner else site

    def event_on(self) -> str:
        """The day of what the document is about, ISO 8601; "" if it does not say one."""
        document = self.document
        if document.kind == "shipment":
            return day(document.shipped_on or document.issued_on)
        if document.kind == "receipt":
            return day(document.received_on or document.issued_on)
        return day(document.inspected_on or document.issued_on)
