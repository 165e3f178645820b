"""Parts of a project that know nothing of each other: each is a program of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dealix_lint.link.imports import absolute
from dealix_lint.link.linker import path_name
from dealix_lint.link.mentions import Mentions
from dealix_lint.model.source import SourceFile

POOLED: Final = 15_000
"""Instructions up to which parts are put together again: what so little costs is not worth telling apart."""
_SUFFIXES: Final = frozenset((
    "cfg", "conf", "css", "csv", "db", "env", "html", "ini", "js", "json", "lock", "log", "md", "pdf", "png", "py", "sh", "sql",
    "svg", "toml", "ts", "txt", "xml", "yaml", "yml", "zip",
))  # fmt: skip
"""What a text ends in that looks like a name in a module and means a file."""


def parts(
    sources: Sequence[SourceFile], mentioned: Sequence[Mentions], sizes: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    """The files by number in groups: what imports, names or dispatches to each other is in one, and so is a package with all
    that lies in it. Small groups share one as long as no two files in it have the same name. Each group, and the groups by
    their first file, are in order. `sizes` are in instructions."""
    joined = _Groups(len(sources))
    by_package: dict[str, int] = {}
    for index, package in enumerate(_packages(sources)):
        joined.join(index, by_package.setdefault(package, index))
    names = _Names(sources)
    for index, mentions in enumerate(mentioned):
        for target in names.meant(index, mentions):
            joined.join(index, target)
    _join_by_dispatch(joined, mentioned)
    return _pooled(joined.members(), sources, sizes)


class _Groups:
    """Disjoint sets of numbers."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def find(self, index: int) -> int:
        """The least member of a group."""
        above = self._above
        while above[index] != index:
            above[index] = index = above[above[index]]
        return index

    def join(self, one: int, other: int) -> None:
        """Make one group of two."""
        low, high = sorted((self.find(one), self.find(other)))
        self._above[high] = low

    def members(self) -> list[list[int]]:
        """All groups."""
        found: dict[int, list[int]] = {}
        for index in range(len(self._above)):
            found.setdefault(self.find(index), []).append(index)
        return list(found.values())


def _packages(sources: Sequence[SourceFile]) -> Iterator[str]:
    """For each file the outermost package folder around it, else the file itself."""
    folders = {_folder(source.path) for source in sources if source.is_package}
    for source in sources:
        above = [folder for folder in _folders(source.path) if folder in folders]
        yield f"{above[-1]}/" if above else source.path


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _folders(path: str) -> Iterator[str]:
    """The folders around a file, the innermost first."""
    while path:
        path = _folder(path)
        yield path


class _Names:
    """Which files a dotted name may mean, seen from one of them."""

    def __init__(self, sources: Sequence[SourceFile]) -> None:
        self._sources = sources
        self._modules: dict[str, list[int]] = {}
        for index, source in enumerate(sources):
            for name in {source.module, *source.aliases, path_name(source)} - {""}:
                self._modules.setdefault(name, []).append(index)
        self._below: defaultdict[str, list[int]] = defaultdict(list)  # namespace -> what lies in it
        for name, found in self._modules.items():
            while "." in name:
                name = name.rpartition(".")[0]
                if name not in self._modules:
                    self._below[name] += found

    def meant(self, index: int, mentions: Mentions) -> Iterator[int]:
        """The files that a file mentions."""
        for imported in mentions.imports:
            base, _, name = imported.partition(" ")
            plain = base.lstrip(".")
            yield from self._imported(index, absolute(self._sources[index], plain, len(base) - len(plain)), name)
        for text in mentions.texts:
            yield from self._named(index, text)

    def _imported(self, index: int, base: str, name: str) -> Iterator[int]:
        if name and name != "*":
            found = self._modules.get(f"{base}.{name}" if base else name)
            if found is not None:
                yield from self._nearest(index, found)
        known = self._longest(base)
        if known:
            yield from self._nearest(index, self._modules[known])
        elif not name or name == "*":  # of a namespace, anything may be used
            yield from self._nearest(index, self._below.get(base, ()))

    def _longest(self, name: str) -> str:
        """The longest beginning of a dotted name that is a module; "" for none."""
        while name not in self._modules:
            name, dot, _ = name.rpartition(".")
            if not dot:
                return ""
        return name

    def _named(self, index: int, text: str) -> Iterator[int]:
        name = text.rstrip(".:")
        known = self._longest(name)
        if not known:
            yield from self._nearest(index, self._below.get(name, ()))
            return
        rest = name[len(known) + 1 :].split(".")
        is_file = "." not in known and (len(rest) > 1 or rest[0] in _SUFFIXES)
        if not is_file:
            yield from self._nearest(index, self._modules[known])

    def _nearest(self, index: int, found: Sequence[int]) -> Iterable[int]:
        """Of several files of one name those that share the longest way with the one that names it."""
        if len(found) < 2:
            return found
        folders = self._sources[index].path.split("/")[:-1]
        shared = [_shared(folders, self._sources[other].path.split("/")) for other in found]
        most = max(shared)
        return [other for other, length in zip(found, shared, strict=True) if length == most]


def _shared(folders: Sequence[str], parts: Sequence[str]) -> int:
    length = 0
    for one, other in zip(folders, parts, strict=False):
        if one != other:
            break
        length += 1
    return length


def _join_by_dispatch(joined: _Groups, mentioned: Sequence[Mentions]) -> None:
    """Put together what runs something by its name with what offers that name, where it has none of that name itself."""
    offering: defaultdict[str, set[int]] = defaultdict(set)
    for index, mentions in enumerate(mentioned):
        for name in mentions.offered:
            offering[name].add(joined.find(index))
    pairs = [
        (index, other)
        for index, mentions in enumerate(mentioned)
        for name in mentions.wanted
        if (others := offering.get(name)) is not None and joined.find(index) not in others
        for other in others
    ]
    for index, other in pairs:
        joined.join(index, other)


def _pooled(
    groups: Iterable[list[int]], sources: Sequence[SourceFile], sizes: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    """The groups, small ones put together in the order of their first files."""
    pool: list[int] = []
    names: set[str] = set()
    room = POOLED
    whole: list[tuple[int, ...]] = []
    for group in groups:
        size = sum(sizes[index] for index in group)
        if size > POOLED:
            whole.append(tuple(group))
            continue
        own = {sources[index].module for index in group}
        if pool and (size > room or not names.isdisjoint(own)):
            whole.append(tuple(sorted(pool)))
            pool, names, room = [], set(), POOLED
        pool += group
        names |= own
        room -= size
    if pool:
        whole.append(tuple(sorted(pool)))
    return tuple(sorted(whole))
