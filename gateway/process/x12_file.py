"""Settle one translated intake: its interchanges or rows into the store, their documents to the domain, answers out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, count

from gateway.clock import instant
from gateway.holds import HoldSubject, new_hold
from gateway.partners import Partner
from gateway.process import erp_result_file
from gateway.process.admit import interchange
from gateway.process.flat_file import settle_flat
from gateway.process.record.documents import add_documents, apply_documents, finish
from gateway.process.send.outgoing import acknowledge_interchange, acknowledgment_key
from gateway.process.work import Processing
from gateway.store import Transaction
from gateway.store.files import dispatches, documents, intakes
from gateway.store.files.intakes import Intake
from gateway.store.people import holds
from translators.canonical import Inbound
from translators.findings import Finding, found
from translators.translation import InterchangeResult, Translation


def settle_intake(work: Processing, intake: Intake, translation: Translation, rest: Iterable[Translation] = ()) -> None:
    """Bring one intake to its terminal state. X12: one transaction an interchange; a flat file: one a part.

    `rest` are the parts of a long flat file that follow. Raises ParserEnded where they cannot be had.
    """
    partner = work.book.partners[intake.partner]
    moved = erp_result_file.moved_of(work, intake, partner) if partner.role == "erp" else None
    if moved is not None:
        erp_result_file.settle_moved(work, intake, partner, moved)
    elif translation.interchanges:
        _settle_x12(work, intake, partner, translation)
    elif translation.sets or _says_nothing(translation):
        settle_flat(work, intake, partner, translation, rest)
    else:
        quarantine(work, intake, translation.findings, translation.format)


def _says_nothing(translation: Translation) -> bool:
    """A flat file with nothing wrong, all of whose rows its layout passes over (statuses of what is on its way)."""
    return bool(translation.layout) and not any(each.severity == "error" for each in translation.findings)


# --- X12


def _settle_x12(work: Processing, intake: Intake, partner: Partner, translation: Translation) -> None:
    states: list[str] = []
    base = 0
    ordinals = count()
    for ordinal, result in enumerate(translation.interchanges):
        with work.store.write() as tx:
            states.append(_settle_interchange(tx, work, intake, partner, ordinal, base, ordinals, result))
            if ordinal == len(translation.interchanges) - 1:
                finish(tx, work, intake, "x12", Counter(states), translation.findings, translation.all_sets())
        base += sum(len(group.sets) for group in result.groups)


def _settle_interchange(
    tx: Transaction,
    work: Processing,
    intake: Intake,
    partner: Partner,
    ordinal: int,
    base: int,
    ordinals: Iterator[int],
    result: InterchangeResult,
) -> str:
    """One interchange into the store, with all it causes; its outcome in the words of an intake's states."""
    known = documents.interchange_of(tx, intake.id, ordinal)
    if known is not None:
        # Settled before a crash: only the numbering of what follows must go on as it would have.
        for _ in chain(result.documents, *(each.documents for group in result.groups for each in group.sets)):
            next(ordinals)
        return "held" if known == "held" else _state_of_verdict(result)
    now = work.clock.now()
    zone = work.policies("").calendar.zone
    refusal = interchange.refuse(tx, partner, work.book.house, result, replayed=intake.replay_of is not None)
    if refusal is not None:
        held_id = _hold_interchange(tx, intake, partner, ordinal, result, refusal, instant(now))
        if refusal.finding:
            told = replace(result, verdict="rejected", findings=[found(refusal.finding)])
            acknowledge_interchange(tx, work.home, partner, partner.profile, told, held_id, (), intake.id, now, zone)
        return "held"
    # A replay is the same interchange again: its number stays with the first.
    taken = intake.replay_of and documents.interchange_with(tx, interchange.dedupe_key(result)) is not None
    key = None if taken or result.verdict == "rejected" else interchange.dedupe_key(result)
    interchange_id = documents.add_interchange(tx, intake.id, ordinal, partner.id, result, key, instant(now))
    group_ids: list[int] = []
    bodies: list[tuple[int, Inbound]] = []
    at = instant(now)
    place = base
    for group_ordinal, group in enumerate(result.groups):
        group_id = documents.add_group(tx, interchange_id, group_ordinal, group)
        group_ids.append(group_id)
        for each in group.sets:
            set_row = documents.add_set(tx, intake.id, group_id, place, each)
            place += 1
            bodies.extend(add_documents(tx, intake, partner, set_row, ordinals, each.documents, at))
    bodies.extend(add_documents(tx, intake, partner, None, ordinals, result.documents, at))
    if not intake.replay_of or not _answered_before(tx, intake, ordinal):
        sent = acknowledge_interchange(
            tx, work.home, partner, partner.profile, result, interchange_id, group_ids, intake.id, now, zone
        )
        _tell_what_no_acknowledgment_tells(tx, intake, ordinal, result, bool(sent), at)
    apply_documents(tx, work, intake, partner, bodies, f"{intake.id}:{ordinal}", now)
    return _state_of_verdict(result)


