"""How fast the X12 engine is: validate + 997, beside pyx12 with the same maps and beside a bare split.

    python -m tests.benchmarks.x12_speed [--json] [--sets 1000] [--pyx12-sets 150] [--large]

Both sides run in this one process, in turns, medians of 5. pyx12 gets fewer sets of the same file, because it would
take minutes; what it spends on one set alone (loading maps) is taken off its time. The peak is that of a process of
its own that does nothing but read and acknowledge the file. `--large` adds a 100 MB 856 (medians of 9).
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.x12_files import GROUPS, interchange
from translators.profile import Profile
from translators.x12.acknowledge.files import ControlNumbers, acknowledge
from translators.x12.read.file import InterchangeRead, stream_groups

REPEATS = 5
LARGE_REPEATS = 9
LARGE_BYTES = 100_000_000


def engine(source: Any) -> tuple[int, int]:
    """Validate and acknowledge a file with the whole engine: (rejected sets, bytes of acknowledgments)."""
    profile, rejected, written = Profile(), 0, 0
    for event in stream_groups(source, profile, {}, keep_documents=False):
        if isinstance(event, InterchangeRead):
            for group in event.interchange.groups:
                rejected += sum(each.verdict == "rejected" for each in group.sets)
            written += sum(len(file.data) for file in acknowledge(event.interchange, profile, ControlNumbers(1, 1)))
    return rejected, written


def split(text: str) -> None:
    for segment in text.split("~"):
        segment.split("*")


def pyx12(path: Path) -> bool:
    import pyx12.params
    import pyx12.x12n_document

    from tests.translators.x12.oracle.maps import map_path

    params = pyx12.params.params()
    return bool(pyx12.x12n_document.x12n_document(params, str(path), io.StringIO(), None, map_path=map_path("004010")))


def seconds(work: Callable[[], object]) -> float:
    """Processor time of this process: all of this work is computing, and neighbours on the machine do not count."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def child(path: str) -> dict[str, float]:
    """Seconds and peak of this process for one file; the process was started for it alone."""
    with Path(path).open("rb") as source:
        taken = seconds(lambda: engine(source))
    return {"seconds": taken, "peak_mb": round(peak_kib() / 1024, 1)}


def peak_kib() -> int:
    """The most memory this process ever had. (getrusage would count the parent's, from before this program began.)"""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")))


def in_a_process(path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.x12_speed", "--child", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def measure(set_id: str, count: int, pyx12_count: int, folder: Path) -> dict[str, float]:
    text = interchange(set_id, count)
    data = text.encode()
    spoilt = interchange(set_id, count, spoilt=True).encode()
    file, few, one = (folder / f"{set_id}-{name}.edi" for name in ("all", "few", "one"))
    file.write_text(text)
    few_text, one_text = interchange(set_id, pyx12_count), interchange(set_id, 1)
    few.write_text(few_text)
    one.write_text(one_text)
    segments, few_segments = text.count("~"), few_text.count("~") - one_text.count("~")
    assert engine(data)[0] == 0
    assert engine(spoilt)[0] == count
    assert pyx12(few)
    times: dict[str, list[float]] = {name: [] for name in ("engine", "split", "pyx12", "spoilt")}
    for _ in range(REPEATS):
        times["engine"].append(seconds(lambda: engine(data)))
        times["split"].append(seconds(lambda: split(text)))
        times["spoilt"].append(seconds(lambda: engine(spoilt)))
        times["pyx12"].append(seconds(lambda: pyx12(few)) - seconds(lambda: pyx12(one)))
    ours, bare, wrong, theirs = (statistics.median(times[name]) for name in ("engine", "split", "spoilt", "pyx12"))
    ours, bare, wrong, theirs = segments / ours, segments / bare, segments / wrong, few_segments / theirs
    return {
        "ratio_to_pyx12": round(ours / theirs, 1),
        "ratio_to_split": round(bare / ours, 2),
        "segments_per_second": round(ours),
        "peak_mb": in_a_process(file)["peak_mb"],
        "pyx12_segments_per_second": round(theirs),
        "split_segments_per_second": round(bare),
        "all_sets_invalid_segments_per_second": round(wrong),
        "all_sets_invalid_ratio_to_pyx12": round(wrong / theirs, 1),
        "segments": segments,
        "sets": count,
    }


def measure_large(count: int, folder: Path) -> dict[str, float]:
    """A 100 MB interchange of 856 against the small file, each in processes of its own."""
    small_text = interchange("856", count)
    many = LARGE_BYTES * count // len(small_text)
    small, large = folder / "856-small.edi", folder / "856-large.edi"
    small.write_text(small_text)
    large_text = interchange("856", many)
    large.write_text(large_text)
    small_segments, large_segments, size = small_text.count("~"), large_text.count("~"), len(large_text)
    del large_text
    pairs = [(in_a_process(small), in_a_process(large)) for _ in range(LARGE_REPEATS)]
    few = small_segments / statistics.median(pair[0]["seconds"] for pair in pairs)
    whole = large_segments / statistics.median(pair[1]["seconds"] for pair in pairs)
    return {
        "megabytes": round(size / 1e6, 1),
        "segments": large_segments,
        "segments_per_second": round(whole),
        "seconds": round(statistics.median(pair[1]["seconds"] for pair in pairs), 2),
        "peak_mb": max(pair[1]["peak_mb"] for pair in pairs),
        "time_per_segment_to_small": round(few / whole, 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.x12_speed")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--sets", type=int, default=1000)
    parser.add_argument("--pyx12-sets", type=int, default=150)
    parser.add_argument("--large", action="store_true", help="add the 100 MB file")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(child(asked.child)))
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results = {set_id: measure(set_id, asked.sets, asked.pyx12_sets, folder) for set_id in GROUPS}
        if asked.large:
            results["large_856"] = measure_large(asked.sets, folder)
    if asked.json:
        print(json.dumps(results, indent=2))
        return 0
    for set_id, row in results.items():
        print(set_id, "  ".join(f"{key}={value:,}" for key, value in row.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
