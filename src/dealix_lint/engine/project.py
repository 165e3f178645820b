"""The projects that the paths of a request name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os.path import exists, relpath
from pathlib import Path

from dealix_lint.sources.project import locate


@dataclass(frozen=True, slots=True)
class Project:
    """A project root and what of it to report: `wanted` are files and folders below it ("" is all of it), `folders`
    those of them that are folders."""

    root: Path
    wanted: tuple[str, ...]
    folders: tuple[str, ...]

    @property
    def prefix(self) -> str:
        """What to put before a path of the project so that it is one from the current folder."""
        try:
            inside = Path(relpath(self.root)).as_posix()
        except (ValueError, OSError):  # another drive; the current folder is gone
            inside = self.root.as_posix()
        return "" if inside == "." else inside.rstrip("/") + "/"


def from_here(path: Path) -> Path:
    """A path as one from the current folder, where it is below that."""
    try:
        return path.relative_to(Path.cwd())
    except (ValueError, OSError):
        return path


def find_projects(paths: Iterable[Path]) -> tuple[Project, ...]:
    """The projects that some paths name, in the order of their roots. Raises SourceError for a path that does not
    exist."""
    wanted: dict[Path, dict[str, bool]] = {}
    for path in paths:
        target = locate(path)
        wanted.setdefault(target.root, {})[target.inside] = target.is_folder
    return tuple(
        Project(
            root, tuple(sorted(inside)), tuple(sorted(path for path, is_folder in inside.items() if path and is_folder))
        )
        for root, inside in sorted(wanted.items())
    )


def project_of(file: Path) -> Project:
    """All of the project that a file, which may not exist yet, belongs to. `file` is resolved. Raises SourceError where
    its folder does not exist either."""
    (project,) = find_projects((file if exists(file) else file.parent,))
    return Project(project.root, ("",), ())
