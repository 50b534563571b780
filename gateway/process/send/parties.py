"""Who and where: the places that an answer or an expected receipt must name, from the partners' folders.

The domain knows partners by their ids only; names and addresses are configuration.
"""

from __future__ import annotations

from gateway.partners import Partner, PartnerBook
from translators.canonical import ExpectedReceipt, Party, ReturnAnswer, VendorRequest

# N103 92: an id that was assigned by the one who buys the service, here us.
OUR_ID = "92"


def party_of(partner: Partner, role: str, site: str = "") -> Party:
    """A partner as a party: its name and its `[address]`. A warehouse without an id is known by its site: `site`, or
    its first one."""
    address = partner.address
    site = site or (partner.warehouse.sites[0] if partner.warehouse.sites else "")
    id_ = address.id or site
    return Party(
        role=role,
        name=partner.name,
        qualifier=(address.qualifier or OUR_ID) if id_ else "",
        id=id_,
        address=address.lines,
        city=address.city,
        region=address.region,
        postal_code=address.postal_code,
        country=address.country,
    )


def with_return_address(answer: ReturnAnswer, book: PartnerBook, partner: str) -> ReturnAnswer:
    """The answer with the place the goods go to (`return_to`), if any are to come back: that is ours to say."""
    coming = any(line.authorized and line.instruction == "return" for line in answer.lines)
    warehouse = book.warehouse_for(partner) if coming else None
    if warehouse is None:
        return answer
    others = [party for party in answer.parties if party.role != "return_to"]
    place = party_of(warehouse, "return_to", _site(book, partner, warehouse))
    return answer.model_copy(update={"parties": (place, *others)})


def _site(book: PartnerBook, partner: str, warehouse: Partner) -> str:
    """The site that the partner's policy names, if it is one of this warehouse."""
    site = str(book.merged_policy(partner).get("site", ""))
    return site if site in warehouse.warehouse.sites else ""


def with_places(expected: ExpectedReceipt, book: PartnerBook, warehouse: str, partner: str) -> ExpectedReceipt:
    """The expected receipt with the warehouse it is for and, if nobody said it, who sends the goods (`ship_from`)."""
    parties = [party for party in expected.parties if party.role != "warehouse"]
    sender = book.get(partner)
    if sender is not None and not any(party.role == "ship_from" for party in parties):
        name = next((party.name for party in parties if party.name), sender.name)
        parties.insert(0, party_of(sender, "ship_from").model_copy(update={"name": name}))
    receiver = book.get(warehouse)
    if receiver is not None:
        parties.append(party_of(receiver, "warehouse", _site(book, partner, receiver)))
    return expected.model_copy(update={"parties": tuple(parties)})


def with_vendor(request: VendorRequest, book: PartnerBook, supplier: str, warehouse: str) -> VendorRequest:
    """The request with the supplier it is for, ourselves, and the warehouse that has the goods."""
    vendor, goods_at = book.get(supplier), book.get(warehouse)
    parties = [party_of(vendor, "vendor")] if vendor is not None else []
    parties.append(Party(role="buyer", name=book.house.name))
    if goods_at is not None:
        parties.append(party_of(goods_at, "ship_from"))
    return request.model_copy(update={"parties": tuple(parties)})
