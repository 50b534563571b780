"""Kill the process at every crash point, start it again, and compare with the run that nothing disturbed."""

from __future__ import annotations

import random
import re
import shutil
import threading
import time
from pathlib import Path

import pytest

from gateway.home import Home
from tests.crash.forks import fork_run, killed, passed_points
from tests.crash.pipeline import MANY, MIXED, ONE, Scenario, outbox, run, snapshot

# Python 3.12 and later warn of forking beside threads (xdist has some): the child only runs our own code and ends.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

# The crash points that this sweep must pass; those of retention, transports and other stages belong to their own tests.
OURS = re.compile(r"(collect|intake|store|dispatch)\.(?!upload\.)|archive\.(?!removed)|migrate\.applied")


def _sweep(scenario: Scenario, folder: Path, step: int) -> set[str]:
    clean = scenario.fresh(_new(folder / "clean"))
    points = passed_points(run, clean, folder / "points")
    oracle = snapshot(clean)
    expected = sum(1 for partner, *_ in scenario.files if partner != "nobody")
    assert len(oracle["outbox"]) == expected  # type: ignore[arg-type] # a snapshot maps names to what has a length
    for kill_at in range(1, len(points) + 1, step):
        home = scenario.fresh(_new(folder / "crashed"))
        assert killed(fork_run(run, home, kill_at)), points[kill_at - 1]
        _nothing_torn(home, oracle)
        assert fork_run(run, home, None) == 0, f"after a crash at {kill_at} {points[kill_at - 1]}"
        assert snapshot(home) == oracle, f"after a crash at {kill_at} {points[kill_at - 1]}"
    return set(points)


def _new(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _nothing_torn(home: Home, oracle: dict[str, object]) -> None:
    whole = oracle["outbox"]
    assert isinstance(whole, dict)
    for name, sha256 in outbox(home).items():
        assert whole[name] == sha256, f"{name} is torn or wrong"


def test_one_file_survives_a_crash_at_every_point(tmp_path: Path) -> None:
    _sweep(ONE, tmp_path, 1)


def test_several_files_survive_a_crash_at_every_other_point(tmp_path: Path) -> None:
    points = _sweep(MIXED, tmp_path, 5)
    sources = Path(__file__).parents[2] / "gateway"
    named = {
        name
        for path in sources.rglob("*.py")
        for name in re.findall(r'crashpoint\("([a-z_.]+)"\)', path.read_text(encoding="utf-8"))
        if OURS.match(name)
    }
    assert named <= points, f"no scenario passes {sorted(named - points)}"


@pytest.mark.long
@pytest.mark.parametrize("scenario", [MIXED, MANY], ids=lambda scenario: scenario.name)
def test_every_crash_of_every_scenario(scenario: Scenario, tmp_path: Path) -> None:
    _sweep(scenario, tmp_path, 1)


def _chain(scenario: Scenario, folder: Path, seed: int, oracle: dict[str, object], points: int) -> None:
    """Two to five crashes after one another, then a run to the end."""
    dice = random.Random(seed)
    home = scenario.fresh(_new(folder / "chained"))
    for _ in range(dice.randint(2, 5)):
        fork_run(run, home, dice.randint(1, points))  # it may be done before that point comes
        _nothing_torn(home, oracle)
    assert fork_run(run, home, None) == 0, f"seed {seed}"
    assert snapshot(home) == oracle, f"seed {seed}"


def _chains(scenario: Scenario, folder: Path, seeds: range) -> None:
    clean = scenario.fresh(_new(folder / "clean"))
    points = len(passed_points(run, clean, folder / "points"))
    oracle = snapshot(clean)
    for seed in seeds:
        _chain(scenario, folder, seed, oracle, points)


def test_crashes_during_recovery(tmp_path: Path) -> None:
    _chains(MIXED, tmp_path, range(8))


@pytest.mark.long
def test_many_crashes_during_recovery(tmp_path: Path) -> None:
    _chains(MIXED, tmp_path, range(1000, 1150))


def test_a_reader_that_takes_files_at_once_gets_each_whole_and_once(tmp_path: Path) -> None:
    _race(tmp_path, range(3))


@pytest.mark.long
def test_a_reader_that_takes_files_at_once_through_many_crashes(tmp_path: Path) -> None:
    _race(tmp_path, range(100, 160))


def _race(folder: Path, seeds: range) -> None:
    clean = MANY.fresh(_new(folder / "clean"))
    points = len(passed_points(run, clean, folder / "points"))
    oracle = snapshot(clean)
    expected = oracle["outbox"]
    assert isinstance(expected, dict)
    for seed in seeds:
        dice = random.Random(seed)
        home = MANY.fresh(_new(folder / "raced"))
        taken: list[tuple[str, str]] = []
        done = threading.Event()

        def consume(home: Home = home, taken: list[tuple[str, str]] = taken, done: threading.Event = done) -> None:
            while True:
                last = done.is_set()
                for name, sha256 in outbox(home).items():
                    taken.append((name, sha256))
                    (home.outbox / name).unlink()
                if last:
                    return
                time.sleep(0.0005)

        reader = threading.Thread(target=consume)
        for kill_at in (dice.randint(points // 2, points), dice.randint(1, points), None):
            if kill_at is None:
                reader.start()  # forking beside a running thread is left to the last, undisturbed child
            fork_run(run, home, kill_at)
            if kill_at is not None:
                for name, sha256 in outbox(home).items():
                    taken.append((name, sha256))
                    (home.outbox / name).unlink()
        done.set()
        reader.join()
        assert sorted(taken) == sorted(expected.items()), f"seed {seed}"
