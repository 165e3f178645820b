"""The linked program: all modules together."""

from __future__ import annotations

from dataclasses import dataclass

from dealix_lint.model.source import SourceFile
from dealix_lint.model.summary import ModuleSummary


@dataclass(frozen=True, slots=True)
class Program:
    """Sources and their summaries, in path order (same index). `modules`: dotted name -> index of the module it imports as
    (package before module; the loser of a clash stays in the list but cannot be imported). `apart`: import roots whose modules
    are named behind the root's path, as another root has modules of the same names; outermost first."""

    sources: tuple[SourceFile, ...]
    summaries: tuple[ModuleSummary, ...]
    modules: dict[str, int]
    apart: tuple[str, ...] = ()

    def function_name(self, module: int, scope: int) -> str:
        """Dotted name of a scope: module, then enclosing scopes with plain dots (`pkg.mod.C.m`, `pkg.mod.f.<lambda1>`)."""
        parts: list[str] = []
        scopes = self.summaries[module].scopes
        while scope > 0:
            parts.append(scopes[scope].name)
            scope = scopes[scope].parent
        parts.append(self.sources[module].module)
        return ".".join(reversed(parts))
