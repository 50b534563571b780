"""“Send now”: a person's request that what is ready for an ERP goes out at once, outside its windows and cut-offs."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.batch.work import Batching
from gateway.partners import PartnerBook
from gateway.store import Snapshot, Transaction
from gateway.store.people import requests
from gateway.store.returns import postings


@dataclass(frozen=True, slots=True)
class Asked:
    """One open request; `refusal` if there is no such ERP."""

    request_id: int
    destination: str
    since: str
    refusal: str = ""


def asked_for(snapshot: Snapshot, book: PartnerBook) -> list[Asked]:
    """Every open request to send now, oldest first."""
    return [
        Asked(each.id, name := str(each.body["destination"]), each.created_at, _refusal(name, book))
        for each in requests.open_(snapshot, kind=requests.SEND_NOW)
    ]


def _refusal(destination: str, book: PartnerBook) -> str:
    erps = sorted(each.id for each in book.with_role("erp"))
    if destination in erps:
        return ""
    what = f"{destination} has the role {book[destination].role}" if destination in book else "there is no such partner"
    return f"{what}; import files go to {', '.join(erps) or 'ERPs, and there is none'}"


def answer(tx: Transaction, asked: Asked, at: str, work: Batching) -> None:
    """Close a request with what came of it: the batches written since, what is left and why."""
    if asked.refusal:
        requests.finish(tx, asked.request_id, asked.refusal, at=at, state="refused")
        return
    batches = postings.batches_since(tx, asked.destination, asked.since)
    count = sum(batches.values())
    said = [f"{_postings(count)} in {', '.join(batches)}" if batches else f"nothing was ready for {asked.destination}"]
    left = postings.destinations(tx, work.test_erps(), work.book.pilots)
    ready = sum(count for destination, _, count, _ in left if destination == asked.destination)
    if ready:
        said.append(f"{_postings(ready)} could not be written: see the Faults")
    in_pilot = postings.kept_back(tx, asked.destination, work.book.pilots)
    if in_pilot:
        said.append(f"{_postings(in_pilot)} in a pilot wait to be released")
    if waiting := postings.waiting_for(tx, asked.destination):
        said.append(f"{_postings(waiting)} stay until the ERP's results for others are there")
    requests.finish(tx, asked.request_id, "; ".join(said), at=at)


def _postings(count: int) -> str:
    return "1 posting" if count == 1 else f"{count} postings"
