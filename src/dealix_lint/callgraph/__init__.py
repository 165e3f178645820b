"""The call graph: who calls whom, in which context, and what leaves the analysed code."""

from __future__ import annotations

from collections.abc import Iterable

from dealix_lint.callgraph.export import adjacency
from dealix_lint.callgraph.network import Network, find
from dealix_lint.callgraph.resolution import Resolved
from dealix_lint.callgraph.rules import FrameworkRules
from dealix_lint.callgraph.solver import solve
from dealix_lint.callgraph.statistics import statistics
from dealix_lint.model.frameworks import Frameworks
from dealix_lint.model.program import Program

__all__ = ["Network", "Resolved", "adjacency", "build", "find", "statistics"]


def build(
    program: Program, frameworks: Frameworks, effect_patterns: Iterable[str] = (), telling_keys: Iterable[str] = ()
) -> Resolved:
    """Resolve a program. `effect_patterns`: access-path patterns of the effect catalogue; objects whose constructor
    they name keep their identity (a client and its base URL). `telling_keys`: globs over keys that say by themselves what is
    asked by what is sent."""
    return Resolved(solve(program, FrameworkRules(frameworks, effect_patterns, telling_keys)))
