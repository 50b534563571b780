"""The one test command: `python -m tests` runs format, style, types, layers and tests; `--long` adds the long proofs.

Every step prints its name and time; the first failure is the exit code. Arguments after `--` go to pytest.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def steps(arguments: list[str]) -> list[tuple[str, list[str]]]:
    """Name and command of every step, in order: what is cheap and fails often comes first."""
    long = "--long" in arguments
    passed_on = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    marks = [] if long else ["-m", "not long"]
    return [
        ("format", [str(BIN / "ruff"), "format", "--check", "."]),
        ("style", [str(BIN / "ruff"), "check", "."]),
        ("layers", [str(BIN / "lint-imports")]),
        ("types", [str(BIN / "mypy")]),
        ("tests", [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "loadfile", "-rs", *marks, *passed_on]),
    ]


def main() -> int:
    for name, command in steps(sys.argv[1:]):
        started = time.monotonic()
        print(f"== {name}: {' '.join([Path(command[0]).name, *command[1:]])}", flush=True)
        done = subprocess.run(command, cwd=ROOT, check=False)
        print(f"== {name}: exit {done.returncode} after {time.monotonic() - started:.1f} s", flush=True)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
