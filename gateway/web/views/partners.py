"""Partners: who they are, what they send and get, when they were last heard of."""

from __future__ import annotations

from typing import TypedDict

from gateway.partners import Partner
from gateway.store.read.partners import Activity, activity, silent
from gateway.web.page import Page
from gateway.web.sources import PageSources

_RECEIVES = ("return_answer", "expected_receipt", "vendor_request", "status", "erp_batch")


class PartnerRow(Activity):
    """A partner's folder, and what the store knows of it.

    A partner that only the store remembers has no name, role and stage. `sends`: sets and layouts; `receives`: kinds of
    document.
    """

    id: str
    name: str
    role: str
    stage: str
    sends: list[str]
    receives: list[str]


class PartnersData(TypedDict):
    """`configured`: whether the partner folders could be read at all."""

    as_of: str
    configured: bool
    partners: list[PartnerRow]


def read_partners(sources: PageSources) -> PartnersData:
    """Every configured partner with its activity, then partners that only the store remembers."""
    book = sources.book()
    with sources.store.read() as snapshot:
        activities = activity(snapshot)
    configured = list(book) if book is not None else []
    rows = [_configured(partner, activities.pop(partner.id, silent())) for partner in configured]
    rows += [_remembered(name, facts) for name, facts in sorted(activities.items()) if name]
    return {"as_of": sources.as_of(), "configured": book is not None, "partners": rows}


def _configured(partner: Partner, facts: Activity) -> PartnerRow:
    return {
        "id": partner.id,
        "name": partner.name,
        "role": partner.role,
        "stage": partner.stage,
        "sends": [*partner.sends.sets, *partner.sends.layouts],
        "receives": [kind for kind in _RECEIVES if partner.writes(kind) is not None],
        **facts,
    }


def _remembered(name: str, facts: Activity) -> PartnerRow:
    return {
        "id": name,
        "name": "",
        "role": "",
        "stage": "",
        "sends": [],
        "receives": [],
        **facts,
    }


PAGE = Page("/partners", "Partners", "partners.html", read_partners)
