"""Tests among the code: what a test runner runs is no start, and nothing is called because a test calls it."""

from __future__ import annotations

from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.rules import Rules


def functions_of_tests(code: Code, rules: Rules) -> frozenset[FunctionId]:
    """All that stands in classes of tests."""
    found: set[FunctionId] = set()
    for (module, index), scope in code.scopes():
        identity = module, index
        if (module, scope.parent) in found or (scope.kind == "class" and _is_test(code, rules, identity)):
            found.add(identity)
    return frozenset(found)


def _is_test(code: Code, rules: Rules, identity: FunctionId) -> bool:
    return any(rules.tests.find(rules.canonical(base)) for base in code.classes.info(identity).external)
