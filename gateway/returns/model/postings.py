"""Instructions to the ERP."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from gateway.returns.model.credit_amounts import CreditAmounts
from gateway.returns.model.posting_kinds import PostingKind
from gateway.returns.model.values import ZERO

PostingState = Literal["waiting", "ready", "batched", "delivered", "posted", "refused", "cancelled", "reversed", "void"]
UndoAnswer = Literal["", "reverse", "keep"]
# The ERP has booked nothing for a posting in one of these states: taking it back is cancelling it.
UNSENT: frozenset[str] = frozenset({"waiting", "ready", "refused", "void"})
# The error code of a posting that no import file could carry: it is we who refused it.
UNRENDERABLE = "unrenderable"


@dataclass(slots=True)
class Posting:
    """One instruction to the ERP. `key` is its idempotency key for ever; `waits_for` the posting it needs first.

    `sign` "-" takes back the posting named in `reverses`, or a part of it; `reversed` is how much of this one is taken
    back so far, by postings that may not have left us yet. State reversed: the ERP has taken back all of it. `undoes`:
    the value that a "-" posting undoes at the ERP, in the return's currency (None: nobody knows it). `answer`: what a
    person said of that; it goes out, or what was posted is kept and this one is void. `needs` is the kind of posting
    that must be posted first. `from_site`: the other site that goods at `site` come from. `document_ref` names the
    document behind it. `seq` is the order of creation within the return. `state` void: a person settles it outside the
    ERP's import files; it counts as issued and is never sent.
    `from_disposition`, `from_status`: the outcome and the stock that moved goods leave. `serials` and `lots` are those
    of its goods, where documents said them when it was issued. `posted_amount` in `posted_currency`: what the ERP says
    it booked, `posted_on` when; None and "" where it has not said.
    `amounts`: what the `amount` of a credit is made of; None for other postings, and for those of long ago.
    """

    key: str
    line_no: str
    kind: PostingKind
    split: str
    n: int
    sign: Literal["+", "-"]
    quantity: Decimal
    state: PostingState
    seq: int
    waits_for: str = ""
    needs: str = ""
    destination: str = ""
    amount: Decimal | None = None
    stock_status: str = ""
    condition: str = ""
    disposition: str = ""
    site: str = ""
    event_on: str = ""
    document_ref: str = ""
    from_disposition: str = ""
    from_status: str = ""
    reverses: str = ""
    reversed: Decimal = ZERO
    undoes: Decimal | None = None
    answer: UndoAnswer = ""
    erp_document_type: str = ""
    erp_document: str = ""
    error_code: str = ""
    error_text: str = ""
    created_at: str = ""
    changed_at: str = ""
    serials: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    from_site: str = ""
    posted_amount: Decimal | None = None
    posted_currency: str = ""
    posted_on: str = ""
    amounts: CreditAmounts | None = None
