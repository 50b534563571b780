"""How fast flat rows become documents and postings import files, and in how much memory:
`python -m tests.benchmarks.flat_speed [--json] [--growth] [--memory-only] [--rows N]`.

Each case runs in a process of its own, so that its peak memory is its own. Bounds: 100,000 rows in under 10 s, an
import file of 100,000 lines in under 5 s, either in under 200 MiB with the interpreter and the received bytes; and
`--growth`: 200,000 rows take no more than 48 MiB beyond what 50,000 take (their bytes, and what tells their documents
apart). Exit 1 if a bound is missed; with `--memory-only`, if one of memory is. CPU time is shown too: on a machine that
does other work beside this, the wall clock measures that work.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import BinaryIO, overload

from translators.canonical import ErpBatch, PostingRow
from translators.erp.profile.load import parse_erp_profile, shipped_erp_profiles
from translators.erp.write.batch import write_batch
from translators.flat.layout.model import Layout
from translators.flat.layout.parse import parse_layout
from translators.flat.layout.shipped import shipped_layouts
from translators.flat.read.file import stream_flat
from translators.profile import Crosswalk, CrosswalkRow, Profile

ROWS = 100_000
READ_BOUND = 10.0
WRITE_BOUND = 5.0
PEAK_BOUND = 200  # MiB at 100,000 rows
FEW, MANY = 50_000, 200_000
GROWTH_BOUND = 48  # MiB from FEW to MANY

COLUMNS = {
    "Request": ["number", "references.request"],
    "Order": "order_number",
    "Date": {"field": "issued_on", "format": "YYYY-MM-DD"},
    "Store": "parties.store.id",
    "Line": "lines.line_no",
    "SKU": "lines.item.sku",
    "Text": "lines.item.description",
    "Qty": "lines.quantity",
    "Unit": "lines.unit",
    "Price": "lines.unit_price",
    "Reason": "lines.reason",
}
WIDTHS = {
    "Request": 12,
    "Order": 12,
    "Date": 10,
    "Store": 6,
    "Line": 6,
    "SKU": 16,
    "Text": 30,
    "Qty": 8,
    "Unit": 3,
    "Price": 10,
    "Reason": 4,
}


@dataclass
class Measured:
    case: str
    rows: int
    seconds: float
    cpu_seconds: float
    rows_per_second: int
    peak_mib: int
    bound_seconds: float
    bound_mib: int
    in_memory: bool
    ok: bool


@dataclass
class Growth:
    case: str
    few: int
    few_mib: int
    many: int
    many_mib: int
    growth_mib: int
    bound_mib: int
    ok: bool


def _values(number: int, per_document: int) -> list[str]:
    document = number // per_document
    return [
        f"R{document:08}",
        f"SO{document:08}",
        f"2025-{document % 12 + 1:02}-{document % 28 + 1:02}",
        f"{document % 500:04}",
        str(number % per_document + 1),
        f"SKU-{number % 9000:06}",
        "Trail jacket, women, moss",
        str(number % 9 + 1),
        "EA",
        f"{number % 300}.95",
        ("DEF", "WRG", "FIT")[number % 3],
    ]


def _profile() -> Profile:
    rows = tuple(
        CrosswalkRow(theirs=a, ours=b) for a, b in (("DEF", "defective"), ("WRG", "wrong_item"), ("FIT", "fit/style"))
    )
    return Profile(crosswalks={"reason": Crosswalk(name="reason", rows=rows)})


def _bytes(lines: Iterable[str]) -> bytes:
    """Lines as the bytes of a file, without a list of all of them in between."""
    out = io.BytesIO()
    for line in lines:
        out.write(line.encode() + b"\n")
    return out.getvalue()


def _quoted(number: int, per_document: int) -> str:
    return ",".join(f'"{each}"' if "," in each else each for each in _values(number, per_document))


def delimited(per_document: int, rows: int) -> Callable[[], float]:
    """Reading a CSV with so many lines per document."""
    layout = parse_layout(
        "bench", {"document": "return_request", "format": "delimited", "files": ["*"], "columns": COLUMNS}
    )
    data = _bytes([",".join(COLUMNS)]) + _bytes(_quoted(number, per_document) for number in range(rows))
    return lambda: _read(data, layout, rows, per_document)


def _read(data: bytes, layout: Layout, rows: int, per_document: int) -> float:
    """Every document taken as it comes, and let go."""
    started = time.perf_counter()
    file = stream_flat(data, layout, _profile())
    documents = read = 0
    for each in file.sets:
        assert each.verdict == "accepted"
        documents += len(each.documents)
        read += each.segment_count
    took = time.perf_counter() - started
    assert not file.findings
    assert (documents, read) == (-(-rows // per_document), rows)
    return took


def fixed(per_document: int, rows: int) -> Callable[[], float]:
    """Reading fixed-width records with so many lines per document."""
    columns: dict[str, object] = {}
    at = 1
    for name, width in WIDTHS.items():
        spec = COLUMNS[name]
        columns[name] = {**(spec if isinstance(spec, dict) else {"field": spec}), "at": at, "width": width}
        at += width
    layout = parse_layout(
        "bench", {"document": "return_request", "format": "fixed", "files": ["*"], "columns": columns}
    )
    data = _bytes(
        "".join(value.ljust(width) for value, width in zip(_values(number, per_document), WIDTHS.values(), strict=True))
        for number in range(rows)
    )
    return lambda: _read(data, layout, rows, per_document)


def reference(rows: int) -> Callable[[], float]:
    """Reading rows of order history."""
    layout = parse_layout("generic-orders", shipped_layouts()["generic-orders"])
    data = _bytes([",".join(layout.records["row"].columns)]) + _bytes(
        f"SO{number // 3:07},{number % 3 + 1},CEDAR,PO{number},2025-01-02,2025-01-05,SKU-{number % 9000},,,2,EA,"
        f"{number % 90}.50,USD,INV{number}"
        for number in range(rows)
    )

    def run() -> float:
        started = time.perf_counter()
        read = 0
        for each in stream_flat(data, layout, Profile()).sets:
            assert each.verdict == "accepted"
            read += each.segment_count
        assert read == rows
        return time.perf_counter() - started

    return run


POOL = 10_000  # postings that are made before the clock runs; a longer batch has them again and again


class Postings(Sequence[PostingRow]):
    """So many postings, none of which is kept for the batch: a store would fetch them."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool = [_posting(number) for number in range(min(POOL, count))]

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> PostingRow: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[PostingRow]: ...

    def __getitem__(self, index: int | slice) -> PostingRow | Sequence[PostingRow]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(self._count))]
        if not 0 <= index < self._count:
            raise IndexError(index)
        return self._pool[index % POOL]


