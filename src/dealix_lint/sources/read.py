"""Reading files: bytes and digest, or the reason why there are none."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass
from os.path import isdir
from pathlib import Path
from typing import Final

from dealix_lint.model.summary import Problem
from dealix_lint.sources.stamps import Stamps

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of the largest file that is analysed; what is larger is generated data."""


class ChangedError(Exception):
    """A file is no longer what it was when its digest was told."""


@dataclass(frozen=True, slots=True)
class Content:
    """One file: path relative to the root, hex BLAKE2b digest of its bytes, and these, or the file to read them from when they
    are asked for; or the problem that prevented reading."""

    path: str
    kept: bytes | None
    digest: str
    problem: Problem | None = None
    file: str = ""

    @property
    def data(self) -> bytes:
        """The bytes. Raises ChangedError where there are other bytes in the file by now."""
        if self.kept is not None:
            return self.kept
        try:
            with open(self.file, "rb") as opened:
                data = opened.read()
        except OSError as error:
            raise ChangedError(self.path) from error
        if digest(data) != self.digest:
            raise ChangedError(self.path)
        return data


def digest(data: bytes) -> str:
    """Hex BLAKE2b digest of some bytes."""
    return hashlib.blake2b(data, digest_size=20).hexdigest()


def read(root: Path, paths: tuple[str, ...], overlay: Mapping[str, bytes], stamps: Stamps) -> tuple[Content, ...]:
    """All files in the order given. `overlay` maps paths to unsaved content that replaces what is on disk. Files that look as
    `stamps` knows them are not read; it comes to know those that are."""
    now = time.time_ns()
    place = str(root)
    return tuple(
        _content(path, overlay[path]) if path in overlay else _read_file(path, f"{place}/{path}", stamps, now)
        for path in paths
    )


def _content(path: str, data: bytes) -> Content:
    return Content(path, data, digest(data))


def _read_file(path: str, file: str, stamps: Stamps, now: int) -> Content:
    try:
        status = os.stat(file)
        known = stamps.digest_of(path, status)
        if known is not None:
            return Content(path, None, known, None, file)
        if stat.S_ISDIR(status.st_mode):
            os.scandir(file).close()
        if not stat.S_ISREG(status.st_mode):
            return _unreadable(path, "not a regular file")
        if status.st_size > LARGEST:
            megabytes = status.st_size / 1024 / 1024
            return _unreadable(
                path, f"the file is too large: {megabytes:.1f} MB, at most {LARGEST // 1024 // 1024} MB are read"
            )
        with open(file, "rb") as opened:
            content = _content(path, opened.read())
    except OSError as error:
        what = "folder" if isdir(file) else "file"
        return _unreadable(path, f"the {what} cannot be read: {error.strerror}")
    stamps.note(path, status, content.digest, now)
    return content


def _unreadable(path: str, reason: str) -> Content:
    return Content(path, b"", digest(reason.encode()), Problem(1, 1, reason))
