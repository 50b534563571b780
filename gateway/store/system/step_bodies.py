"""What the body of each kind of step says, as it stands in the store as JSON (see `gateway.store.system.steps`)."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class HoldAnswer(TypedDict):
    """A person's answer to a Hold of a return, as the request has it; `choose` names a line or quantities."""

    decision: str
    choose: NotRequired[dict[str, str]]


# What a person says becomes of units of a line: outcome → quantity; `instead` of what was decided about them before.
Disposal = TypedDict(
    "Disposal",
    {
        "return": str,
        "line": str,
        "choose": dict[str, str],
        "from": NotRequired[str],
        "instead": NotRequired[bool],
        "note": NotRequired[str],
    },
)

# What a person says of goods that were sent to a supplier; `supplier` may be "" where only one is asked.
Shipping = TypedDict(
    "Shipping",
    {
        "return": str,
        "supplier": NotRequired[str],
        "carrier": NotRequired[str],
        "tracking": list[str],
        "shipped_on": NotRequired[str],
        "note": NotRequired[str],
    },
)


class DocumentsBody(TypedDict):
    """Documents of one transaction, by ids from `first` to `last`, of one intake."""

    intake: int | None
    first: int
    last: int


class ReadingBody(TypedDict):
    """A document was read again: `body` is the new reading as JSON text, `why` the reason for the timeline."""

    partner: str
    document: int
    body: str
    why: str
    actor: str


AnswerBody = TypedDict("AnswerBody", {"return": str, "hold": str, "actor": str, "asked": HoldAnswer})
DisposedBody = TypedDict("DisposedBody", {"return": str, "actor": str, "asked": Disposal})
ShippedOutBody = TypedDict("ShippedOutBody", {"return": str, "actor": str, "asked": Shipping})
VoidedBody = TypedDict("VoidedBody", {"return": str, "postings": list[str], "actor": str, "note": str})


class DiscardBody(TypedDict):
    """A parked document is not waited for any more."""

    document: int
    actor: str


class CloseBody(TypedDict):
    """A month of the reconciliation ("2025-03") was frozen."""

    period: str
    actor: str


class BatchedBody(TypedDict):
    """The keys of the postings of a batch, in the order of its rows."""

    batch: str
    postings: list[str]


class DeliveredBody(TypedDict):
    """Batches whose files were delivered."""

    batches: list[str]


class RefusedBody(TypedDict):
    """A posting that no import file can carry."""

    posting: str
    code: str
    words: str


class RetriedBody(TypedDict):
    """A posting that is written again."""

    posting: str


class ReleasedBody(TypedDict):
    """The keys of postings that a person let go, in a pilot."""

    postings: list[str]


# The columns of a Hold that names a return but is about one of its files.
HeldBody = TypedDict(
    "HeldBody",
    {
        "key": str,
        "class": str,
        "owner": str,
        "partner": str,
        "return_no": str,
        "line_no": str,
        "intake_id": int | None,
        "document_id": int | None,
        "posting_key": str,
        "message": str,
        "next_action": str,
        "opened_at": str,
    },
)


class ResolvedBody(TypedDict):
    """A Hold, by its key, was closed by a person."""

    hold: str
    resolution: str
    actor: str


class RefreshedBody(TypedDict):
    """The numbers of returns whose status was derived anew."""

    returns: list[str]
