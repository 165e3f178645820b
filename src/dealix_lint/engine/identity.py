"""Digests of everything a result depends on, so that a remembered one is never used for something else."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from os.path import isfile
from pathlib import Path

from dealix_lint import __version__
from dealix_lint.catalog.locate import rules_folder


def combine(parts: Iterable[str]) -> str:
    """A digest of some texts in order."""
    digest = hashlib.blake2b(digest_size=20)
    for part in parts:
        data = part.encode("utf-8", "surrogateescape")
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


@cache
def tool_digest() -> str:
    """What this very copy of the tool is: version, Python version, and the state of its files (an editable install
    changes without its version changing)."""
    package = Path(__file__).resolve().parent.parent
    return combine((__version__, *map(str, sys.version_info[:2]), *_states(package, ".py")))


@cache
def rules_digest() -> str:
    """The state of the files of the shipped `rules/`."""
    return combine(_states(rules_folder(), ".toml"))


def _states(folder: Path, suffix: str) -> Iterator[str]:
    return (f"{path}:{status.st_size}:{status.st_mtime_ns}" for path, status in _files(folder, suffix))


def files_digest(folders: Iterable[Path], suffix: str) -> str:
    """The content of all files with a suffix in some folders or, where a path is one, of the file."""
    parts: list[str] = []
    for folder in folders:
        files = [(folder.name, folder)] if isfile(folder) else [(p, folder / p) for p, _ in _files(folder, suffix)]
        for name, file in files:
            parts += (name, _content_digest(file))
    return combine(parts)


def _content_digest(file: Path) -> str:
    try:
        return hashlib.blake2b(file.read_bytes(), digest_size=20).hexdigest()
    except OSError as error:
        return f"unreadable: {error.errno}"


def _files(folder: Path, suffix: str) -> Iterator[tuple[str, os.stat_result]]:
    """Files below a folder with a suffix, by relative path, in order."""
    found = []
    top = len(str(folder)) + 1
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            if name.endswith(suffix):
                path = os.path.join(where, name)
                with suppress(OSError):  # a link to nowhere, such as editors make to lock a file
                    found.append((path[top:].replace(os.sep, "/"), os.stat(path)))
    return iter(sorted(found, key=lambda entry: entry[0]))
