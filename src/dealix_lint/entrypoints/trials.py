"""Tests among the code: what a test runner runs is no start, and nothing is called because a test calls it."""

from __future__ import annotations

from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.rules import Rules

_FILES = "_tests"
_TEST = "test"


def functions_of_tests(code: Code, rules: Rules) -> frozenset[FunctionId]:
    """All that stands in classes of tests, and in files `..._tests.py` that have any tests."""
    found: set[FunctionId] = set()
    for (module, index), scope in code.scopes():
        identity = module, index
        is_test = (scope.kind == "class" and _is_test(code, rules, identity)) or (
            scope.kind == "module" and _is_of_tests(code, module)
        )
        if is_test or (module, scope.parent) in found:
            found.add(identity)
    return frozenset(found)


def _is_of_tests(code: Code, module: int) -> bool:
    """True for a module that is named as one of tests, and has a test: a function, or a method of a class, that is named as one."""
    if not code.program.sources[module].module.endswith(_FILES):
        return False
    scopes = code.program.summaries[module].scopes
    tests = (scope for scope in scopes if scope.kind == "function" and scope.name.startswith(_TEST))
    return any(scopes[scope.parent].kind in ("module", "class") for scope in tests)


def _is_test(code: Code, rules: Rules, identity: FunctionId) -> bool:
    return any(rules.tests.find(rules.canonical(base)) for base in code.classes.info(identity).external)
