"""Reading files: bytes and digest, or the reason why there are none."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from os.path import isdir
from pathlib import Path
from typing import Final

from dealix_lint.model.summary import Problem

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of the largest file that is analysed; what is larger is generated data."""


@dataclass(frozen=True, slots=True)
class Content:
    """One file as read: path relative to the root, bytes, hex BLAKE2b digest of them; or the problem that prevented
    reading."""

    path: str
    data: bytes
    digest: str
    problem: Problem | None = None


def digest(data: bytes) -> str:
    """Hex BLAKE2b digest of some bytes."""
    return hashlib.blake2b(data, digest_size=20).hexdigest()


def read(root: Path, paths: tuple[str, ...], overlay: Mapping[str, bytes]) -> tuple[Content, ...]:
    """Read all files in the order given. `overlay` maps paths to unsaved content that replaces what is on disk."""
    return tuple(_content(path, overlay[path]) if path in overlay else _read_file(root, path) for path in paths)


def _content(path: str, data: bytes) -> Content:
    return Content(path, data, digest(data))


def _read_file(root: Path, path: str) -> Content:
    file = root / path
    try:
        status = file.stat()
        if stat.S_ISDIR(status.st_mode):
            os.scandir(file).close()
        if not stat.S_ISREG(status.st_mode):
            return _unreadable(path, "not a regular file")
        if status.st_size > LARGEST:
            megabytes = status.st_size / 1024 / 1024
            return _unreadable(
                path, f"the file is too large: {megabytes:.1f} MB, at most {LARGEST // 1024 // 1024} MB are read"
            )
        return _content(path, file.read_bytes())
    except OSError as error:
        what = "folder" if isdir(file) else "file"
        return _unreadable(path, f"the {what} cannot be read: {error.strerror}")


def _unreadable(path: str, reason: str) -> Content:
    return Content(path, b"", digest(reason.encode()), Problem(1, 1, reason))
