"""What a document names and nobody knows: a unit, a site, an item, a customer. Its lines are held until somebody says.

Either a row of the sender's codes says what it means in our words, or the ERP's master data bring it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gateway.returns.model import Claim, Return, ReturnLine

# What is unknown → the column of a document that said it, and the master data that may bring it.
_FIELDS = {
    "unit": ("lines.unit", "products"),
    "sku": ("lines.item.sku", "products"),
    "site": ("warehouse", "sites"),
    "customer": ("customer", "customers"),
}
# Reasons for which a requested line waits, and what is unknown then.
_OF_REQUESTS = {"unknown_unit": "unit", "unknown_item": "sku", "unknown_customer": "customer"}


def not_known(unknown: str, ids: Sequence[str]) -> str:
    """`unit:CA` in words: what a Hold says."""
    word, _, code = unknown.partition(":")
    return f"{word} {code} is not known" + (f" for {ids[0]}" if word == "unit" and ids else "")


def reference_key(dataset: str) -> str:
    """What a document waits for that master data may yet explain."""
    return f"reference:{dataset}"


def master_data_for(claims: Iterable[Claim]) -> tuple[str, ...]:
    """What the documents of held claims wait for beside a person."""
    fields = {claim.unknown.partition(":")[0] for claim in claims if claim.state == "held" and claim.unknown}
    return tuple(sorted({reference_key(_FIELDS[field][1]) for field in fields}))


def master_data_for_request(reasons: Iterable[str]) -> tuple[str, ...]:
    """The same for the reasons of requested lines that wait."""
    datasets = {_FIELDS[_OF_REQUESTS[reason]][1] for reason in reasons if reason in _OF_REQUESTS}
    datasets |= {"orders"} if {"unknown_order", "no_sale_price", "tax_wrong"} & set(reasons) else set()
    return tuple(sorted(map(reference_key, datasets)))


def is_unknown(line: ReturnLine) -> bool:
    """Does the line wait because something it names has no meaning here?"""
    return line.decision == "pending" and (line.decision_reason in {*_OF_REQUESTS, "unknown_reason"})


def receipt_in_doubt(return_: Return, line_no: str) -> bool:
    """Did a warehouse say something of goods on the line that waits to be understood? How many came is open then."""
    return any(claim.state == "held" and claim.kind == "receive" for claim in return_.claims.get(line_no, ()))


def unknown_codes(return_: Return, line_no: str) -> Iterator[tuple[int, str, str]]:
    """What is unknown on a line: the document that says it, the column it stands in, and the sender's own word."""
    line = return_.lines.get(line_no)
    if line is not None and line.decision == "pending" and (field := _OF_REQUESTS.get(line.decision_reason)):
        code = {"unit": line.asked_unit, "sku": line.sku, "customer": return_.customer}[field]
        for key, applied in return_.applied.items():
            if key.startswith("return_request:"):
                yield applied.document_id, _FIELDS[field][0], code
    for claim in return_.claims.get(line_no, ()):
        if claim.state == "held" and claim.unknown:
            field, _, code = claim.unknown.partition(":")
            yield claim.document_id, _FIELDS[field][0], code
