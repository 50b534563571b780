"""What an ERP says about whole files and whole documents → results for single postings.

Result CSVs, success/fail pairs and status records are flat layouts (`generic-result`, `-success`, `-fail`,
`sap-status`). Some of them speak of more than one posting at once: an IDoc number stands for all postings of a return,
a moved file for all its rows. Here such words are spread over the postings they are about. Silence is never success:
what an answer does not name stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from translators.canonical import ErpBatch, ErpResult, ErpResultRow, PostingRow
from translators.erp.profile.model import ErpProfile, FileSpec
from translators.erp.profile.sources import SOURCES, Place, Totals, docnum, group_key

Outcome = Literal["posted", "refused", "waiting", "unclear"]

# References that a profile composes count if one of these is part of them. Other ones name no posting.
IDENTITIES = frozenset({"return_no", "rma", "idempotency_key"})

# Result folders of the Recurring Integrations Scheduler. Uploaded is not posted.
FOLDERS: dict[str, Outcome] = {
    "input": "waiting",
    "uploadsuccess": "waiting",
    "uploaderrors": "refused",
    "processingsuccess": "posted",
    "processingerrors": "refused",
}


def folder_outcome(folder: str, markers: Iterable[str] = (), folders: Mapping[str, Outcome] = FOLDERS) -> Outcome:
    """The result folder in which our file lies → what that says about it; `folders` are by `folder_key`.

    `markers` are the names of files beside ours: an error folder with a `.success` marker contradicts itself, which is
    `unclear` and for a person to decide. An unknown folder is `waiting`.
    """
    outcome = folders.get(folder_key(folder), "waiting")
    if outcome == "refused" and any(marker.casefold().endswith(".success") for marker in markers):
        return "unclear"
    return outcome


def moved_file(name: str, source: str = "", folders: Mapping[str, Outcome] = FOLDERS) -> tuple[str, str] | None:
    """A file's name and where it came from → (result folder, the file's own name); None if no result folder is named.

    The folder is the name's part before `__` (`ProcessingErrors__Lines_000042.csv`), or else the last folder of
    `source` (`sftp:host:22/ProcessingErrors/Lines_000042.csv`).
    """
    folder, mark, rest = name.partition("__")
    if not mark:
        folder, rest = source.rpartition("/")[0].rpartition("/")[2], name
    return (folder, rest) if rest and folder_key(folder) in folders else None


def folder_key(folder: str) -> str:
    """A folder's name as it is compared: without case, blanks, hyphens and underscores."""
    return folder.replace(" ", "").replace("-", "").replace("_", "").casefold()


def whole_file_result(
    batch: ErpBatch,
    outcome: Literal["posted", "refused", "warning"],
    code: str = "",
    text: str = "",
    document: tuple[str, str] = ("", ""),
) -> ErpResult:
    """An ERP's answer about a whole file → the same answer for each of its postings.

    `document` (type and number) is what the ERP's people can look up where there are no document numbers.
    """
    rows = tuple(
        ErpResultRow(
            row_no=str(row.row_no),
            idempotency_key=row.idempotency_key,
            status=outcome,
            erp_document_type=document[0],
            erp_document=document[1],
            error_code=code,
            error_text=text,
        )
        for row in batch.rows
    )
    return ErpResult(number=batch.batch_id, rows=rows)


def docnum_parts(number: str) -> tuple[int, int] | None:
    """A document number of ours → (batch sequence, number within the batch); None if it is not one of ours."""
    return (int(number[:8]), int(number[8:])) if len(number) == 16 and number.isdigit() and number.isascii() else None


