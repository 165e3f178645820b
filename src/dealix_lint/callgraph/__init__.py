"""The call graph: who calls whom, in which context, and what leaves the analysed code."""

from __future__ import annotations

from dealix_lint.callgraph.export import adjacency
from dealix_lint.callgraph.network import Network, find
from dealix_lint.callgraph.resolution import Resolved
from dealix_lint.callgraph.rules import FrameworkRules
from dealix_lint.callgraph.solver import solve
from dealix_lint.callgraph.statistics import statistics
from dealix_lint.model.program import Program

__all__ = ["FrameworkRules", "Network", "Resolved", "adjacency", "build", "find", "statistics"]


def build(program: Program, rules: FrameworkRules) -> Resolved:
    """Resolve a program by what is known of frameworks."""
    return Resolved(solve(program, rules))
