"""Projects to analyse, and a store of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dealix_lint.engine.folder import VARIABLE


@pytest.fixture(autouse=True)
def _own_store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path_factory.mktemp("store")))


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Writes files (name with `/` -> text) into a project folder and gives the folder."""

    def write(files: dict[str, str]) -> Path:
        root = tmp_path / "project"
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return root

    return write
