"""Which files of a project are analysed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dealix_lint.model.errors import SourceError
from dealix_lint.model.settings import Settings
from dealix_lint.sources.defaults import (
    NEVER,
    VIRTUAL_ENVIRONMENT_MARKS,
    holds_installed,
    is_file_left_out,
    is_folder_left_out,
)
from dealix_lint.sources.ignore import IgnoreFile, is_ignored, patterns, read_ignore_file

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class _Filter:
    """What the settings leave out; `use_defaults` is false where `exclude` replaces them. `asked_for` are folders that
    the user named, searched even where a pattern leaves them out; `on_the_way` are the folders above those."""

    use_defaults: bool
    exclude: GitIgnoreSpec | None
    include: GitIgnoreSpec | None
    asked_for: frozenset[str]
    on_the_way: frozenset[str]

    def leaves_out_folder(self, folder: str, names: set[str]) -> bool:
        """Whether a folder, given the names of what is in it, is left out."""
        if not folder or folder in self.asked_for:
            return False
        if names & VIRTUAL_ENVIRONMENT_MARKS:
            return True
        parts = folder.split("/")
        parent = parts[-2] if parts[1:] else ""
        if self.use_defaults and (
            is_folder_left_out(parts[-1], parent, "__init__.py" in names) or holds_installed(names)
        ):
            return True
        return self._is_excluded(folder + "/")

    def takes_file(self, path: str) -> bool:
        """Whether a file is wanted."""
        name = path.rpartition("/")[2]
        if self.include is None and not name.endswith(".py"):
            return False
        if self.use_defaults and is_file_left_out(name):
            return False
        if self.include is not None and not self.include.match_file(path):
            return False
        return not self._is_excluded(path)

    def _is_excluded(self, path: str) -> bool:
        """Whether a pattern names the path; one that also names a folder above it which was asked for does not
        count."""
        if self.exclude is None:
            return False
        asked = max((folder for folder in self.asked_for if path.startswith(folder + "/")), key=len, default="")
        if asked and self.exclude.match_file(asked + "/"):
            return False
        return self.exclude.match_file(path)


def discover(root: Path, settings: Settings, asked_for: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Paths of all files to analyse, relative to `root` with `/`, sorted; a folder that cannot be listed is one of them,
    so that it is not passed over in silence.

    `asked_for` are folders (relative to the root) named on the command line. Symbolic links are not followed: what they
    point to is either in the project and found there, or none of its business. Raises SourceError when the root cannot
    be listed, ConfigError on a malformed pattern."""
    wanted = _Filter(
        use_defaults=settings.exclude is None,
        exclude=patterns((*(settings.exclude or ()), *settings.extend_exclude), "tool.dealix-lint.exclude"),
        include=patterns(settings.include, "tool.dealix-lint.include"),
        asked_for=frozenset(asked_for),
        on_the_way=frozenset(above for folder in asked_for for above in _above(folder)),
    )
    try:
        os.scandir(root).close()
    except OSError as error:
        raise SourceError(f"{root}: {error.strerror}; give a folder that can be read") from error
    return tuple(sorted(_walk(root, wanted)))


def _above(folder: str) -> Iterator[str]:
    parts = folder.split("/")
    return ("/".join(parts[:length]) for length in range(1, len(parts)))


@dataclass(frozen=True, slots=True)
class _Visit:
    """A folder to search (relative, "" for the root), and the ignore files that hold there. `passing`: it is left out,
    and searched only for a folder inside it that was asked for."""

    folder: str
    ignored: tuple[IgnoreFile, ...] = ()
    passing: bool = False


def _walk(root: Path, wanted: _Filter) -> Iterator[str]:
    """Files that are wanted, however deep, in no order."""
    visits = [_Visit("")]
    while visits:
        for found in _search(root, visits.pop(), wanted):
            if isinstance(found, _Visit):
                visits.append(found)
            else:
                yield found


def _search(root: Path, visit: _Visit, wanted: _Filter) -> Iterator[str | _Visit]:
    """Files of one folder that are wanted, and folders in it to search."""
    folder, ignored = visit.folder, visit.ignored
    entries = _entries(root / folder)
    if entries is None:
        yield folder  # reading it says why it cannot be
        return
    names = {entry.name for entry in entries}
    passing = visit.passing or wanted.leaves_out_folder(folder, names)
    if passing and folder not in wanted.on_the_way:
        return
    if ".gitignore" in names:
        rules = read_ignore_file(root / folder / ".gitignore", f"{folder}/" if folder else "")
        ignored = (*ignored, rules) if rules else ignored
    for entry in entries:
        path = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_dir(follow_symlinks=False):
            left_out = passing or entry.name in NEVER or is_ignored(path + "/", ignored)
            if path in wanted.asked_for:
                yield _Visit(path, () if left_out else ignored)
            elif not left_out or path in wanted.on_the_way:
                yield _Visit(path, ignored, passing=left_out)
        elif passing or not entry.is_file(follow_symlinks=False) or not wanted.takes_file(path):
            continue
        elif not is_ignored(path, ignored):
            yield path


def _entries(folder: Path) -> list[os.DirEntry[str]] | None:
    """What is in a folder; None where it may not be listed: that costs this folder only."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:  # it went away in between
        return []
    except OSError:
        return None
