"""What was computed before, in a SQLite file: values by kind and key. Nothing in it can do harm; whatever is wrong is
a miss."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_FILE: Final = "results-1.sqlite3"
_LARGEST: Final = 512 * 1024 * 1024
_BUSY_SECONDS: Final = 3.0
_AT_ONCE: Final = 500  # keys that one query asks for; SQLite allows 999
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS entry (
    kind TEXT NOT NULL, key TEXT NOT NULL, checksum BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, key)
)"""


class Store:
    """A key-value store that several processes may share. With `folder` None, or a database that cannot be used, it
    is empty and remembers nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._database = _open(folder / _FILE) if folder is not None else None
        self._is_closed_to_news = False

    @property
    def is_working(self) -> bool:
        """Whether anything is remembered at all."""
        return self._database is not None

    def get(self, kind: str, key: str) -> bytes | None:
        """The value under a key, exactly as it was put; None where there is none or where it was damaged."""
        if self._database is None:
            return None
        try:
            row = self._database.execute(
                "SELECT checksum, value FROM entry WHERE kind = ? AND key = ?", (kind, key)
            ).fetchone()
        except (sqlite3.Error, OverflowError):
            return None
        if row is None or not isinstance(row[1], bytes) or row[0] != _checksum(kind, key, row[1]):
            return None
        return row[1]

    def get_all(self, kind: str, keys: Sequence[str]) -> dict[str, bytes]:
        """The values under those of the keys that have one, as `get` gives them."""
        if self._database is None:
            return {}
        found: dict[str, bytes] = {}
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            query = f"SELECT key, checksum, value FROM entry WHERE kind = ? AND key IN ({','.join('?' * len(some))})"
            with suppress(sqlite3.Error, OverflowError):
                rows = self._database.execute(query, (kind, *some)).fetchall()
                found.update(
                    (key, value)
                    for key, checksum, value in rows
                    if isinstance(value, bytes) and checksum == _checksum(kind, key, value)
                )
        return found

    def put(self, kind: str, entries: Iterable[tuple[str, bytes]]) -> None:
        """Remember values by key, in one transaction; quietly not, where that fails."""
        if self._database is None or self._is_closed_to_news:
            return
        rows = [(kind, key, _checksum(kind, key, value), value) for key, value in entries]
        with suppress(sqlite3.Error), self._database:
            self._database.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)", rows)

    def remember_no_more(self) -> None:
        """From here on nothing is put: something went wrong that may go right the next time."""
        self._is_closed_to_news = True

    def counts(self) -> dict[str, tuple[int, int]]:
        """How many values there are of each kind, and how many bytes they have together."""
        if self._database is None:
            return {}
        try:
            rows = self._database.execute(
                "SELECT kind, count(*), sum(length(value)) FROM entry GROUP BY kind ORDER BY kind"
            ).fetchall()
        except sqlite3.Error:
            return {}
        return {str(kind): (int(number), int(size)) for kind, number, size in rows}

    def close(self) -> None:
        """Keep the file below its limit, and let go of it."""
        if self._database is not None:
            with suppress(sqlite3.Error):
                _forget_oldest(self._database)
            self._database.close()
            self._database = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def size_on_disk(folder: Path) -> int:
    """Bytes of the files of the store in a folder."""
    total = 0
    for file in _files(folder / _FILE):
        with suppress(OSError):
            total += file.stat().st_size
    return total


def forget(folder: Path) -> None:
    """Remove the files of the store in a folder, and nothing else. Raises OSError where that cannot be done."""
    for file in _files(folder / _FILE):
        file.unlink(missing_ok=True)


def _files(file: Path) -> Iterator[Path]:
    return (file.with_name(file.name + suffix) for suffix in ("", "-wal", "-shm"))


def _checksum(kind: str, key: str, value: bytes) -> bytes:
    return hashlib.blake2b(f"{kind}\0{key}\0".encode() + value, digest_size=16).digest()


def _open(file: Path) -> sqlite3.Connection | None:
    """The database; a damaged one is replaced."""
    for is_last_try in (False, True):
        database = None
        try:
            database = sqlite3.connect(file, timeout=_BUSY_SECONDS)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute(_TABLE)
            return database
        except sqlite3.OperationalError:  # locked, read-only, no space: not ours to mend
            return _usable_for_reading(database)
        except sqlite3.DatabaseError:
            if database is not None:
                database.close()
            if is_last_try or not _remove(file):
                return None
    return None


def _usable_for_reading(database: sqlite3.Connection | None) -> sqlite3.Connection | None:
    """The database if what is in it can be read, though nothing can be written."""
    if database is None:
        return None
    try:
        database.execute("SELECT count(*) FROM (SELECT 1 FROM entry LIMIT 1)")
    except sqlite3.Error:
        database.close()
        return None
    return database


def _remove(file: Path) -> bool:
    try:
        forget(file.parent)
    except OSError:
        return False
    return True


def _forget_oldest(database: sqlite3.Connection) -> None:
    """Drop the older half when the file has grown too large; its space is used again."""
    (pages,), (free,), (size,) = (
        database.execute(f"PRAGMA {what}").fetchone() for what in ("page_count", "freelist_count", "page_size")
    )
    if (pages - free) * size <= _LARGEST:
        return
    with database:
        database.execute(
            "DELETE FROM entry WHERE rowid <= (SELECT rowid FROM entry ORDER BY rowid LIMIT 1 OFFSET"
            " (SELECT count(*) / 2 FROM entry))"
        )
