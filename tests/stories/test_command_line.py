"""The real command line, in processes of its own, against a fresh home: what a newcomer types."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.homes import drop_sample
from tests.stories.ports import free_port

ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("GATEWAY_")}


def gateway(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gateway", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=ENVIRONMENT | environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    root = tmp_path / "home"
    done = gateway("init", root, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return root


def test_once_status_verify(home: Path) -> None:
    drop_sample(home, "atlas", "orders.csv")
    drop_sample(home, "atlas", "products.csv")
    assert gateway("--home", home, "once", cwd=home).returncode == 0
    drop_sample(home, "northgate", "180-requests.edi")
    done = gateway("--home", home, "once", cwd=home)
    assert done.returncode == 0, done.stderr  # a rejected set is the partner's problem, not ours
    assert "1 processed" in done.stdout
    status = json.loads(gateway("status", "--json", "--home", home, cwd=home).stdout)
    assert status["intakes"] == {"partial": 1, "processed": 2}
    assert sum(status["returns"].values()) == 2
    verified = gateway("verify", "--home", home, cwd=home)
    assert (verified.returncode, verified.stdout.splitlines()[-1]) == (0, "every invariant holds")
    acknowledgment = next((home / "outbox/northgate").glob("997_*.edi")).read_text(encoding="ascii")
    assert "AK9*P*3*3*2~" in acknowledgment


def test_the_home_is_the_current_folder_or_the_environment(home: Path, tmp_path: Path) -> None:
    assert gateway("once", cwd=home).returncode == 0
    assert gateway("once", cwd=tmp_path, GATEWAY_HOME=str(home)).returncode == 0
    lost = gateway("once", cwd=tmp_path)
    assert lost.returncode == 1
    assert "init DIR" in lost.stderr
    assert "Traceback" not in lost.stderr


def test_translate_is_the_same_anywhere(home: Path) -> None:
    file = home / "partners/northgate/samples/180-requests.edi"
    tokyo = gateway("translate", file, cwd=home, TZ="Asia/Tokyo")
    honolulu = gateway("translate", file, cwd=home, TZ="Pacific/Honolulu")
    assert tokyo.stdout == honolulu.stdout
    assert tokyo.returncode == honolulu.returncode == 1  # one of its sets is rejected
    shown = json.loads(tokyo.stdout)
    assert [set_["verdict"] for set_ in shown["interchanges"][0]["groups"][0]["sets"]] == [
        "accepted",
        "rejected",
        "accepted",
    ]
    assert shown["acknowledgments"][0].startswith("ISA*00*")


def test_translate_says_what_is_not_readable(home: Path) -> None:
    bare = home / "bare.edi"
    bare.write_text("ST*180*0001~BGN*13*A*20250314~SE*3*0001~", encoding="ascii")
    done = gateway("translate", bare, cwd=home)
    assert done.returncode == 2
    assert [finding["code"] for finding in json.loads(done.stdout)["findings"]] == ["no_interchange"]
    missing = gateway("translate", home / "nothing.edi", cwd=home)
    assert (missing.returncode, "Traceback" in missing.stderr) == (2, False)
    unknown = gateway("translate", bare, "--partner", "nobody", cwd=home)
    assert unknown.returncode != 0
    assert "no partner folder" in unknown.stderr


def test_explain_shows_the_finding_in_its_place(home: Path) -> None:
    done = gateway("explain", home / "partners/northgate/samples/180-requests.edi", cwd=home)
    assert done.returncode == 0
    before, _, rest = done.stdout.partition("NR250314-02")
    within, _, after = rest.partition("NR250314-03")
    finding = "Quantity is not a number"
    assert (finding in before, finding in within, finding in after) == (False, True, False)


def test_replay_is_a_child_without_second_effects(home: Path) -> None:
    for sample in ("orders.csv", "products.csv"):
        drop_sample(home, "atlas", sample)
    gateway("once", cwd=home)
    drop_sample(home, "northgate", "180-requests.edi")
    gateway("once", cwd=home)
    before = sorted(path.name for path in (home / "outbox").rglob("*.*") if path.is_file())
    dry = gateway("replay", "3", "--dry-run", cwd=home)
    assert (dry.returncode, dry.stdout) == (0, "no difference: the documents would be the same\n")
    done = gateway("replay", "3", cwd=home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "intake 4 replays intake 3" in done.stdout
    assert sorted(path.name for path in (home / "outbox").rglob("*.*") if path.is_file()) == before
    assert gateway("verify", cwd=home).returncode == 0
    assert gateway("replay", "99", cwd=home).returncode == 1


def test_run_serves_the_page_and_owns_the_home(home: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "gateway", "run", "--home", str(home), "--port", str(port)]
    with subprocess.Popen(command, cwd=home, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as running:
        try:
            _wait(lambda: _page(port, "/livez") is not None)
            assert gateway("once", cwd=home).returncode == 75
            for sample in ("orders.csv", "products.csv"):
                drop_sample(home, "atlas", sample)
            _wait(lambda: (_page(port, "/api/v1/files") or "").count("processed") >= 2)
            drop_sample(home, "northgate", "180-requests.edi")
            _wait(lambda: len(list((home / "outbox/northgate").glob("180_*.edi"))) == 1)
            assert "R000001" in (_page(port, "/returns") or "")
            left = gateway("replay", "3", cwd=home)
            assert (left.returncode, "left for the running gateway" in left.stdout) == (0, True)
        finally:
            running.send_signal(signal.SIGTERM)
            output, _ = running.communicate(timeout=20)
    assert running.returncode == 0
    assert output.endswith("stopped\n")


def _wait(ready: object, seconds: float = 30.0) -> None:
    assert callable(ready)
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def _page(port: int, path: str) -> str | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            text: str = answer.read().decode()
            return text
    except OSError:
        return None


def test_a_wrong_partner_folder_is_named_and_the_rest_goes_on(home: Path) -> None:
    (home / "partners/cedar/partner.toml").write_text('name = "Cedar"\nrole = "retailer\n', encoding="utf-8")
    drop_sample(home, "atlas", "orders.csv")
    drop_sample(home, "cedar", "requests.csv")
    done = gateway("once", cwd=home)
    assert done.returncode == 0, done.stderr
    status = json.loads(gateway("status", "--json", cwd=home).stdout)
    assert status["intakes"] == {"processed": 1, "quarantined": 1}
    (fault,) = status["faults"]
    assert fault["subject"].startswith("cedar/partner.toml")
    checked = gateway("check", "cedar", cwd=home)
    assert checked.returncode == 1
    assert "cedar/partner.toml:2" in checked.stdout
    unknown = gateway("check", "nobody", cwd=home)
    assert unknown.returncode != 0
    assert "no partner folder" in unknown.stderr
