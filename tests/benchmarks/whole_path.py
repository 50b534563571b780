"""How fast whole files pass: `python -m tests.benchmarks.whole_path [--files N] [--json]`.

`once`, in a process of its own, over N one-set 180 files of one partner: N acknowledgments, N returns, `verify` clean.
Exit 1 if any of that is not so, or if 1,000 files take 30 seconds or more.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from gateway.commands.homes import make_home
from gateway.home import Home
from gateway.store import open_store
from gateway.store.tables import dispatch, return_
from gateway.verify import verify

SECONDS_PER_THOUSAND = 30.0

REQUEST = (
    "ISA*00*          *00*          *ZZ*NORTHGATE      *ZZ*MERIDIAN       *250314*0925*U*00401*{n:09}*0*P*>~\n"
    "GS*AN*NORTHGATE*MERIDIAN*20250314*0925*{n}*X*004010~\n"
    "ST*180*0001~\nBGN*13*NR-{n}*20250314*0915~\nPRF*NG-PO-55010***20250203~\nN9*IA*20117~\n"
    "N1*SF*NORTHGATE RETURNS CENTER*92*RC07~\nBLI*UP*400101001003*1*EA*UCP*84.5**IN*NG44871~\nN9*FJ*1~\n"
    "RDR**DR**CHUCK DOES NOT CLOSE*Y~\nSE*9*0001~\nGE*1*{n}~\nIEA*1*{n:09}~\n"
)


def measure(files: int, root: Path) -> dict[str, float | int | list[str]]:
    """Time `once` over so many request files in a new home, and look at what it left."""
    home = make_home(root)
    for name in ("orders.csv", "products.csv"):
        sample = (root / "partners/atlas/samples" / name).read_bytes()
        (root / "inbox/atlas" / name).write_bytes(sample)
    _once(root)
    for n in range(1, files + 1):
        (root / f"inbox/northgate/request{n:06}.edi").write_text(REQUEST.format(n=n), encoding="ascii")
    started = time.monotonic()
    _once(root)
    seconds = time.monotonic() - started
    with open_store(Home(root), read_only=True) as store:
        with store.read() as snapshot:
            acknowledged = sa.select(sa.func.count()).where(dispatch.c.set_id == "997", dispatch.c.state == "delivered")
            acknowledgments = int(snapshot.execute(acknowledged).scalar_one())
            returns = int(snapshot.execute(sa.select(sa.func.count()).select_from(return_)).scalar_one())
        violations = verify(store, home).violations
    return {
        "files": files,
        "seconds": round(seconds, 2),
        "files_per_second": round(files / seconds, 1),
        "acknowledgments": acknowledgments,
        "returns": returns,
        "violations": violations,
    }


def _once(root: Path) -> None:
    subprocess.run([sys.executable, "-m", "gateway", "--home", str(root), "once"], check=True, capture_output=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="whole-path-") as folder:
        result = measure(arguments.files, Path(folder) / "home")
    print(json.dumps(result) if arguments.json else "\n".join(f"{key}: {value}" for key, value in result.items()))
    right = result["acknowledgments"] == result["returns"] == arguments.files and not result["violations"]
    seconds = result["seconds"]
    assert isinstance(seconds, float)
    return 0 if right and seconds < SECONDS_PER_THOUSAND * arguments.files / 1000 else 1


if __name__ == "__main__":
    sys.exit(main())
