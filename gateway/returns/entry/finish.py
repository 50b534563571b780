"""What follows from a changed ledger: postings, Holds, clocks and keys."""

from __future__ import annotations

from gateway.returns.clocks import wind_clocks
from gateway.returns.decision import ChangedReturn, Decision
from gateway.returns.documents.keys import keys_of_return
from gateway.returns.erp.postings import settle
from gateway.returns.holds.derived import derive_holds
from gateway.returns.model import Outcome
from gateway.returns.money.due import credits_wanted


def finish(decision: Decision) -> Outcome:
    """Bring postings, Holds, clocks and keys of every changed return into line with its ledger, and put it into the
    outcome, which is complete then.
    """
    for change in decision.changed:
        _finish_return(decision, change)
    return decision.outcome


def _finish_return(decision: Decision, change: ChangedReturn) -> None:
    return_, policy, outcome = change.return_, change.policy, decision.outcome
    credits_ = credits_wanted(return_, policy)
    if change.for_erp or policy.short_receipt == "close":
        moved = change.line_nos if policy.short_receipt == "hold" else list(return_.lines)
        settle(return_, moved, credits_, policy, change.cause, decision.repriced)
    derive_holds(return_, credits_, policy, decision.at)
    outcome.clocks += wind_clocks(return_, credits_, policy, decision.now)
    if change.has_new_keys:
        new_keys = keys_of_return(return_) - return_.keys
        return_.keys |= new_keys
        outcome.retry_keys |= new_keys
    return_.changed_at = decision.at
    outcome.retry_keys.add(f"return:{return_.return_no}")
    if all(listed is not return_ for listed in outcome.returns):
        outcome.returns.append(return_)
