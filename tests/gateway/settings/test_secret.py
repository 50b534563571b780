from __future__ import annotations

from pathlib import Path

import pytest

from gateway.faults import SecretUnusable
from gateway.settings import SecretRef


def test_secrets_are_read_only_on_use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BIRCH_PASSWORD", "s3cret")
    assert SecretRef(env="BIRCH_PASSWORD").resolve() == "s3cret"
    key = tmp_path / "key"
    key.write_text("from a file\n")
    assert SecretRef(file=str(key)).resolve() == "from a file"
    assert "s3cret" not in repr(SecretRef(env="BIRCH_PASSWORD"))


def test_a_secret_that_is_not_there_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("BIRCH_PASSWORD", raising=False)
    with pytest.raises(SecretUnusable, match="BIRCH_PASSWORD"):
        SecretRef(env="BIRCH_PASSWORD").resolve()
    with pytest.raises(SecretUnusable, match="nowhere"):
        SecretRef(file=str(tmp_path / "nowhere")).resolve()
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(SecretUnusable, match="empty"):
        SecretRef(file=str(tmp_path / "empty")).resolve()
