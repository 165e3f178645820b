"""Modules of the same name in several import roots of one program: `app.pay` of two services that share a library."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from dealix_lint.model.source import SourceFile


def told_apart(sources: Sequence[SourceFile]) -> tuple[tuple[SourceFile, ...], tuple[str, ...]]:
    """The files, and the roots, outermost first, whose modules are now named by their paths because another root has modules of
    the same names. The project root, else the first root, keeps its names."""
    roots = [_root(source) for source in sources]
    sharing: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for source, root in zip(sources, roots, strict=True):
        if root is not None:
            sharing[source.module][root] = None
    apart = sorted({root for found in sharing.values() if len(found) > 1 for root in _but_one(found)})
    renamed = (_by_path(source, root) if root in apart else source for source, root in zip(sources, roots, strict=True))
    return tuple(renamed), tuple(apart)


def _but_one(roots: Iterable[str]) -> list[str]:
    return sorted(roots, key=lambda root: root != "")[1:]


def _root(source: SourceFile) -> str | None:
    """The folder that the module name of a file counts from; None where the name is not its path from somewhere."""
    path = source.path.removesuffix("/__init__.py").removesuffix(".py")
    inside = source.module.replace(".", "/")
    if path == inside:
        return ""
    return path.removesuffix(f"/{inside}") if path.endswith(f"/{inside}") else None


def _by_path(source: SourceFile, root: str) -> SourceFile:
    name = f"{as_prefix(root)}.{source.module}"
    aliases = (source.module, *(alias for alias in source.aliases if alias != name))
    return replace(source, module=name, aliases=aliases)


def as_prefix(root: str) -> str:
    """A folder as the beginning of a module name."""
    return root.replace(".", "_").replace("/", ".")
