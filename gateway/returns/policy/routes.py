"""Which ERP hears of a return line, while some returns go to another one already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pydantic import Field

from gateway.returns.model import Posting, Return, ReturnLine
from gateway.returns.policy.closed import Closed

REPLACEMENT_RESOLUTIONS = frozenset({"replacement", "replace", "exchange"})


class ErpSwitch(Closed):
    """Some return lines go to another ERP: every condition that is given must hold.

    `valid_from` and `valid_to` are the first and last day, of the day when the return's first posting was issued.
    """

    to: str
    partner: str = ""
    site: str = ""
    return_type: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def fits(self, partner: str, site: str, return_types: frozenset[str], on: date) -> bool:
        """Do all conditions hold that are given? `on`: the day of the return's first posting."""
        return (
            self.partner in ("", partner)
            and self.site in ("", site)
            and (not self.return_type or self.return_type in return_types)
            and (self.valid_from is None or on >= self.valid_from)
            and (self.valid_to is None or on <= self.valid_to)
        )


def return_types(return_: Return, line: ReturnLine) -> frozenset[str]:
    """What kind of return a line is: how it is to be settled (credit, replacement or repair), and besides that keep
    (credited, the goods stay) and consumer (a consumer brought it back)."""
    resolution = line.resolution.strip().lower()
    types = {
        "replacement" if resolution in REPLACEMENT_RESOLUTIONS else "repair" if resolution == "repair" else "credit"
    }
    if line.instruction == "keep":
        types.add("keep")
    if return_.consumer_return:
        types.add("consumer")
    return frozenset(types)


def erp_that_knows(issued: Iterable[Posting]) -> str:
    """The ERP that got the first of a line's postings which was not withdrawn before it left; "" if none did."""
    sent = [posting for posting in issued if posting.state != "cancelled" and posting.destination]
    return min(sent, key=lambda posting: posting.seq).destination if sent else ""


class Routes(Closed):
    """What the partner folders say of where things go: the switches in their order, for each warehouse the site where
    its goods are taken to be when no document says it, and all sites of all warehouses (`places`)."""

    switches: tuple[ErpSwitch, ...] = ()
    sites: dict[str, str] = Field(default_factory=dict)
    places: tuple[str, ...] = ()

    def switched_erp(self, return_: Return, line: ReturnLine, place: str, on: date) -> str:
        """The ERP of the first switch that fits a line; "" if none does. `place`: the site, or the warehouse."""
        site, types = self.sites.get(place, place), return_types(return_, line)
        return next((switch.to for switch in self.switches if switch.fits(return_.partner, site, types, on)), "")
