"""What is remembered of earlier runs, and where: `dealix-lint cache`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dealix_lint.config.document import read_table
from dealix_lint.engine.configuration import origin_of, store_folder
from dealix_lint.engine.request import Request
from dealix_lint.engine.store import Store, forget, size_on_disk
from dealix_lint.model.errors import StoreError

KINDS: Final = {
    "summary": "files read",
    "meaning": "files compared",
    "positions": "files with places looked up",
    "verdict": "programs checked",
    "answer": "reports, inventories and graphs",
    "settings": "settings checked",
}
"""The kinds of values in the store, for people."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The folder of the store, bytes of its files, and by kind how many values there are and their bytes."""

    folder: Path
    size: int
    counts: dict[str, tuple[int, int]]


def folder_of(root: Path, request: Request) -> Path:
    """The folder that the results of a project are remembered in. Raises StoreError where there is none."""
    table = read_table(origin_of(root, request), is_required=request.config is not None)
    folder = store_folder(table, root)
    if folder is None:
        raise StoreError("no folder to remember results in can be written; set `cache-dir` or DEALIX_LINT_CACHE_DIR")
    return folder


def look_into(folder: Path) -> Remembered:
    """What is remembered in a folder."""
    with Store(folder) as store:
        counts = store.counts()
    return Remembered(folder, size_on_disk(folder), counts)


def clear(folder: Path) -> int:
    """Forget everything in a folder; the bytes that were freed. Raises StoreError."""
    size = size_on_disk(folder)
    try:
        forget(folder)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be cleared: {error.strerror}; is another run going on?") from error
    return size - size_on_disk(folder)
