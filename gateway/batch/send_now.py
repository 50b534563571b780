"""“Send now”: a person's request that what is ready for an ERP goes out at once, outside its windows and cut-offs."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.batch.work import Batching
from gateway.partners import PartnerBook
from gateway.store import Snapshot, Transaction
from gateway.store.people import requests
from gateway.store.returns import postings


@dataclass(frozen=True, slots=True)
class SendNowRequest:
    """One open request; `refusal` if there is no such ERP."""

    request_id: int
    destination: str
    since: str
    refusal: str = ""


def requests_to_send_now(snapshot: Snapshot, book: PartnerBook) -> list[SendNowRequest]:
    """Every open request to send now, oldest first."""
    return [
        SendNowRequest(request.id, name := str(request.body["destination"]), request.created_at, _refusal(name, book))
        for request in requests.open_(snapshot, kind=requests.SEND_NOW)
    ]


def _refusal(destination: str, book: PartnerBook) -> str:
    erps = sorted(erp.id for erp in book.with_role("erp"))
    if destination in erps:
        return ""
    reason = (
        f"{destination} has the role {book[destination].role}" if destination in book else "there is no such partner"
    )
    return f"{reason}; import files go to {', '.join(erps) or 'ERPs, and there is none'}"


def answer(tx: Transaction, request: SendNowRequest, at: str, work: Batching) -> None:
    """Close a request with what came of it: the batches written since it was made, what is left and why."""
    if request.refusal:
        requests.finish(tx, request.request_id, request.refusal, at=at, state="refused")
        return
    erp = request.destination
    batches = postings.batches_since(tx, erp, request.since)
    count = sum(batches.values())
    sentences = [f"{_postings(count)} in {', '.join(batches)}" if batches else f"nothing was ready for {erp}"]
    left = postings.destinations(tx, work.test_erps(), work.book.pilots)
    ready = sum(count for destination, _, count, _ in left if destination == erp)
    if ready:
        sentences.append(f"{_postings(ready)} could not be written: see the Faults")
    in_pilot = postings.kept_back(tx, erp, work.book.pilots)
    if in_pilot:
        sentences.append(f"{_postings(in_pilot)} in a pilot wait to be released")
    if waiting := postings.waiting_for(tx, erp):
        sentences.append(f"{_postings(waiting)} stay until the ERP's results for others are there")
    requests.finish(tx, request.request_id, "; ".join(sentences), at=at)


def _postings(count: int) -> str:
    return "1 posting" if count == 1 else f"{count} postings"
