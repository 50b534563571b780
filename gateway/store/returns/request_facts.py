"""The master data that a request is judged by: its order and items, its customers, and what came back before."""

from __future__ import annotations

from dataclasses import replace

from gateway.returns import Facts, customers_wanted, facts_wanted, sale_keys
from gateway.store.database import Snapshot
from gateway.store.returns import references, sales
from translators.canonical import ReturnRequest


def facts_of_request(snapshot: Snapshot, document: ReturnRequest, partner: str, stage: str = references.LIVE) -> Facts:
    """The facts about a request of a partner. `stage`: test for a request that is a test."""
    facts = references.load(snapshot, facts_wanted(document), stage)
    customers = customers_wanted(document, facts)
    facts = facts.with_customers(references.load(snapshot, customers, stage))
    return replace(facts, taken_back=sales.taken_back_of(snapshot, sale_keys(document, partner, facts)))
