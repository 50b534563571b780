"""The entry: one document, the returns it may concern, the facts and the policy → everything that changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gateway.returns.decision import Decision
from gateway.returns.entry.finish import finish
from gateway.returns.entry.meanings import MEANINGS
from gateway.returns.items.master_data import Facts
from gateway.returns.model import Arrival, Numbers, Outcome, Return
from gateway.returns.policy import Policies
from translators.canonical import InboundDocument


def decide(
    document: InboundDocument,
    received: Arrival,
    candidates: Iterable[Return],
    facts: Facts,
    policy: Policies,
    now: datetime,
    numbers: Numbers,
) -> Outcome:
    """What a document means for the returns it may concern.

    `candidates` are all returns stored under one of `keys_of(document, received)`; they are changed in place, and the
    changed ones are listed in the outcome. `facts` are the rows of `facts_wanted(document)`. `policy` is one Policy, or
    a function from a partner's name to its Policy (a return is judged by its own partner's, a receipt read by its
    warehouse's). The same document decided twice changes nothing the second time, so the shell may retry parked
    documents freely. Raises TypeError for a document that has no row in MEANINGS.
    """
    meaning = MEANINGS.get(type(document))
    if meaning is None:
        raise TypeError(f"not an inbound document of the domain: {type(document).__name__}")
    decision = Decision(received, list(candidates), facts, policy, now, numbers, meaning.speaks_of)
    meaning.decide(decision, document)
    return finish(decision)
