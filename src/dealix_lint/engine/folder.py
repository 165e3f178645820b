"""Where results are remembered."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "DEALIX_LINT_CACHE_DIR"


def cache_folder(configured: str, root: Path) -> Path | None:
    """The folder of the store: `configured` (relative to the project root), else the environment variable, else the
    platform's cache folder, else a private one among the temporary files. Created if need be; None where nothing can
    be written."""
    for folder in _candidates(configured, root):
        if _is_usable(folder):
            return folder
    temporary = Path(tempfile.gettempdir()) / f"dealix-lint-{_user()}"
    return temporary if _is_usable(temporary) and _is_private(temporary) else None


def _candidates(configured: str, root: Path) -> Iterator[Path]:
    if configured:
        yield root / configured
        return
    variable = os.environ.get(VARIABLE)
    if variable:
        yield Path(variable).absolute()
        return
    base = _platform_folder()
    if base is not None:
        yield base / "dealix-lint"


def _platform_folder() -> Path | None:
    try:
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches"
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:  # no home folder
        return None


def _is_usable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _is_private(folder: Path) -> bool:
    """Whether a folder is ours alone: others may write among the temporary files."""
    if not hasattr(os, "getuid"):
        return True
    status = folder.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o077


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "user"
