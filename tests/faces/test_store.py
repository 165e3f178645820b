"""What is remembered between runs never changes an answer, and never stands in the way of one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Run
from .test_paths import NEEDS_PERMISSIONS


def _damage(store: Path, how: str) -> None:
    (file,) = store.glob("*.sqlite3")
    data = file.read_bytes()
    match how:
        case "garbage":
            file.write_bytes(b"not a database" * 1000)
        case "cut":
            file.write_bytes(data[: len(data) // 2])
        case "empty":
            file.write_bytes(b"")
        case "flipped":
            file.write_bytes(bytes(byte ^ 0xFF if index > 4096 else byte for index, byte in enumerate(data)))
        case "folder":
            file.unlink()
            file.mkdir()


@pytest.mark.parametrize("how", ["garbage", "cut", "empty", "flipped", "folder"])
def test_a_damaged_store_is_as_good_as_none(lint_process: Run, tmp_path: Path, how: str) -> None:
    before = lint_process("check")
    _damage(tmp_path / "store", how)
    for _ in range(2):
        after = lint_process("check")
        assert (after.returncode, after.stdout, after.stderr) == (1, before.stdout, "")


@NEEDS_PERMISSIONS
def test_a_store_that_cannot_be_written_is_read_or_done_without(lint_process: Run, tmp_path: Path) -> None:
    filled, empty = tmp_path / "store", tmp_path / "empty"
    before = lint_process("check")
    empty.mkdir()
    for folder in (filled, empty):
        for path in (*folder.iterdir(), folder):
            path.chmod(0o500 if path.is_dir() else 0o400)
        after = lint_process("check", is_bound=True, DEALIX_LINT_CACHE_DIR=str(folder), TMPDIR=str(empty))
        assert (after.returncode, after.stdout, after.stderr) == (1, before.stdout, "")
        folder.chmod(0o700)


def test_two_runs_at_once_say_the_same(shop: Path, environment: dict[str, str], lint_process: Run) -> None:
    command = [sys.executable, "-m", "dealix_lint", "check"]
    both = [
        subprocess.Popen(command, cwd=shop, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate() for process in both]
    assert said[0] == said[1] == (lint_process("check").stdout, "")


def test_without_a_home_and_a_place_for_temporary_files_there_is_still_an_answer(lint_process: Run) -> None:
    nowhere = os.devnull
    done = lint_process("check", HOME=nowhere, XDG_CACHE_HOME=nowhere, DEALIX_LINT_CACHE_DIR=nowhere)
    assert (done.returncode, done.stderr) == (1, "")


def test_the_cache_can_be_found_measured_and_cleared(lint: Run, shop: Path, environment: dict[str, str]) -> None:
    folder = environment["DEALIX_LINT_CACHE_DIR"]
    assert lint("cache", "dir").stdout == f"{folder}\n"
    before = lint("check").stdout
    stats = lint("cache", "stats").stdout
    assert stats.startswith(f"{folder}: ")
    assert "         2  files read, " in stats
    assert "         1  reports, inventories and graphs, " in stats
    bystander = Path(folder, "kept.txt")
    bystander.touch()
    assert lint("cache", "clear").stdout.endswith(f" removed from {folder}\n")
    assert lint("cache", "stats").stdout.count("\n") == 1
    assert bystander.exists()
    assert lint("check").stdout == before


def test_the_cache_of_a_project_is_where_its_settings_say(lint: Run, shop: Path, tmp_path: Path) -> None:
    (shop / "pyproject.toml").write_text('[tool.dealix-lint]\ncache-dir = "var/lint"\n')
    assert lint("cache", "dir", str(shop), folder=tmp_path).stdout == f"{shop / 'var/lint'}\n"


def test_a_cache_that_cannot_be_cleared_says_why(
    lint: Run, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    lint("check")
    monkeypatch.setattr(Path, "unlink", busy)
    done = lint("cache", "clear")
    assert done.returncode == 2
    assert "cannot be cleared: Permission denied" in done.stderr
