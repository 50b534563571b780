"""The house's rules, overridden per partner: eligibility, what the ERP is told, calendar and promises, routes.

`policy.house` says what the TOML looks like.
"""

from __future__ import annotations

from gateway.returns.policy.calendar import Calendar, ClockClass, ClockRule
from gateway.returns.policy.eligibility import Check, Rule
from gateway.returns.policy.follow_ons import split_of_code
from gateway.returns.policy.house import DEFAULT_POLICY, Policies, Policy, Settlement, policy_for
from gateway.returns.policy.postings import DispositionRule, PlacedRule, PostingRule, Stages, placed, shipped_rule
from gateway.returns.policy.routes import REPLACEMENT_RESOLUTIONS, ErpSwitch, Routes, erp_that_knows, return_types

__all__ = [
    "DEFAULT_POLICY",
    "REPLACEMENT_RESOLUTIONS",
    "Calendar",
    "Check",
    "ClockClass",
    "ClockRule",
    "DispositionRule",
    "ErpSwitch",
    "PlacedRule",
    "Policies",
    "Policy",
    "PostingRule",
    "Routes",
    "Rule",
    "Settlement",
    "Stages",
    "erp_that_knows",
    "placed",
    "policy_for",
    "return_types",
    "shipped_rule",
    "split_of_code",
]
