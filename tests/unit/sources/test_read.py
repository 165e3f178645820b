"""Reading costs at most the file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dealix_lint.sources import read as reading
from dealix_lint.sources import stamps as stamping
from dealix_lint.sources.imports import imported_names
from dealix_lint.sources.stamps import Stamps


def test_a_file_that_vanished_is_a_problem_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    there, gone = reading.read(tmp_path, ("a.py", "gone.py"), {}, Stamps())
    assert (there.data, there.problem) == (b"x = 1\n", None)
    assert gone.problem is not None
    assert "cannot be read: No such file" in gone.problem.reason


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch(mode=0)
    (content,) = reading.read(tmp_path, ("a.py",), {}, Stamps())
    assert content.problem is not None
    assert "Permission denied" in content.problem.reason


def test_a_file_that_is_too_large_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 3)
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    (content,) = reading.read(tmp_path, ("a.py",), {}, Stamps())
    assert content.problem is not None
    assert "too large" in content.problem.reason


def test_unsaved_content_replaces_what_is_on_disk(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    (content,) = reading.read(tmp_path, ("a.py",), {"a.py": b"y\n"}, Stamps())
    assert (content.data, content.digest) == (b"y\n", reading.digest(b"y\n"))


@pytest.fixture
def _ticks_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were written just now count as written long ago."""
    monkeypatch.setattr(stamping, "_TICK", -(10**18))


@pytest.mark.usefixtures("_ticks_fast")
def test_a_file_that_looks_as_it_did_is_read_when_its_content_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"x = 1\n")
    stamps = Stamps()
    (first,) = reading.read(tmp_path, ("a.py",), {}, stamps)
    (again,) = reading.read(tmp_path, ("a.py",), {}, Stamps.decoded(stamps.encoded()))
    assert (first.kept, again.kept) == (b"x = 1\n", None)
    assert (again.digest, again.data) == (first.digest, first.data)
    file.write_bytes(b"x = 2\n")
    with pytest.raises(reading.ChangedError):
        _ = again.data
    file.unlink()
    with pytest.raises(reading.ChangedError):
        _ = again.data


@pytest.mark.usefixtures("_ticks_fast")
def test_a_changed_file_is_read_again_however_it_is_disguised(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"x = 1\n")
    before = file.stat()
    stamps = Stamps()
    reading.read(tmp_path, ("a.py",), {}, stamps)
    file.write_bytes(b"x = 2\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    (content,) = reading.read(tmp_path, ("a.py",), {}, stamps)
    assert content.digest == reading.digest(b"x = 2\n")
    (tmp_path / "b.py").write_bytes(b"x = 3\n")
    (tmp_path / "b.py").replace(file)
    (content,) = reading.read(tmp_path, ("a.py",), {}, stamps)
    assert content.digest == reading.digest(b"x = 3\n")


def test_a_file_that_has_just_been_written_is_not_taken_as_known(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = 1\n")
    stamps = Stamps()
    reading.read(tmp_path, ("a.py",), {}, stamps)
    assert stamps == Stamps()


def test_damaged_stamps_are_none() -> None:
    for damaged in (b"", b"7", b"[[1]]", b'[["a.py", 1, 2, 3, 4, 5, "d", 7]]', None):
        assert Stamps.decoded(damaged) == Stamps()


@pytest.mark.usefixtures("_ticks_fast")
def test_stamps_of_other_files_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamping, "_SPARE", 0)
    names = tuple(f"{number}.py" for number in range(5))
    for name in names:
        (tmp_path / name).write_bytes(b"")
    stamps, few = Stamps(), Stamps()
    reading.read(tmp_path, names, {}, stamps)
    reading.read(tmp_path, names[:2], {}, few)
    stamps.forget_others(names[:3])
    assert stamps != few
    stamps.forget_others(names[:2])
    assert stamps == few


def test_imports_are_read_off_the_bytes() -> None:
    data = b"import a.b as c, d\r\nfrom e.f import (\n    g,\n)\nfrom . import h\ntry:\n    import i\n# import j\n"
    assert imported_names(data) == {"a.b", "d", "e.f.g", "i"}
