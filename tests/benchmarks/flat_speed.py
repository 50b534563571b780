"""How fast flat rows become documents and postings import files: `python -m tests.benchmarks.flat_speed [--json]`.

Each case runs in a process of its own, so that its peak memory is its own. Bounds: 100,000 rows in under 10 s, an
import file of 100,000 lines in under 5 s. Exit 1 if a bound is missed. CPU time is shown too: on a machine that does
other work beside this, the wall clock measures that work.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from translators.canonical import ErpBatch, PostingRow
from translators.erp.profile import parse_erp_profile, shipped_erp_profiles
from translators.erp.render import render_batch
from translators.flat.layout import parse_layout
from translators.flat.read import read_flat
from translators.flat.shipped import shipped_layouts
from translators.profile import Crosswalk, CrosswalkRow, Profile

ROWS = 100_000
READ_BOUND = 10.0
WRITE_BOUND = 5.0

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
    within: bool


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


def delimited(per_document: int) -> Callable[[], float]:
    """Reading a CSV with so many lines per document."""
    layout = parse_layout(
        "bench", {"document": "return_request", "format": "delimited", "files": ["*"], "columns": COLUMNS}
    )
    lines = [",".join(COLUMNS)]
    for number in range(ROWS):
        lines.append(",".join(f'"{each}"' if "," in each else each for each in _values(number, per_document)))
    data = "\n".join(lines).encode()

    def run() -> float:
        started = time.perf_counter()
        sets, findings = read_flat(data, layout, _profile())
        took = time.perf_counter() - started
        assert not findings
        assert len(sets) == -(-ROWS // per_document)
        assert all(each.verdict == "accepted" for each in sets)
        return took

    return run


def fixed(per_document: int) -> Callable[[], float]:
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
    data = "\n".join(
        "".join(value.ljust(width) for value, width in zip(_values(number, per_document), WIDTHS.values(), strict=True))
        for number in range(ROWS)
    ).encode()

    def run() -> float:
        started = time.perf_counter()
        sets, findings = read_flat(data, layout, _profile())
        took = time.perf_counter() - started
        assert not findings
        assert sum(each.segment_count for each in sets) == ROWS
        assert all(each.verdict == "accepted" for each in sets)
        return took

    return run


def reference() -> Callable[[], float]:
    """Reading 100,000 rows of order history."""
    layout = parse_layout("generic-orders", shipped_layouts()["generic-orders"])
    names = list(layout.records["row"].columns)
    rows = [",".join(names)]
    for number in range(ROWS):
        rows.append(
            f"SO{number // 3:07},{number % 3 + 1},CEDAR,PO{number},2025-01-02,2025-01-05,SKU-{number % 9000},,,2,EA,"
            f"{number % 90}.50,USD,INV{number}"
        )
    data = "\n".join(rows).encode()

    def run() -> float:
        started = time.perf_counter()
        sets, _ = read_flat(data, layout, Profile())
        took = time.perf_counter() - started
        assert sets[0].verdict == "accepted"
        return took

    return run


def erp(name: str) -> Callable[[], float]:
    """Writing one import file of 100,000 postings."""
    profile = parse_erp_profile(name, shipped_erp_profiles()[name])
    rows = tuple(
        PostingRow(
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
        for number in range(ROWS)
    )
    batch = ErpBatch(
        batch_id="B000001",
        destination="atlas",
        posting_kind="goods_receipt",
        created_at="2025-03-14T09:30:00.000000Z",
        rows=rows,
    )

    def run() -> float:
        started = time.perf_counter()
        rendered = render_batch(batch, profile)
        took = time.perf_counter() - started
        assert rendered.data.count(b"RT0000001/") == 4
        return took

    return run


CASES: dict[str, tuple[Callable[[], Callable[[], float]], float]] = {
    "delimited, 1 line per document": (lambda: delimited(1), READ_BOUND),
    "delimited, 5 lines per document": (lambda: delimited(5), READ_BOUND),
    "fixed, 1 line per document": (lambda: fixed(1), READ_BOUND),
    "fixed, 5 lines per document": (lambda: fixed(5), READ_BOUND),
    "orders (reference data)": (reference, READ_BOUND),
    "ERP generic-csv": (lambda: erp("generic-csv"), WRITE_BOUND),
    "ERP generic-fixed": (lambda: erp("generic-fixed"), WRITE_BOUND),
    "ERP generic-xml": (lambda: erp("generic-xml"), WRITE_BOUND),
}


def measure(case: str) -> Measured:
    """One case, in this process. The peak includes the input and the interpreter."""
    prepare, bound = CASES[case]
    run = prepare()
    before = time.process_time()
    took = run()
    cpu = time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Measured(case, ROWS, round(took, 2), round(cpu, 2), int(ROWS / took), peak, bound, took < bound)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--case", choices=CASES, help="only this case, in this process")
    chosen = parser.parse_args()
    if chosen.case:
        print(json.dumps(asdict(measure(chosen.case))))
        return 0
    results = []
    for case in CASES:
        command = [sys.executable, "-m", "tests.benchmarks.flat_speed", "--case", case]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        results.append(Measured(**json.loads(done.stdout)))
        if not chosen.json:
            one = results[-1]
            verdict = "ok" if one.within else f"MISSED {one.bound_seconds} s"
            times = f"{one.seconds:6.2f} s ({one.cpu_seconds:5.2f} s CPU) {one.rows_per_second:>8,} rows/s"
            print(f"{one.case:32} {times} {one.peak_mib:>5} MiB  {verdict}")
    if chosen.json:
        print(json.dumps([asdict(each) for each in results], indent=2))
    return 0 if all(each.within for each in results) else 1


if __name__ == "__main__":
    sys.exit(main())
