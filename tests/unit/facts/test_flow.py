"""Order inside a function: what has happened before a call, and what must follow it."""

from __future__ import annotations

import pytest

from dealix_lint.facts.flow import Flow
from tests.unit.facts.scopes import call_of, scope_of


def _dominates(source: str) -> bool:
    scope = scope_of(source)
    return Flow(scope).dominates(call_of(scope, "before"), call_of(scope, "effect"))


def _is_followed(source: str) -> bool:
    scope = scope_of(source)
    return Flow(scope).is_followed(call_of(scope, "effect"), [call_of(scope, "after")])


@pytest.mark.parametrize(
    "body",
    [
        "before(); effect()",
        "effect(before())",
        "x = before()\n  if c: effect()",
        "with before(): effect()",
        "before()\n  for x in y: effect()",
        "try:\n    before()\n    effect()\n  except E: pass",
        "before()\n  try: g()\n  except E: effect()",
        "if not c: return\n  before()\n  effect()",
        "if c: before()\n  else: raise E\n  effect()",
    ],
)
def test_a_call_on_every_way_dominates(body: str) -> None:
    assert _dominates(f"def f(c, y):\n  {body}\n")


@pytest.mark.parametrize(
    "body",
    [
        "effect(); before()",
        "if c: before()\n  effect()",
        "for x in y: before()\n  effect()",
        "for x in y:\n    effect()\n    before()",
        "try: before()\n  except E: pass\n  effect()",
        "try:\n    before()\n  except E:\n    effect()",
        "x = before() if c else 1\n  effect()",
        "c and before()\n  effect()",
        "if c:\n    before()\n  else:\n    effect()",
    ],
)
def test_a_call_that_some_way_avoids_does_not_dominate(body: str) -> None:
    assert not _dominates(f"def f(c, y):\n  {body}\n")


@pytest.mark.parametrize(
    "body",
    [
        "effect(); after()",
        "r = effect()\n  if c: g()\n  after()",
        "r = effect()\n  if r.status_code >= 400: return None\n  after()",
        "r = effect()\n  if r.status_code == 200: after()",
        "r = effect()\n  if not r.ok: return None\n  after()",
        "r = effect()\n  if r['status'] == 'failed': return None\n  after()",
        "r = effect()\n  if r is None: return None\n  after()",
        "r = effect()\n  if strange(r): after()",
        "r = effect()\n  if r.status_code in (200, 201):\n    after()\n    return 1\n  return 2",
        "try: effect()\n  except E: return None\n  after()",
        "try: effect()\n  finally: after()",
        "try:\n    return effect()\n  finally: after()",
        "for x in y:\n    effect()\n    after()",
        "for x in y: effect()\n  after()",
        "effect()\n  if c: raise E\n  after()",
        "while True:\n    try:\n      effect()\n      break\n    except E: continue\n  after()",
    ],
)
def test_a_record_on_the_success_branch_follows(body: str) -> None:
    assert _is_followed(f"def f(c, y):\n  {body}\n")


@pytest.mark.parametrize(
    "body",
    [
        "after(); effect()",
        "effect()\n  if c: after()",
        "effect()\n  if c: return\n  after()",
        "r = effect()\n  if r.status_code >= 400: after()",
        "r = effect()\n  if not r.ok: after()",
        "try: effect()\n  except E: after()",
        "return effect()\n  after()",
        "effect()\n  for x in y: after()",
    ],
)
def test_a_record_that_some_success_avoids_does_not_follow(body: str) -> None:
    assert not _is_followed(f"def f(c, y):\n  {body}\n")


def test_a_function_always_passes_what_every_normal_exit_has_passed() -> None:
    always = scope_of("def f(c):\n  if c: raise E\n  after()\n  return 1\n")
    sometimes = scope_of("def f(c):\n  if c: return 2\n  after()\n  return 1\n")
    assert Flow(always).is_always_passed([call_of(always, "after")])
    assert not Flow(sometimes).is_always_passed([call_of(sometimes, "after")])
    assert not Flow(always).is_always_passed([])
