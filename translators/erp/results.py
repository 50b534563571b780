"""What an ERP says about whole files and whole documents → results for single postings.

Result CSVs, success/fail pairs and status records are flat layouts (`generic-result`, `-success`, `-fail`,
`sap-status`). Some of them speak of more than one posting at once: an IDoc number stands for all postings of a return,
a moved file for all its rows. Here such words are spread over the postings they are about. Silence is never success:
what an answer does not name stays open.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from translators.canonical import ErpBatch, ErpResult, ErpResultRow, PostingRow
from translators.erp.sources import SOURCES, Place, Totals, docnum

if TYPE_CHECKING:
    from translators.erp.profile import ErpProfile

Outcome = Literal["posted", "refused", "waiting", "unclear"]

# Result folders of the Recurring Integrations Scheduler. Uploaded is not posted.
FOLDERS: dict[str, Outcome] = {
    "input": "waiting",
    "uploadsuccess": "waiting",
    "uploaderrors": "refused",
    "processingsuccess": "posted",
    "processingerrors": "refused",
}


def folder_outcome(folder: str, markers: Iterable[str] = ()) -> Outcome:
    """The scheduler's result folder in which our file lies → what that says about it.

    `markers` are the names of files beside ours: an error folder with a `.success` marker contradicts itself, which is
    `unclear` and for a person to decide. An unknown folder is `waiting`.
    """
    outcome = FOLDERS.get(folder.replace(" ", "").replace("-", "").casefold(), "waiting")
    if outcome == "refused" and any(each.casefold().endswith(".success") for each in markers):
        return "unclear"
    return outcome


def whole_file_result(
    batch: ErpBatch, outcome: Literal["posted", "refused", "warning"], code: str = "", text: str = ""
) -> ErpResult:
    """One word about a whole file → the same word about each of its postings (no ERP document numbers are known)."""
    rows = tuple(
        ErpResultRow(
            row_no=str(row.row_no),
            idempotency_key=row.idempotency_key,
            status=outcome,
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
    """Rows that name an IDoc number or a return → a row for each posting behind it; other rows stay as they are.

    Raises nothing: a key that the batch does not know stays, and the caller holds it as an answer to nothing of ours.
    """
    known = {row.idempotency_key for row in batch.rows}
    behind = _by_document(batch, profile)
    rows: list[ErpResultRow] = []
    for each in result.rows:
        key = each.idempotency_key
        if key in known or key not in behind:
            rows.append(each)
        else:
            rows += [
                each.model_copy(update={"idempotency_key": row.idempotency_key, "row_no": str(row.row_no)})
                for row in behind[key]
            ]
    return result.model_copy(update={"number": result.number or batch.batch_id, "rows": tuple(rows)})


def _by_document(batch: ErpBatch, profile: ErpProfile) -> dict[str, list[PostingRow]]:
    """Document numbers, return numbers and RMAs of a batch → their postings."""
    specs = profile.files_of(batch.posting_kind)
    read = SOURCES[specs[0].group_by if specs else "return_no"].read
    totals = Totals()
    groups: dict[str, list[PostingRow]] = {}
    found: dict[str, list[PostingRow]] = {}
    for row in batch.rows:
        groups.setdefault(str(read(Place(batch, totals, row))), []).append(row)
        for key in {row.return_no, row.rma} - {""}:
            found.setdefault(key, []).append(row)
    for ordinal, rows in enumerate(groups.values(), start=1):
        found[docnum(batch.sequence, ordinal)] = rows
    return found
