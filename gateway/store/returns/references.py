"""ERP master data: one row per number it is looked up by, replaced by a later load, which leaves a `reference_load`.

What an ERP sent in stage test is kept apart: live documents never see it, tests see it before what is live.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlalchemy as sa

from gateway.returns import Facts, reference_rows
from gateway.store.database import Snapshot, Transaction, insert
from gateway.store.tables import reference, reference_load
from translators.canonical import ReferenceData

# Built once: building a statement costs more than running it.
_NAMED = sa.select(reference.c.key, reference.c.body).where(
    reference.c.stage == sa.bindparam("stage"),
    reference.c.dataset == sa.bindparam("of"),
    reference.c.key.in_(sa.bindparam("keys", expanding=True)),
)
LIVE, TEST = "live", "test"


def save(tx: Transaction, data: ReferenceData, document_id: int | None, at: str, stage: str = LIVE) -> int:
    """Store one load of a dataset → its version (the load's id). Rows of earlier loads that it does not name stay."""
    stage = TEST if stage == TEST else LIVE
    load_id = int(
        tx.execute(
            reference_load.insert()
            .values(stage=stage, dataset=data.dataset, document_id=document_id, row_count=len(data.rows), at=at)
            .returning(reference_load.c.id)
        ).scalar_one()
    )
    rows = {
        (dataset, key): {
            "stage": stage,
            "dataset": dataset,
            "key": key,
            "body": json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True),
            "load_id": load_id,
        }
        for dataset, key, body in reference_rows(data)
    }
    if rows:
        statement = insert(tx, reference)
        tx.execute(
            statement.on_conflict_do_update(
                index_elements=["stage", "dataset", "key"],
                set_={"body": statement.excluded.body, "load_id": statement.excluded.load_id},
            ),
            list(rows.values()),
        )
    return load_id


def load(snapshot: Snapshot, keys: Sequence[tuple[str, str]], stage: str = LIVE) -> Facts:
    """The facts for (dataset, key) pairs; a number that no load has named is simply not there. For a test, what came in
    stage test stands before what is live."""
    by_dataset: dict[str, list[str]] = {}
    for dataset, key in keys:
        by_dataset.setdefault(dataset, []).append(key)
    rows = []
    for of_stage in (LIVE, TEST) if stage == TEST else (LIVE,):
        for dataset, named in by_dataset.items():
            for key, body in snapshot.execute(_NAMED, {"stage": of_stage, "of": dataset, "keys": named}):
                rows.append((dataset, str(key), json.loads(body)))
    return Facts.from_rows(rows)


def counts(snapshot: Snapshot) -> dict[str, int]:
    """How many numbers of each dataset are known, tests apart."""
    live = reference.c.stage == LIVE
    query = sa.select(reference.c.dataset, sa.func.count()).where(live).group_by(reference.c.dataset)
    return {str(dataset): int(count) for dataset, count in snapshot.execute(query)}
