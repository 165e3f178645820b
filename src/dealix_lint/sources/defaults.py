"""What is left out of an analysis unless `exclude` says otherwise, and what never belongs to a project."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

NEVER: Final = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        "__pycache__",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".hypothesis",
        ".eggs",
        ".tox",
        ".nox",
        ".venv",
        "node_modules",
    }
)
"""Folders that hold no source of the project, whatever `exclude` says."""

VIRTUAL_ENVIRONMENT_MARKS: Final = frozenset({"pyvenv.cfg", "conda-meta"})
"""A folder that holds one of these is a virtual environment under any name."""

FEWEST_INSTALLED: Final = 2
"""A folder with the records (`*.dist-info`) of that many packages is where an installer put them (`pip install --target`)."""

_TESTS: Final = frozenset({"tests", "test"})
_OUTPUT: Final = frozenset({"build", "dist"})
_TEST_FILE: Final = re.compile(r"(?:tests?_.*|.*_test|tests|conftest)\.py\Z")


def is_folder_left_out(name: str, parent: str, is_package: bool) -> bool:
    """Whether the default excludes leave out a folder.

    `parent` is the name of the folder it is in, `is_package` whether it holds an `__init__.py`: a package called
    `build` is source, not build output."""
    if name in _TESTS or name == "migrations" or name.endswith(".egg-info"):
        return True
    if name == "versions" and parent == "alembic":
        return True
    return (name in _OUTPUT and not is_package) or name == "venv"


def holds_installed(names: Iterable[str]) -> bool:
    """Whether a folder, given the names of what is in it, holds packages that were installed there, not source of the project."""
    return sum(name.endswith(".dist-info") for name in names) >= FEWEST_INSTALLED


def is_file_left_out(name: str) -> bool:
    """Whether the default excludes leave out a file."""
    return _TEST_FILE.match(name) is not None
