"""Detection of import roots: the folders from which the analysed files import each other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from dealix_lint.sources.tree import ModuleTree, folder_of, join

FEWEST_IMPORTS = 3  # of a package that is imported by its bare name though it is inside another one


@dataclass(frozen=True, slots=True)
class Roots:
    """Folders relative to the project root ("" is the root itself), sorted.

    Modules are named by the deepest of `proper`. `further` are folders that others import through, but whose modules
    also import each other as if they stood at the top (scripts, say): these give modules a second name only. `above` is
    the path of the project root itself, where that is a folder of a package: then the others are relative to the folder
    above that package."""

    proper: tuple[str, ...]
    further: tuple[str, ...] = ()
    above: str = ""


@dataclass(frozen=True, slots=True, order=True)
class _Import:
    """A dotted name imported absolutely by a file in `folder`."""

    folder: str
    dotted: str

    @property
    def top(self) -> str:
        return self.dotted.partition(".")[0]


Defines: TypeAlias = Callable[[str, str], bool]
"""Whether the file at a path defines a name at its top."""


def detect(
    tree: ModuleTree, imports: Mapping[str, frozenset[str]], external: frozenset[str], defines: Defines
) -> Roots:
    """The project root, `src/`, and every folder that holds a top-level module or package which an analysed file
    imports absolutely and no nearer root provides.

    `imports` maps file paths to imported dotted names. `external` are top-level names of libraries known by name:
    `stripe` next to a file `stripe.py` means the library, unless what is imported of it is there (`from stripe.refunds
    import pay` next to `stripe/refunds.py`). The names of the standard library always mean it, and so does what a file
    of that very name imports."""
    misleading = frozenset(path for path, names in imports.items() if _imports_itself(path, names))
    wanted = sorted(_first_party(tree, imports, external, defines))
    inside = _namespace_packages(tree, wanted)
    tops = [(name, _top_level(tree, name, inside, misleading)) for name in wanted]
    tops = [(name, folders) for name, folders in tops if name.top not in external or _above(folders, name)]
    proper = _proper(tops, {""} | ({"src"} if "src" in tree.folders and not tree.is_package("src") else set()))
    missing = [name for name in wanted if not any(tree.provides(folder, name.dotted) for folder in proper)]
    further = {*_further(tree, missing, proper, misleading), *_made_roots(tree, missing)}
    return Roots(tuple(sorted(proper)), tuple(sorted(further)))


def _proper(tops: Sequence[tuple[_Import, list[str]]], known: set[str]) -> set[str]:
    """`known` and the root that each import needs: the nearest at or above the importing file, else the nearest of
    all, unless a known one will do."""
    elsewhere = []
    for name, folders in tops:
        above = _above(folders, name)
        if above:
            known.add(max(above, key=_depth))
        else:
            elsewhere.append((name, folders))
    for name, folders in elsewhere:
        if folders and not known.intersection(folders):
            known.add(min(folders, key=lambda folder: (_distance(folder, name.folder), _depth(folder), folder)))
    return known


def _above(folders: Sequence[str], name: _Import) -> list[str]:
    return [folder for folder in folders if _is_at_or_above(folder, name.folder)]


def _top_level(tree: ModuleTree, name: _Import, inside: frozenset[str], misleading: frozenset[str]) -> list[str]:
    """Folders that are not inside a package and provide a name."""
    return [
        folder
        for folder in tree.providers[name.top]
        if tree.provides(folder, name.dotted)
        and not tree.is_package(folder)
        and folder not in inside
        and join(folder, name.top + ".py") not in misleading
    ]


def _first_party(
    tree: ModuleTree, imports: Mapping[str, frozenset[str]], external: frozenset[str], defines: Defines
) -> set[_Import]:
    """Imports that something in the tree may answer."""
    found = {
        _Import(folder_of(path), name)
        for path, names in imports.items()
        for name in names
        if (top := name.partition(".")[0]) in tree.providers and top not in sys.stdlib_module_names
    }
    return {name for name in found if name.top not in external or _is_beside(tree, name, defines)}


def _is_beside(tree: ModuleTree, name: _Import, defines: Defines) -> bool:
    """Whether a folder at or above the importing file has, outside of packages, what is imported. A file of a package is
    beside nothing but that package itself."""
    member = name.dotted.split(".")[1:2]
    for folder in _above(tree.providers[name.top], name) if member else ():
        base = join(folder, name.top)
        if tree.is_package(folder) or (tree.is_package(name.folder) and not _is_at_or_above(base, name.folder)):
            continue
        if tree.exists(join(base, member[0])):
            return True
        if any(path in tree.files and defines(path, member[0]) for path in (f"{base}.py", join(base, "__init__.py"))):
            return True
    return False


def _imports_itself(path: str, names: frozenset[str]) -> bool:
    """`celery.py` with `from celery import Celery`: the name means a library."""
    own = path.rpartition("/")[2].removesuffix(".py")
    return any(name.partition(".")[0] == own for name in names)


def _namespace_packages(tree: ModuleTree, wanted: list[_Import]) -> frozenset[str]:
    """Folders without `__init__.py` that somebody imports through, as in `import app.services.billing`: nothing in
    them is at the top."""
    found: set[str] = set()
    for name in wanted:
        parts = name.dotted.split(".")
        for folder in tree.providers[name.top]:
            package = folder
            for part, member in pairwise(parts):
                package = join(package, part)
                if package not in tree.folders or not tree.exists(join(package, member)):
                    break
                found.add(package)
    return frozenset(found)


def _further(tree: ModuleTree, missing: list[_Import], proper: set[str], misleading: frozenset[str]) -> Iterator[str]:
    """For names that no proper root provides: the folder of the importing file, if that does and is not a regular
    package (in one, a bare name means a library, even where a module beside has it)."""
    for name in missing:
        if tree.is_package(name.folder):
            continue
        if join(name.folder, name.top + ".py") in misleading or not tree.provides(name.folder, name.dotted):
            continue
        if name.folder not in proper:
            yield name.folder


def _made_roots(tree: ModuleTree, missing: list[_Import]) -> Iterator[str]:
    """Packages that put themselves on the path (`sys.path.insert(0, dirname(__file__))`): folders of a package in which
    another one is imported by its bare name, also by its own modules, and has all that is imported of it."""
    dotted: dict[str, set[_Import]] = {}
    for name in missing:
        dotted.setdefault(name.top, set()).add(name)
    for top, names in dotted.items():
        if len({name.dotted for name in names}) < FEWEST_IMPORTS:
            continue
        for folder in tree.providers[top]:
            package = join(folder, top)
            is_inside = any(_is_at_or_above(package, name.folder) for name in names)
            if is_inside and tree.is_package(package) and all(_has(tree, package, name.dotted) for name in names):
                yield folder


def _has(tree: ModuleTree, package: str, dotted: str) -> bool:
    """Whether a package has the module that is imported of it; of `web.main` that may be a function of `web` instead."""
    parts = dotted.split(".")
    return len(parts) < 3 or tree.exists(join(package, parts[1]))


def _is_at_or_above(folder: str, below: str) -> bool:
    return not folder or below == folder or below.startswith(folder + "/")


def _depth(folder: str) -> int:
    return folder.count("/") + 1 if folder else 0


def _distance(folder: str, other: str) -> int:
    """Steps up and down from one folder to another."""
    left, right = (path.split("/") if path else [] for path in (folder, other))
    shared = 0
    while shared < min(len(left), len(right)) and left[shared] == right[shared]:
        shared += 1
    return len(left) + len(right) - 2 * shared
