"""Which side of a branch means that a call succeeded."""

from __future__ import annotations

import pytest

from dealix_lint.facts.outcome import Outcome, branch_outcome
from tests.unit.facts.scopes import call_of, scope_of


def _outcome(test: str) -> Outcome:
    scope = scope_of(f"async def f(other):\n  r = await effect()\n  if {test}: pass\n")
    tested = next(block.test for block in scope.blocks if block.test >= 0)
    return branch_outcome(scope, tested, call_of(scope, "effect"))


@pytest.mark.parametrize(
    "test",
    [
        "r",
        "r.ok",
        "r.is_success",
        "r.status_code == 200",
        "r.status_code < 300",
        "r.status_code in (200, 202)",
        "not r.is_error",
        "r['status'] == 'succeeded'",
        "r.get('ok')",
        "r is not None",
        "r.error is None",
        "r.ok is True",
        "not r.get('error')",
    ],
)
def test_success_is_recognised(test: str) -> None:
    assert _outcome(test) is Outcome.SUCCESS


@pytest.mark.parametrize(
    "test",
    [
        "not r",
        "r.is_error",
        "r.status_code != 200",
        "r.status_code >= 400",
        "r['error']",
        "r is None",
        "r.status == 'failed'",
        "r.status_code not in (200, 201)",
        "r.ok is False",
    ],
)
def test_failure_is_recognised(test: str) -> None:
    assert _outcome(test) is Outcome.FAILURE


@pytest.mark.parametrize("test", ["check(r)", "r.status_code // 100 == 2", "r.kind == other", "len(r) > 3"])
def test_a_test_about_the_result_that_says_nothing_known_is_undecided(test: str) -> None:
    assert _outcome(test) is Outcome.UNKNOWN


def test_a_test_about_something_else_is_unrelated() -> None:
    assert _outcome("other.ok") is Outcome.UNRELATED


def test_results_that_loops_carry_around_are_judged_once() -> None:
    scope = scope_of(
        "def f(a, b, c):\n  r = None\n  while a:\n    while b:\n      if c:\n        r = effect()\n      a = r\n    b = r\n"
        "  if not r: pass\n"
    )
    tests = [block.test for block in scope.blocks if block.test >= 0]
    assert {branch_outcome(scope, test, call_of(scope, "effect")) for test in tests} <= set(Outcome)
    assert branch_outcome(scope, tests[-1], call_of(scope, "effect")) is Outcome.FAILURE
