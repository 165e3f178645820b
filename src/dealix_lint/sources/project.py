"""Which project a path argument names."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from os.path import exists, isdir, isfile
from pathlib import Path
from typing import Final, TypeAlias

from dealix_lint.model.errors import SourceError

_MARKERS: Final = ("pyproject.toml", "setup.cfg", ".git")
_TABLE: Final = b"dealix-lint"


@dataclass(frozen=True, slots=True)
class Target:
    """A path argument: the root of its project and its own path below it with `/` ("" for the root itself)."""

    root: Path
    inside: str
    is_folder: bool


Known: TypeAlias = dict[Path, Path | None]
"""Folder -> the root that something marks for it, as far as already looked for."""


def locate(argument: Path, known: Known) -> Target:
    """The project that a path names: the nearest folder at or above it with `[tool.dealix-lint]`, else with a project
    marker, else the folder itself. Raises SourceError when there is no such path.

    A file without any of these belongs to the folder that its outermost package lies in. `known` is shared by the paths
    of one question, most of which lie in the same few folders."""
    try:
        path = argument.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise SourceError(f"{argument}: {_reason(error)}; give a Python file or a folder that exists") from error
    is_folder = isdir(path)
    folder = path if is_folder else path.parent
    if folder not in known:
        known[folder] = _marked(folder)
    root = known[folder] or (folder if is_folder else _import_folder(folder))
    inside = path.relative_to(root).as_posix()
    return Target(root, "" if inside == "." else inside, is_folder)


def _marked(folder: Path) -> Path | None:
    """The root that something marks at or above an existing, resolved folder."""
    chain = (folder, *folder.parents)
    for candidate in chain:
        if _configures(candidate / "pyproject.toml"):
            return candidate
    for candidate in chain:
        if any(exists(candidate / marker) for marker in _MARKERS):
            return candidate
    return None


def package_path(root: Path) -> str:
    """The path of a folder below the folder that its outermost package is imported from: `celery/app`; "" for a folder
    that is no package, or has a name that cannot be imported."""
    path = root.relative_to(_import_folder(root)).as_posix()
    return path if all(part.isidentifier() for part in path.split("/")) else ""


def _import_folder(folder: Path) -> Path:
    """The folder from which a module in `folder` is imported: above all packages."""
    while isfile(folder / "__init__.py") and folder.parent != folder:
        folder = folder.parent
    return folder


def _configures(pyproject: Path) -> bool:
    try:
        data = pyproject.read_bytes()
        if _TABLE not in data:
            return False
        tool = tomllib.loads(data.decode("utf-8")).get("tool", {})
    except OSError:
        return False
    except ValueError:
        return True  # broken, but ours: reading the settings reports where
    return isinstance(tool, dict) and "dealix-lint" in tool


def _reason(error: OSError | RuntimeError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    return error.strerror or str(error) if isinstance(error, OSError) else "symbolic links in a circle"
