"""What is decided about returns, each with its step: the store alone is enough to decide all of it again.

`gateway.rebuild` calls these same functions, in the order of the steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.clock import instant
from gateway.partners import Partner
from gateway.process.decide.application import Application
from gateway.process.decide.erp_references import spread_over_postings
from gateway.returns import (
    CannotResolve,
    Facts,
    HandShipment,
    Outcome,
    dispose_by_hand,
    request_for_goods,
    resolve_hold,
    ship_to_supplier,
    void_postings,
)
from gateway.returns.model import UNASSIGNED, Return
from gateway.store import Transaction
from gateway.store.files import documents
from gateway.store.returns import returns
from gateway.store.system import events, steps
from gateway.store.system.events import NewEvent
from gateway.store.system.step_bodies import Disposal, HoldAnswer, Shipping
from translators.canonical import ErpResult, Inbound


def decide_documents(
    application: Application, partner: Partner, intake_id: int | None, bodies: Sequence[tuple[int, Inbound]]
) -> None:
    """Decide the documents of one transaction, in their order; they are in the store with ids that only rise."""
    if not bodies:
        return
    application.note(steps.DOCUMENTS, {"intake": intake_id, "first": bodies[0][0], "last": bodies[-1][0]})
    for document_id, received in bodies:
        body: Inbound = received
        if isinstance(received, ErpResult):
            body = spread_over_postings(application.tx, received, partner)
        application.apply(document_id, body, partner.id, partner.role, intake_id)


def decide_reading(application: Application, partner: Partner, document_id: int, after: Inbound, why: str) -> None:
    """Put another reading of a document in the place of the one before, and decide it. Raises LookupError if there is
    no such document.
    """
    document = documents.get(application.tx, document_id)
    if document is None:
        raise LookupError(f"document {document_id} is not in the store")
    documents.revise(application.tx, document_id, after)
    subject, at = f"document:{document_id}", instant(application.now)
    events.add(application.tx, NewEvent(subject, "", message=why, actor=application.actor), at)
    reading = {
        "partner": partner.id,
        "document": document_id,
        "body": after.model_dump_json(),
        "why": why,
        "actor": application.actor,
    }
    application.note(steps.READING, reading)
    application.decided_before.add(document_id)
    application.apply(document_id, after, partner.id, partner.role, document.intake_id, document.stage)


def answer_hold(application: Application, return_no: str, hold_key: str, answer: HoldAnswer) -> None:
    """Carry out a person's answer to a Hold of a return.

    Raises CannotResolve if it is no answer, LookupError if there is no such return.
    """
    aggregate = _load(application, return_no)
    choices = answer.get("choose") or {}
    _check_names(application, choices)
    outcome = resolve_hold(
        aggregate,
        hold_key,
        str(answer["decision"]),
        application.actor,
        application.now,
        application.policies,
        application.numbers(),
        _facts_for_answer(application, aggregate, choices),
        choices,
    )
    step = {"return": return_no, "hold": hold_key, "actor": application.actor, "asked": dict(answer)}
    application.note(steps.ANSWER, step)
    _save(application, outcome)


def _check_names(application: Application, choices: Mapping[str, str]) -> None:
    """Raises CannotResolve if a choice names a partner or a return that there is not."""
    partner, number = choices.get("partner", ""), choices.get("return", "")
    if partner and partner not in application.book.partners:
        raise CannotResolve(f"there is no partner {partner}")
    if number and not returns.load(application.tx, [number]):
        raise CannotResolve(f"there is no return {number}")


def _facts_for_answer(application: Application, aggregate: Return, choices: Mapping[str, str]) -> Facts:
    """The master data that an answer about a return may look at; of goods that become one, what a request needs."""
    if aggregate.purpose != UNASSIGNED:
        return application.facts(aggregate)
    stage = application.loaded[aggregate.return_no].stage
    request = request_for_goods(aggregate, choices)
    return application.facts_of_request(request, choices.get("partner", aggregate.partner), stage)


def dispose_goods(application: Application, return_no: str, disposal: Disposal) -> None:
    """Carry out what a person says becomes of units of a line.

    Raises CannotResolve if they do not fit what is there, LookupError if there is no such return.
    """
    aggregate = _load(application, return_no)
    outcome = dispose_by_hand(
        aggregate,
        str(disposal["line"]),
        dict(disposal["choose"]),
        application.actor,
        application.now,
        application.policies,
        application.facts(aggregate),
        left=str(disposal.get("from", "")),
        instead=bool(disposal.get("instead")),
        why=str(disposal.get("note", "")),
    )
    application.note(steps.DISPOSED, {"return": return_no, "actor": application.actor, "asked": dict(disposal)})
    _save(application, outcome)


def ship_to_supplier_of(application: Application, return_no: str, shipping: Shipping) -> None:
    """Note with a claim how its goods travel to the supplier, as a person says.

    Raises CannotResolve if nothing is claimed of such a supplier, LookupError if there is no such return.
    """
    aggregate = _load(application, return_no)
    said = HandShipment(
        shipping.get("carrier", ""),
        tuple(shipping["tracking"]),
        shipping.get("shipped_on", ""),
        shipping.get("supplier", ""),
    )
    outcome = ship_to_supplier(
        aggregate,
        said,
        application.actor,
        application.now,
        application.policies,
        application.facts(aggregate),
        why=shipping.get("note", ""),
    )
    application.note(steps.SHIPPED_OUT, {"return": return_no, "actor": application.actor, "asked": dict(shipping)})
    _save(application, outcome)


def void_postings_of_return(application: Application, return_no: str, keys: Sequence[str], note: str) -> int:
    """A person decides that postings of a return are never sent → how many are void, with those that need them.

    Raises CannotResolve if one has left us, LookupError if there is no such return or posting.
    """
    aggregate = _load(application, return_no)
    before = _voids(aggregate)
    facts = application.facts(aggregate)
    outcome = void_postings(aggregate, keys, application.actor, application.now, application.policies, facts, why=note)
    step = {"return": return_no, "postings": list(keys), "actor": application.actor, "note": note}
    application.note(steps.VOIDED, step)
    _save(application, outcome)
    return _voids(aggregate) - before


def _voids(aggregate: Return) -> int:
    return sum(posting.state == "void" for posting in aggregate.postings.values())


def _load(application: Application, return_no: str) -> Return:
    loaded = returns.load(application.tx, [return_no])
    if return_no not in loaded:
        raise LookupError(f"there is no return {return_no}")
    application.loaded.update(loaded)
    return loaded[return_no].aggregate


def _save(application: Application, outcome: Outcome) -> None:
    application.save(outcome, None)
    application.retry(outcome)


def discard_document(tx: Transaction, document_id: int, actor: str, at: str) -> None:
    """A parked document is not waited for any more."""
    documents.set_state(tx, document_id, "ignored", f"discarded by {actor}")
    steps.note(tx, steps.DISCARD, at, {"document": document_id, "actor": actor})
