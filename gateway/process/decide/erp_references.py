"""Answers of an ERP that name no posting by its key: batches, row numbers, IDocs, returns, RMAs and other references.

An answer that names no batch of ours is for the one batch that waits for an answer and holds what it names; if none
waits, for the latest that held it (the ERP says it again). Where several wait, nothing is guessed: a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from gateway.partners import Partner
from gateway.returns.json_form import row_of
from gateway.store import Snapshot
from gateway.store.returns import postings
from translators.canonical import ErpBatch, ErpResult, ErpResultRow
from translators.erp.profile.load import named_profile
from translators.erp.profile.model import ErpProfile, ErpProfileError
from translators.erp.read.results import divided, docnum_parts, references_of, spread

LATEST = 20  # answered batches that an answer said again may be about


def spread_over_postings(tx: Snapshot, body: ErpResult, partner: Partner) -> ErpResult:
    """A result as the ERP gave it → the same with a row for each posting that it speaks of.

    Rows with a key of ours stay as they are; so do rows that name nothing we know, which the domain holds.
    """
    known = postings.known_keys(tx, [row.idempotency_key for row in body.rows if row.idempotency_key])
    if not all(row.idempotency_key in known for row in body.rows):
        body = _spread(tx, body, partner, known)
    return _without_late_refusals(tx, body)


def _without_late_refusals(tx: Snapshot, body: ErpResult) -> ErpResult:
    """A refusal of a batch whose posting has gone out again since is no answer to the later one: it is only noted."""
    refused = [row.idempotency_key for row in body.rows if row.status == "refused"]
    if not (refused and body.number):
        return body
    current = postings.batches_of(tx, refused)
    return body.model_copy(update={"rows": tuple(_noted_if_late(row, body.number, current) for row in body.rows)})


def _noted_if_late(row: ErpResultRow, batch: str, batch_now: Mapping[str, str]) -> ErpResultRow:
    current = batch_now.get(row.idempotency_key, "")
    if row.status != "refused" or not _is_earlier(batch, current):
        return row
    text = f"refused in {batch}, before it went out again in {current}: {row.error_text}"
    return row.model_copy(update={"status": "warning", "erp_document": "", "error_text": text})


def _is_earlier(batch: str, other: str) -> bool:
    (erp, _, number), (same, _, later) = batch.rpartition("-"), other.rpartition("-")
    return erp == same and number.isdecimal() and later.isdecimal() and int(number) < int(later)


def _spread(tx: Snapshot, body: ErpResult, partner: Partner, known: Collection[str]) -> ErpResult:
    batches = _Batches(tx, partner)
    rows: list[ErpResultRow] = []
    for row in body.rows:
        if not row.idempotency_key and row.erp_document and not row.row_no and not body.number:
            rows += _of_document(tx, row, partner) or [row]
            continue
        sent = None if row.idempotency_key in known else batches.of(row, body.number)
        if sent is None:
            rows.append(row)
        else:
            rows += spread(ErpResult(number=body.number, rows=(row,)), *sent).rows
    return body.model_copy(update={"rows": tuple(rows)})


def _of_document(tx: Snapshot, row: ErpResultRow, partner: Partner) -> list[ErpResultRow]:
    """A row of a register that names a document of the ERP alone → a row for each posting that the ERP booked as it."""
    booked = postings.booked_as(tx, partner.id, row.erp_document)
    if not booked:
        return []
    amounts: list[Decimal | None] = [None] * len(booked)
    if row.amount is not None:
        amounts = list(divided(row.amount, [row_of(body, 1).amount for _, body in booked]))
    return [
        row.model_copy(update={"idempotency_key": key, "amount": amount})
        for (key, _), amount in zip(booked, amounts, strict=True)
    ]


class _Batches:
    """The batches that one result speaks of, each fetched once."""

    def __init__(self, tx: Snapshot, partner: Partner) -> None:
        self._tx = tx
        self._partner = partner
        self._known: dict[str, tuple[ErpBatch, ErpProfile] | None] = {}
        self._references: dict[str, dict[str, frozenset[str]]] = {}
        self._waiting: dict[str, set[str]] | None = None

    def of(self, row: ErpResultRow, batch_id: str) -> tuple[ErpBatch, ErpProfile] | None:
        """The batch that a row is about: of its IDoc number, of the file, or the one that holds what it names."""
        key = row.idempotency_key
        parts = docnum_parts(key)
        named = f"{self._partner.id.upper()}-{parts[0]:06}" if parts is not None else batch_id
        batch = self._batch(named) if named else None
        if batch is not None or not key:
            return batch
        return self._batch_with(key)

    def _batch_with(self, key: str) -> tuple[ErpBatch, ErpProfile] | None:
        """The one batch that waits for its answer about something of this number; or the latest that had its answer."""
        if self._waiting is None:
            self._waiting = postings.unanswered(self._tx, self._partner.id)
        waiting = [id_ for id_, keys in self._waiting.items() if not keys.isdisjoint(self._behind(key, id_))]
        if waiting:
            return self._batch(waiting[0]) if len(waiting) == 1 else None
        answered = postings.latest_batches(self._tx, self._partner.id, LATEST)
        latest = next((id_ for id_ in answered if self._behind(key, id_)), "")
        return self._batch(latest) if latest else None

    def _behind(self, key: str, batch_id: str) -> frozenset[str]:
        """The keys of a batch's postings that an answer means by this."""
        if batch_id not in self._references:
            batch = self._batch(batch_id)
            self._references[batch_id] = references_of(*batch) if batch is not None else {}
        return self._references[batch_id].get(key, frozenset())

    def _batch(self, batch_id: str) -> tuple[ErpBatch, ErpProfile] | None:
        if batch_id not in self._known:
            self._known[batch_id] = batch_of(self._tx, self._partner, batch_id)
        return self._known[batch_id]


def batch_of(tx: Snapshot, partner: Partner, batch_id: str) -> tuple[ErpBatch, ErpProfile] | None:
    """A batch as its file had it; None if there is none, or its profile is gone."""
    sent = postings.batched(tx, batch_id, partner.id)
    wire = partner.writes("erp_batch", sent.kind) if sent else None
    sequence = batch_id.rpartition("-")[2]
    if sent is None or wire is None or not (sequence.isascii() and sequence.isdigit()):
        return None
    try:
        profile = named_profile(wire.name, partner.profile.layouts)
    except (ErpProfileError, KeyError):
        return None  # the rows stay as the ERP gave them: answers to nothing we know, which a person sees
    batch = ErpBatch(
        batch_id=batch_id,
        destination=partner.id,
        posting_kind=sent.kind,
        created_at="",
        sequence=int(sequence),
        rows=tuple(row_of(body, row_no) for row_no, body in sent.rows),
    )
    return batch, profile