def _hold_interchange(
    tx: Transaction,
    intake: Intake,
    partner: Partner,
    ordinal: int,
    result: InterchangeResult,
    refusal: interchange.Refusal,
    at: str,
) -> int:
    """Store a refused interchange and open its Hold; the interchange's id."""
    interchange_id = documents.add_interchange(tx, intake.id, ordinal, partner.id, result, None, at, held=True)
    subject = HoldSubject(partner=partner.id, intake_id=intake.id)
    new = new_hold(refusal.class_, f"{refusal.class_}:{intake.id}:{ordinal}", subject, **refusal.fields)
    holds.open_(tx, new, at)
    return interchange_id


def _answered_before(tx: Transaction, intake: Intake, ordinal: int) -> bool:
    """Did we acknowledge this interchange of the same file already? Not if it had failed, or was held, until now."""
    same = documents.interchanges_of_bytes(tx, intake.partner, intake.sha256, ordinal)
    return any(dispatches.by_dedupe_key(tx, acknowledgment_key(each, 0)) is not None for each in same)


def _tell_what_no_acknowledgment_tells(
    tx: Transaction, intake: Intake, ordinal: int, result: InterchangeResult, answered: bool, at: str
) -> None:
    """A Hold where X12 gives us no word for the partner: a rejected envelope that asks for no TA1, and their own
    acknowledgments that we cannot read (acknowledgments are never acknowledged)."""
    unreadable = [
        f"{each.set_id} {each.control_number}"
        for group in result.groups
        if group.functional_id == "FA"
        for each in group.sets
        if each.verdict == "rejected"
    ]
    subject = HoldSubject(partner=intake.partner, intake_id=intake.id)
    if unreadable:
        key = f"acknowledgment_unreadable:{intake.id}:{ordinal}"
        sets = ", ".join(unreadable)
        new = new_hold("acknowledgment_unreadable", key, subject, name=intake.name, sets=sets)
    elif result.verdict == "rejected" and not answered:
        new = new_hold(
            "rejected_unanswered",
            f"rejected_unanswered:{intake.id}:{ordinal}",
            subject,
            name=intake.name,
            control_number=result.control_number,
            findings="; ".join(finding.message for finding in result.findings) or "see its findings",
        )
    else:
        return
    holds.open_(tx, new, at)


def _state_of_verdict(result: InterchangeResult) -> str:
    sets = [each for group in result.groups for each in group.sets]
    rejected = [each for each in sets if each.verdict == "rejected"]
    if result.verdict == "rejected" or (sets and len(rejected) == len(sets)):
        return "rejected"
    groups_rejected = any(group.verdict == "rejected" for group in result.groups)
    return "partial" if rejected or groups_rejected else "processed"


# --- what never becomes documents


def quarantine(work: Processing, intake: Intake, findings: Sequence[Finding], format_: str = "unknown") -> None:
    """Nothing in the file could be read, or no one layout fits: its bytes are kept, and a person decides."""
    finding = findings[0]
    at = instant(work.clock.now())
    with work.store.write() as tx:
        intakes.move(
            tx,
            intake.id,
            "received",
            "quarantined",
            at=at,
            message=finding.message,
            reason=finding.code,
            detail="; ".join(f"{each.message} {each.value}".strip() for each in findings),
            format_=format_,
        )
        subject = HoldSubject(partner=intake.partner, intake_id=intake.id)
        key = f"quarantined:{intake.id}"
        holds.open_(tx, new_hold(finding.code, key, subject, name=intake.name, finding=finding.message), at)


def quarantine_unknown_partner(work: Processing, intake: Intake) -> None:
    """The partner's folder is not there (any more), or is wrong: the bytes wait for it."""
    at = instant(work.clock.now())
    subject = HoldSubject(partner=intake.partner, intake_id=intake.id)
    new = new_hold("unknown_partner", f"quarantined:{intake.id}", subject)
    with work.store.write() as tx:
        intakes.move(
            tx,
            intake.id,
            "received",
            "quarantined",
            at=at,
            message=new.message,
            reason=new.class_,
            detail=new.message,
        )
        holds.open_(tx, new, at)


def fail(tx: Transaction, intake: Intake, reason: str, detail: str, now: datetime) -> None:
    """Ours: nothing is sent for it. After the cause is gone the same archived bytes are replayed."""
    at = instant(now)
    intakes.move(tx, intake.id, "received", "failed", at=at, message=detail, reason=reason, detail=detail)
    subject = HoldSubject(partner=intake.partner, intake_id=intake.id)
    holds.open_(tx, new_hold("intake_failed", f"failed:{intake.id}", subject, name=intake.name, trouble=detail), at)
