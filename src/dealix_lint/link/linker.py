"""Summaries joined into a program: which file a dotted module name means."""

from __future__ import annotations

from collections.abc import Sequence

from dealix_lint.link.apart import told_apart
from dealix_lint.model.program import Program
from dealix_lint.model.source import SourceFile
from dealix_lint.model.summary import ModuleSummary


def link(sources: Sequence[SourceFile], summaries: Sequence[ModuleSummary]) -> Program:
    """Join files (in path order) and their summaries.

    A package wins over a module of the same name, as in CPython's import system. A file is also importable under its
    path from the project root, because projects mix import roots (`app.x` and `backend.app.x`). Where several roots have
    modules of one name, those of all but one go by their paths."""
    sources, apart = told_apart(sources)
    modules: dict[str, int] = {}
    for index, source in enumerate(sources):
        known = modules.get(source.module)
        if known is None or (source.is_package and not sources[known].is_package):
            modules[source.module] = index
    for index, source in enumerate(sources):
        for name in (*source.aliases, path_name(source)):
            if name:
                modules.setdefault(name, index)
    return Program(sources, tuple(summaries), modules, apart)


def path_name(source: SourceFile) -> str:
    parts = source.path.removesuffix(".py").split("/")
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) if all(part.isidentifier() for part in parts) else ""
