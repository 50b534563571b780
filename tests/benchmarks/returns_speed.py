"""How fast the domain applies documents, and whether history slows it.

`python -m tests.benchmarks.returns_speed [--json] [--history N]`

`documents_per_second`: requests, shipments, receipts and inspections of five lines, in memory (`…_per_cpu_second`: the
same by processor time, which a busy machine disturbs less). `ratio_at_10000`: time per document with 10,000 earlier
returns of the same partner against 10. All are medians of nine. Exit 1 if a bound is missed.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable

from gateway.returns import Policy
from tests.gateway.returns.builders import inspection, orders, receipt, request, shipment
from tests.gateway.returns.shell import Shell
from translators.canonical import InboundDocument

PER_SECOND = 3000
RATIO = 1.3
ROUNDS = 9
SOLD = "2025-02-20"
ITEMS = {f"SKU{n}": 10 for n in range(1, 6)}
Sent = tuple[str, InboundDocument]


def journey(n: int) -> list[Sent]:
    """The four documents of one return of five lines."""
    name, order = f"RTV{n}", f"SO{n}"
    return [
        ("northgate", request(name, ITEMS, order)),
        ("northgate", shipment(f"SH{n}", name, ITEMS)),
        ("harbor", receipt(f"WR{n}", name, ITEMS, {"SKU1": 2})),
        (
            "harbor",
            inspection(
                f"IN{n}",
                name,
                [("SKU1", 8, "restock"), ("SKU1", 2, "scrap")]
                + [(sku, q, "restock") for sku, q in ITEMS.items() if sku != "SKU1"],
            ),
        ),
    ]


def new_shell() -> Shell:
    return Shell(policy=Policy(warehouse="harbor", erp="atlas"), checked=False)


def load_orders(shell: Shell, numbers: range) -> None:
    for n in numbers:
        shell.receive(orders(f"SO{n}", SOLD, **ITEMS), "atlas")


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    gc.collect()
    gc.disable()
    try:
        start, busy = time.perf_counter(), time.process_time()
        work()
        return time.perf_counter() - start, time.process_time() - busy
    finally:
        gc.enable()


def apply_all(shell: Shell, sent: list[Sent]) -> None:
    for partner, document in sent:
        shell.receive(document, partner)


def seconds_per_document(shell: Shell, first: int, returns: int) -> tuple[float, float]:
    """Clock and processor time for each document of `returns` fresh returns on this shell, orders loaded beforehand."""
    numbers = range(first, first + returns)
    load_orders(shell, numbers)
    sent = [each for n in numbers for each in journey(n)]
    elapsed, busy = timed(lambda: apply_all(shell, sent))
    return elapsed / len(sent), busy / len(sent)


def grown(returns: int) -> Shell:
    """A shell in which the partner already has so many returns."""
    shell = new_shell()
    load_orders(shell, range(returns))
    for n in range(returns):
        shell.receive(journey(n)[0][1], "northgate")
    return shell


def measure(history: int) -> dict[str, float]:
    few, many = grown(10), grown(history)
    first = max(history, 10)
    speeds, busy_speeds, ratios = [], [], []
    for turn in range(ROUNDS):
        start = first + turn * 100
        with_few, busy = seconds_per_document(few, start, 100)
        with_many, _ = seconds_per_document(many, start, 100)
        speeds.append(1 / with_few)
        busy_speeds.append(1 / busy)
        ratios.append(with_many / with_few)
    return {
        "documents_per_second": round(statistics.median(speeds)),
        "documents_per_cpu_second": round(statistics.median(busy_speeds)),
        "ratio_at_10000": round(statistics.median(ratios), 3),
        "history": history,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of words")
    parser.add_argument("--history", type=int, default=10_000, help="earlier returns of the partner")
    arguments = parser.parse_args()
    result = measure(arguments.history)
    good = result["documents_per_second"] >= PER_SECOND and result["ratio_at_10000"] <= RATIO
    if arguments.json:
        print(json.dumps({**result, "ok": good}))
    else:
        print(f"{result['documents_per_second']:.0f} documents/s (five lines each; at least {PER_SECOND})")
        print(f"{result['documents_per_cpu_second']:.0f} documents for each second of the processor")
        print(f"{result['ratio_at_10000']} × as long with {arguments.history} earlier returns (at most {RATIO})")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