def _posting(number: int) -> PostingRow:
    return PostingRow(
        row_no=number + 1,
        idempotency_key=f"RT{number // 4:07}/{number % 4 + 1}/goods_receipt/0/1",
        correlation_id=f"c{number // 4:07}",
        kind="goods_receipt",
        return_no=f"RT{number // 4:07}",
        rma=f"RMA{number // 4:07}",
        line_no=str(number % 4 + 1),
        partner="cedar",
        customer="CEDAR",
        order_number=f"SO{number // 4:07}",
        order_line="1",
        sku=f"SKU-{number % 9000:06}",
        description="Trail jacket, women, moss",
        quantity=Decimal(number % 9 + 1),
        unit_price=Decimal("19.95"),
        amount=Decimal("19.95") * (number % 9 + 1),
        currency="USD",
        reason="defective",
        condition="damaged",
        disposition="scrap",
        site="HARBOR1",
        event_on=date(2025, 3, number % 28 + 1),
    )


def erp(name: str, rows: int) -> Callable[[], float]:
    """Writing one import file of so many postings to the disk."""
    profile = parse_erp_profile(name, shipped_erp_profiles()[name])
    batch = ErpBatch(
        batch_id="B000001",
        destination="atlas",
        posting_kind="goods_receipt",
        created_at="2025-03-14T09:30:00.000000Z",
        rows=(),
    )
    postings = Postings(rows)

    def run() -> float:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:

            def create(file: str) -> BinaryIO:
                return opened.enter_context((Path(folder) / file).open("wb"))

            started = time.perf_counter()
            written = write_batch(batch, postings, profile, create)
            took = time.perf_counter() - started
            opened.close()
            with (Path(folder) / written[0].name).open("rb") as file:
                assert sum(b"RT0000001/" in line for line in file) == 4 * max(1, rows // POOL)
        return took

    return run


CASES: dict[str, tuple[Callable[[int], Callable[[], float]], float]] = {
    "delimited, 1 line per document": (partial(delimited, 1), READ_BOUND),
    "delimited, 5 lines per document": (partial(delimited, 5), READ_BOUND),
    "fixed, 1 line per document": (partial(fixed, 1), READ_BOUND),
    "fixed, 5 lines per document": (partial(fixed, 5), READ_BOUND),
    "orders (reference data)": (reference, READ_BOUND),
    "ERP generic-csv": (partial(erp, "generic-csv"), WRITE_BOUND),
    "ERP generic-fixed": (partial(erp, "generic-fixed"), WRITE_BOUND),
    "ERP generic-xml": (partial(erp, "generic-xml"), WRITE_BOUND),
}


def measure(case: str, rows: int = ROWS) -> Measured:
    """One case, in this process. The peak includes the input and the interpreter."""
    prepare, bound = CASES[case]
    run = prepare(rows)
    before = time.process_time()
    took = run()
    cpu = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    in_memory = peak < PEAK_BOUND
    ok = in_memory and took < bound * rows / ROWS
    rate = int(rows / took)
    return Measured(case, rows, round(took, 2), round(cpu, 2), rate, peak, bound, PEAK_BOUND, in_memory, ok)


def measured(case: str, rows: int) -> Measured:
    """One case in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.flat_speed", "--case", case, "--rows", str(rows)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Measured(**json.loads(done.stdout))


def growth(case: str) -> Growth:
    """What more rows take in memory."""
    few, many = measured(case, FEW).peak_mib, measured(case, MANY).peak_mib
    return Growth(case, FEW, few, MANY, many, many - few, GROWTH_BOUND, many - few < GROWTH_BOUND)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--growth", action="store_true", help=f"compare the memory of {FEW:,} and {MANY:,} rows too")
    parser.add_argument("--memory-only", action="store_true", help="fail for memory only: the machine has other work")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--case", choices=CASES, help="only this case, in this process")
    chosen = parser.parse_args()
    if chosen.case:
        print(json.dumps(asdict(measure(chosen.case, chosen.rows))))
        return 0
    results: list[Measured | Growth] = []
    for case in CASES:
        results.append(one := measured(case, chosen.rows))
        if not chosen.json:
            verdict = "ok" if one.ok else f"MISSED {one.bound_seconds} s or {one.bound_mib} MiB"
            times = f"{one.seconds:6.2f} s ({one.cpu_seconds:5.2f} s CPU) {one.rows_per_second:>8,} rows/s"
            print(f"{one.case:32} {times} {one.peak_mib:>5} MiB  {verdict}")
    for case in CASES if chosen.growth else ():
        results.append(more := growth(case))
        if not chosen.json:
            verdict = "ok" if more.ok else f"MISSED {more.bound_mib} MiB"
            print(f"{more.case:32} {more.few_mib:>5} MiB → {more.many_mib:>5} MiB, {more.growth_mib:+} MiB  {verdict}")
    if chosen.json:
        print(json.dumps([asdict(each) for each in results], indent=2))
    if chosen.memory_only:
        return 0 if all(each.in_memory if isinstance(each, Measured) else each.ok for each in results) else 1
    return 0 if all(each.ok for each in results) else 1


if __name__ == "__main__":
    sys.exit(main())
