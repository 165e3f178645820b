"""The analysed files as a tree of modules and packages that could be imported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property


def join(folder: str, name: str) -> str:
    """`folder/name`, for the project root ("") just `name`."""
    return f"{folder}/{name}" if folder else name


def folder_of(path: str) -> str:
    """The folder that holds a path; "" for the project root."""
    return path.rpartition("/")[0]


class ModuleTree:
    """Answers what importing a name could find, given the paths of all analysed files."""

    def __init__(self, files: Iterable[str]) -> None:
        self.files = frozenset(files)

    @cached_property
    def folders(self) -> frozenset[str]:
        """All folders that hold analysed files, at any depth; without the project root."""
        found: set[str] = set()
        for path in self.files:
            folder = folder_of(path)
            while folder and folder not in found:
                found.add(folder)
                folder = folder_of(folder)
        return frozenset(found)

    @cached_property
    def providers(self) -> dict[str, tuple[str, ...]]:
        """Module or package name -> the folders in which something of that name lies, sorted."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for path in self.files:
            folder, _, name = path.rpartition("/")
            found[name.removesuffix(".py")].add(folder)
        for package in self.folders:
            folder, _, name = package.rpartition("/")
            found[name].add(folder)
        return {name: tuple(sorted(folders)) for name, folders in found.items()}

    def is_package(self, folder: str) -> bool:
        """Whether a folder holds an `__init__.py`."""
        return join(folder, "__init__.py") in self.files

    def exists(self, path: str) -> bool:
        """Whether there is a module or folder at a path without suffix."""
        return path + ".py" in self.files or path in self.folders

    def provides(self, folder: str, dotted: str) -> bool:
        """Whether `import <dotted>` with `folder` on the import path finds something. A folder without `__init__.py`
        counts only where the next part of the name is found in it."""
        top, _, rest = dotted.partition(".")
        base = join(folder, top)
        if base + ".py" in self.files or self.is_package(base):
            return True
        return bool(rest) and base in self.folders and self.exists(join(base, rest.partition(".")[0]))
