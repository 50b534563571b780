"""Partner configuration: load and check every partner folder, all problems in one report, by file and key."""

from __future__ import annotations

from gateway.partners.folder import HOUSE, TEMPLATE
from gateway.partners.model import ErpSwitch, House, Partner, PartnerSettings, WireFormat
from gateway.partners.partner_book import PartnerBook, load_partner, load_partners, read_partners
from gateway.partners.problems import PartnersError, Problem, UnknownPartner, render_problems
from gateway.partners.shipped import shipped_partners

__all__ = [
    "HOUSE",
    "TEMPLATE",
    "ErpSwitch",
    "House",
    "Partner",
    "PartnerBook",
    "PartnerSettings",
    "PartnersError",
    "Problem",
    "UnknownPartner",
    "WireFormat",
    "load_partner",
    "load_partners",
    "read_partners",
    "render_problems",
    "shipped_partners",
]
