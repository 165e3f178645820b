"""One file to its summary."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from dealix_lint.model.summary import ModuleSummary, Problem, Scope
from dealix_lint.summarize import attempts, comprehensions, control, definitions, literals, patterns
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.bindings import Bindings
from dealix_lint.summarize.builder import ScopeBuilder, TreeBuilder
from dealix_lint.summarize.nodes import assigned_in_expressions
from dealix_lint.summarize.predicates import predicates
from dealix_lint.summarize.reader import parse
from dealix_lint.summarize.statements import suite

HANDLERS = (attempts, comprehensions, control, definitions, literals, patterns)
"""The modules that add handlers to `STATEMENTS` and `EXPRESSIONS`."""

RECURSION_LIMIT = 40_000


def summarize_module(data: bytes) -> ModuleSummary:
    """Summarise a file's bytes; a file that cannot be read gives a summary with one empty scope and the problem."""
    with _collection_paused():
        tree = parse(data, is_whole=False)
        if isinstance(tree, Problem):
            return unreadable(tree)
        try:
            scopes = build(tree, data, keeps_nodes=False)
        except RecursionError:
            return unreadable(Problem(1, 1, "the code is nested too deeply"))
        finished = tuple(scope.finish() for scope in scopes)
        scopes.clear()  # they hold each other, and nobody collects cycles meanwhile
        return ModuleSummary(finished)


def unreadable(problem: Problem) -> ModuleSummary:
    """The summary of a file that could not be read."""
    return ModuleSummary((Scope("module", "", -1, ()),), problem)


def build(tree: cst.Module, data: bytes, *, keeps_nodes: bool) -> list[ScopeBuilder]:
    """Walk a parsed file once. `data`: what it was parsed from."""
    with deep_recursion():
        bindings = Bindings(assigned_in_expressions(tree) if b":=" in data else {})
        builder = TreeBuilder(bindings, has_lambdas=b"lambda" in data, keeps_nodes=keeps_nodes)
        builder.predicates = predicates(tree, data)
        scope = ScopeBuilder(builder, "module", "", None, bindings.scope(tree))
        suite(scope, tree)
    return builder.scopes


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Within it, trees may be walked that nest as deep as the reader lets them; the default limit is a few hundred levels."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@contextmanager
def _collection_paused() -> Iterator[None]:
    # A syntax tree is many objects and no cycles: looking for cycles in it costs half as much again as making it.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
