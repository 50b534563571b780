from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gateway.faults import HomeInUse, HomeMissing
from gateway.home import Home


def test_create_makes_every_folder_and_closes_the_private_ones(tmp_path: Path) -> None:
    home = Home(tmp_path / "new").create()
    for folder in (home.partners, home.inbox, home.outbox, home.archive, home.archive_incoming, home.store):
        assert folder.is_dir()
    for private in (home.inbox_claimed, home.outbox_staging, home.archive_sha256, home.store):
        assert private.stat().st_mode & 0o077 == 0
    assert home.create() == home  # again does no harm


def test_claims_and_stages_are_one_rename_away(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.inbox_claimed.parent == home.inbox
    assert home.outbox_staging.parent == home.outbox


def test_the_database_is_in_the_home_unless_the_environment_says_else(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.database_url({}) == f"sqlite:///{tmp_path}/archive/store/gateway.sqlite3"
    assert home.database_url({"GATEWAY_DATABASE_URL": "postgresql://db/x"}) == "postgresql://db/x"


def test_a_folder_without_partners_is_no_home(tmp_path: Path) -> None:
    with pytest.raises(HomeMissing, match="not a gateway home"):
        Home(tmp_path).require()
    (tmp_path / "partners").mkdir()
    assert Home(tmp_path).require().inbox.is_dir()


def test_a_home_has_one_owner(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with home.acquire(), pytest.raises(HomeInUse, match="Process") as caught:
        home.acquire()
    assert caught.value.exit_code == 75
    home.acquire().release()  # free again


def test_another_process_is_refused_and_a_dead_one_frees_the_home(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from gateway.home import Home\n"
        "Home(Path(sys.argv[1])).acquire(); print('got it', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"got it\n"
        with pytest.raises(HomeInUse, match=str(other.pid)):
            Home(tmp_path).acquire()
        other.kill()
    Home(tmp_path).acquire().release()
