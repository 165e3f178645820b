"""The store can lose everything and do no harm."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from dealix_lint.engine import store as storing
from dealix_lint.engine.folder import VARIABLE, cache_folder
from dealix_lint.engine.store import Store

FILE = "results-1.sqlite3"


def put(folder: Path, key: str = "k", value: bytes = b"value") -> None:
    with Store(folder) as store:
        store.put("kind", [(key, value)])


def get(folder: Path, key: str = "k") -> bytes | None:
    with Store(folder) as store:
        found = store.get("kind", key)
        assert store.get_all("kind", [key]) == ({} if found is None else {key: found})
        return found


def test_what_is_put_is_got_by_another_process_s_store(tmp_path: Path) -> None:
    put(tmp_path)
    assert get(tmp_path) == b"value"
    assert get(tmp_path, "other") is None


def test_any_number_of_values_is_got_at_once(tmp_path: Path) -> None:
    values = {f"k{number}": b"%d" % number for number in range(1201)}
    with Store(tmp_path) as store:
        store.put("kind", values.items())
        assert store.get_all("kind", [*values, "other"]) == values
        assert store.get_all("another", [*values]) == {}
        assert store.get_all("kind", []) == {}


def test_a_store_without_folder_remembers_nothing() -> None:
    with Store(None) as store:
        store.put("kind", [("k", b"v")])
        assert store.get("kind", "k") is None
        assert store.get_all("kind", ["k"]) == {}
        assert not store.is_working


def test_a_tampered_row_is_a_miss(tmp_path: Path) -> None:
    put(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("UPDATE entry SET value = ?", (b"lies!",))
    assert get(tmp_path) is None
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("UPDATE entry SET value = 'text', checksum = 7")
    assert get(tmp_path) is None


def test_a_row_under_another_key_is_a_miss(tmp_path: Path) -> None:
    put(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("UPDATE entry SET key = 'stolen'")
    assert get(tmp_path, "stolen") is None


@pytest.mark.parametrize(
    "content", [b"", b"not a database at all, but long enough to be read as one" * 40, b"\0" * 4096]
)
def test_a_damaged_file_is_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    put(tmp_path)
    assert get(tmp_path) == b"value"


def test_another_table_layout_is_a_miss(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("CREATE TABLE entry (x)")
    put(tmp_path)
    assert get(tmp_path) is None


def test_a_locked_database_is_a_miss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "_BUSY_SECONDS", 0.01)
    put(tmp_path)
    holder = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    put(tmp_path, "new")
    holder.execute("ROLLBACK")
    holder.close()
    assert get(tmp_path, "new") is None
    assert get(tmp_path) == b"value"


def test_a_folder_where_the_file_should_be_is_a_miss(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    put(tmp_path)
    assert get(tmp_path) is None


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write everything")
def test_a_read_only_database_is_read(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / FILE).chmod(0o400)
    put(tmp_path, "new")
    assert (get(tmp_path), get(tmp_path, "new")) == (b"value", None)


def test_the_oldest_half_is_forgotten_when_the_file_grows_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "_LARGEST", 200_000)
    for number in range(10):
        put(tmp_path, str(number), bytes(50_000))
    assert get(tmp_path, "0") is None
    assert get(tmp_path, "9") == bytes(50_000)


def test_after_trouble_nothing_more_is_remembered(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.put("kind", [("before", b"v")])
        store.remember_no_more()
        store.put("kind", [("after", b"v")])
    assert (get(tmp_path, "before"), get(tmp_path, "after")) == (b"v", None)


def test_the_configured_folder_comes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "env"))
    assert cache_folder(".cache", tmp_path) == tmp_path / ".cache"
    assert cache_folder("", tmp_path) == tmp_path / "env"
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setattr("sys.platform", "linux")
    assert cache_folder("", tmp_path) == tmp_path / "xdg" / "dealix-lint"


def test_where_no_folder_can_be_written_a_private_temporary_one_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = cache_folder("file/below", tmp_path)
    assert found is not None
    assert found.parent == tmp_path
    found.chmod(0o777)
    assert cache_folder("file/below", tmp_path) is None
