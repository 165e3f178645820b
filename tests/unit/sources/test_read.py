"""Reading costs at most the file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dealix_lint.sources import read as reading
from dealix_lint.sources.imports import imported_names


def test_a_file_that_vanished_is_a_problem_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    there, gone = reading.read(tmp_path, ("a.py", "gone.py"), {})
    assert (there.data, there.problem) == (b"x = 1\n", None)
    assert gone.problem is not None
    assert "cannot be read: No such file" in gone.problem.reason


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch(mode=0)
    (content,) = reading.read(tmp_path, ("a.py",), {})
    assert content.problem is not None
    assert "Permission denied" in content.problem.reason


def test_a_file_that_is_too_large_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 3)
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    (content,) = reading.read(tmp_path, ("a.py",), {})
    assert content.problem is not None
    assert "too large" in content.problem.reason


def test_unsaved_content_replaces_what_is_on_disk(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    (content,) = reading.read(tmp_path, ("a.py",), {"a.py": b"y\n"})
    assert (content.data, content.digest) == (b"y\n", reading.digest(b"y\n"))


def test_imports_are_read_off_the_bytes() -> None:
    data = b"import a.b as c, d\r\nfrom e.f import (\n    g,\n)\nfrom . import h\ntry:\n    import i\n# import j\n"
    assert imported_names(data) == {"a.b", "d", "e.f.g", "i"}