def spread(result: ErpResult, batch: ErpBatch, profile: ErpProfile) -> ErpResult:
    """Rows that name an IDoc number, a return, an RMA, a row number or the batch → a row for each posting behind it;
    other rows stay as they are.

    An IDoc that is posted stands for the document number where the row tells none: SAP finds its documents by it.
    Raises nothing: a key that the batch does not know stays, and the caller holds it as an answer to nothing of ours.
    """
    known = {posting.idempotency_key for posting in batch.rows}
    by_number = {str(posting.row_no): [posting] for posting in batch.rows}
    by_document = _by_document(batch, profile)
    rows: list[ErpResultRow] = []
    for row in result.rows:
        key = row.idempotency_key
        if key:
            postings = [] if key in known else by_document.get(key, [])
        elif row.row_no:
            postings = by_number.get(row.row_no.lstrip("0"), [])
        else:
            postings = list(batch.rows)
        answer = row
        if postings and row.status == "posted" and not row.erp_document and docnum_parts(key):
            answer = row.model_copy(update={"erp_document_type": "IDOC", "erp_document": key})
        rows += _answers_to(postings, answer) or [row]
    return result.model_copy(update={"number": result.number or batch.batch_id, "rows": tuple(rows)})


def _answers_to(postings: Sequence[PostingRow], answer: ErpResultRow) -> list[ErpResultRow]:
    """One answer to several postings as an answer to each; money that was booked for all of them is divided."""
    amounts: Sequence[Decimal | None] = [None] * len(postings)
    if answer.amount is not None and postings:
        amounts = divided(answer.amount, [posting.amount for posting in postings])
    return [
        answer.model_copy(
            update={"idempotency_key": posting.idempotency_key, "row_no": str(posting.row_no), "amount": amount}
        )
        for posting, amount in zip(postings, amounts, strict=True)
    ]


def divided(amount: Decimal, asked: Sequence[Decimal | None]) -> list[Decimal]:
    """What was booked for several postings together, as their own amounts; what it differs by is the first's."""
    shares = [part if part is not None else Decimal(0) for part in asked]
    shares[0] += amount - sum(shares, Decimal(0))
    return shares


def references_of(batch: ErpBatch, profile: ErpProfile) -> dict[str, frozenset[str]]:
    """Everything of a batch by which an answer may name postings → their keys."""
    named = _by_document(batch, profile)
    return {reference: frozenset(row.idempotency_key for row in rows) for reference, rows in named.items()}


def _by_document(batch: ErpBatch, profile: ErpProfile) -> dict[str, list[PostingRow]]:
    """What an answer may name → the postings behind it: IDoc numbers, return numbers, RMAs, correlation ids, and what
    the profile's own reference fields say of a row (a return and its line in one, for example).

    A document reference of ours (`document_ref`) counts where all its postings are of one return.
    """
    specs = profile.files_of(batch.posting_kind)
    group_by = specs[0].group_by if specs else ("return_no",)
    totals = Totals()
    groups: dict[tuple[str, ...], list[PostingRow]] = {}
    found: dict[str, list[PostingRow]] = {}
    for row in batch.rows:
        groups.setdefault(group_key(group_by, Place(batch, totals, row)), []).append(row)
        for key in {row.return_no, row.rma, row.correlation_id, *_composed(row, batch, totals, specs)} - {""}:
            found.setdefault(key, []).append(row)
    by_reference: dict[str, list[PostingRow]] = {}
    for row in batch.rows:
        by_reference.setdefault(row.document_ref, []).append(row)
    for key, rows in by_reference.items():
        if key and key not in found and len({row.return_no for row in rows}) == 1:
            found[key] = rows
    for ordinal, rows in enumerate(groups.values(), start=1):
        found[docnum(batch.sequence, ordinal)] = rows
    return found


def _composed(row: PostingRow, batch: ErpBatch, totals: Totals, specs: Iterable[FileSpec]) -> set[str]:
    """The references that a profile composes of a row's return and more (`RT1001_1_0`)."""
    fields = (field for spec in specs for record in spec.records if record.when == "row" for field in record.fields)
    place = Place(batch, totals, row)
    return {
        field.separator.join(str(SOURCES[name].read(place) or "") for name in field.of)
        for field in fields
        if field.fed_from == "concat" and IDENTITIES.intersection(field.of)
    }
