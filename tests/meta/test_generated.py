"""Generated files are those that the generator writes now."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.meta.pages import ROOT


def _generate(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts" / "generate.py"), *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def _copy(tmp_path: Path) -> Path:
    for name in ("src", "rules", "scripts", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_generated_files_are_up_to_date() -> None:
    result = _generate(ROOT, "--check")
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_page_that_differs_is_named_and_then_written(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    page = copy / "docs" / "rules" / "DLX101.md"
    before = page.read_text(encoding="utf-8")
    page.write_text("changed by hand\n", encoding="utf-8")
    stale = _generate(copy, "--check")
    assert stale.returncode == 1
    assert "docs/rules/DLX101.md" in stale.stdout
    assert _generate(copy).returncode == 0
    assert page.read_text(encoding="utf-8") == before


def test_a_page_of_a_code_that_is_gone_is_named_and_then_removed(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    orphan = copy / "docs" / "rules" / "DLX999.md"
    orphan.write_text("of a code that is gone\n", encoding="utf-8")
    stale = _generate(copy, "--check")
    assert stale.returncode == 1
    assert "docs/rules/DLX999.md" in stale.stdout
    assert _generate(copy).returncode == 0
    assert not orphan.exists()
