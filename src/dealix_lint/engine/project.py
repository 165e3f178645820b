"""The projects that the paths of a request name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from os import getcwd
from os.path import exists, join, relpath
from pathlib import Path, PurePath

from dealix_lint.model.errors import SourceError
from dealix_lint.sources.project import Known, locate


@dataclass(frozen=True, slots=True)
class Project:
    """A project root and what of it to report: `wanted` are files and folders below it ("" is all of it), `folders`
    those of them that are folders."""

    root: Path
    wanted: tuple[str, ...]
    folders: tuple[str, ...]

    @property
    def shown(self) -> Callable[[str], str]:
        """How to print a path of the project: as one from the current folder."""
        try:
            here = getcwd()
            relpath(self.root, here)
        except (ValueError, OSError):  # another drive; the current folder is gone
            return lambda path: (self.root / path).as_posix()
        return lambda path: PurePath(relpath(join(self.root, path), here)).as_posix()


def from_here(path: Path) -> Path:
    """A path as one from the current folder, where it is below that."""
    try:
        return path.relative_to(Path.cwd())
    except (ValueError, OSError):
        return path


def find_projects(paths: Iterable[Path]) -> tuple[Project, ...]:
    """The projects that some paths name, in the order of their roots. Raises SourceError for a path that does not
    exist."""
    projects, missing = sort_out(paths)
    if missing:
        raise SourceError("\n".join(missing))
    return projects


def sort_out(paths: Iterable[Path]) -> tuple[tuple[Project, ...], tuple[str, ...]]:
    """The projects that some paths name, in the order of their roots, and what is wrong with the other paths."""
    wanted: dict[Path, dict[str, bool]] = {}
    missing: list[str] = []
    known: Known = {}
    for path in paths:
        try:
            target = locate(path, known)
        except SourceError as error:
            missing.append(str(error))
        else:
            wanted.setdefault(target.root, {})[target.inside] = target.is_folder
    return tuple(_project(root, inside) for root, inside in sorted(wanted.items())), tuple(missing)


def _project(root: Path, inside: Mapping[str, bool]) -> Project:
    folders = sorted(path for path, is_folder in inside.items() if path and is_folder)
    return Project(root, tuple(sorted(inside)), tuple(folders))


def project_of(file: Path) -> Project:
    """All of the project that a file, which may not exist yet, belongs to. `file` is resolved. Raises SourceError where
    its folder does not exist either."""
    (project,) = find_projects((file if exists(file) else file.parent,))
    return Project(project.root, ("",), ())
