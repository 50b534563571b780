"""The one test command: `python -m tests` runs format, style, layers, types and tests.

`--long` adds the long proofs and tries five times as many generated examples, `--quick` tries a fifth of them.
Every step prints its name and time; the first failure is the exit code. Arguments after `--` go to pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# One more than there are cores: some tests wait for processes of their own.
WORKERS = str((os.cpu_count() or 1) + 1)


def steps(arguments: list[str]) -> list[tuple[str, list[str]]]:
    """Name and command of every step, in order: what is cheap and fails often comes first."""
    passed_on = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    marks = [] if "--long" in arguments else ["-m", "not long"]
    return [
        ("format", [str(BIN / "ruff"), "format", "--check", "."]),
        ("style", [str(BIN / "ruff"), "check", "."]),
        ("layers", [str(BIN / "lint-imports")]),
        ("types", [str(BIN / "mypy")]),
        ("tests", [sys.executable, "-m", "pytest", "-n", WORKERS, "--dist", "loadfile", "-rs", *marks, *passed_on]),
    ]


def size(arguments: list[str]) -> str:
    """How many examples generated tests try, as tests/conftest.py reads it."""
    return "long" if "--long" in arguments else "quick" if "--quick" in arguments else "usual"


def main() -> int:
    environment = {**os.environ, "GATEWAY_TEST_SIZE": size(sys.argv[1:])}
    for name, command in steps(sys.argv[1:]):
        started = time.monotonic()
        print(f"== {name}: {' '.join([Path(command[0]).name, *command[1:]])}", flush=True)
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        print(f"== {name}: exit {done.returncode} after {time.monotonic() - started:.1f} s", flush=True)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
