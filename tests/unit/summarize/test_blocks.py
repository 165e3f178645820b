"""Which calls may follow which: the control blocks of a function."""

from __future__ import annotations

import pytest

from dealix_lint.model import ir
from dealix_lint.model.summary import Scope
from tests.unit.summarize.meanings import scope_named


def _places(scope: Scope) -> dict[str, int]:
    """Block of each call of a one-letter function."""
    block, found = 0, {}
    for instruction in scope.code:
        if instruction[0] == ir.BLOCK:
            block = instruction[1]
        elif instruction[0] == ir.CALL and scope.code[instruction[1]][0] == ir.NAME:
            found[scope.code[instruction[1]][1]] = block
    return found


def _reached(scope: Scope, start: int) -> set[int]:
    seen: set[int] = set()
    pending = [start]
    while pending:
        for successor in scope.blocks[pending.pop()].successors:
            if successor not in seen:
                seen.add(successor)
                pending.append(successor)
    return seen


def _follows(body: str) -> set[str]:
    """Pairs `xy`: block of call y is reached after that of call x; `>x`: x is reached from the entry at all."""
    scope = scope_named(f"def f(p, q):\n  {body}\n", "f")
    places = _places(scope)
    after = {name: _reached(scope, block) for name, block in places.items()}
    found = {x + y for x in places for y in places if places[y] in after[x]}
    entry = _reached(scope, 0) | {0}
    return found | {f">{name}" for name, block in places.items() if block in entry}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if p: a()\n  else: b()\n  c()", "ac bc >a >b >c"),
        ("if p:\n    a()\n    return\n  b()", ">a >b"),
        ("a()\n  return\n  b()", ">a"),
        ("if p: raise a()\n  b()", ">a >b"),
        ("while p: a()\n  b()", "aa ab >a >b"),
        ("while True: a()\n  b()", "aa >a"),
        ("while True:\n    a()\n    if p: break\n    b()\n  c()", "aa ab ac ba bb bc >a >b >c"),
        ("for i in p:\n    a()\n    continue\n    b()\n  c()", "aa ac >a >c"),
        ("for i in p:\n    a()\n    break\n  else: b()\n  c()", "ac bc >a >b >c"),
        ("try: a()\n  except E: b()\n  c()", "ab ac bc >a >b >c"),
        ("try: a()\n  except E: b()\n  else: c()\n  d()", "ab ac ad bd cd >a >b >c >d"),
        ("try:\n    a()\n    return\n  finally: b()\n  c()", "ab >a >b"),
        ("try:\n    if p:\n      a()\n      return\n    b()\n  finally: c()\n  d()", "ac ad bc bd cd >a >b >c >d"),
        ("for i in p:\n    try:\n      a()\n      break\n    finally: b()\n  c()", "ab ac bc >a >b >c"),
        ("for i in p:\n    try:\n      a()\n      continue\n    finally: b()\n    c()", "aa ab ba bb >a >b"),
        ("with p: a()\n  b()", ">a >b"),
        ("with suppress(E):\n    a()\n    if p: b()\n  c()", "ab ac bc >a >b >c"),
        ("p and a()\n  b()", "ab >a >b"),
        ("p or a() or b()\n  c()", "ab ac bc >a >b >c"),
        ("s(a() if p else b())", "as bs >a >b >s"),
        ("[a(i) for i in p if b(i)]\n  c()", "aa ab ac ba bb bc >a >b >c"),
        (
            "match p:\n    case 1: a()\n    case x if b(): c()\n    case _: d()\n  e()",
            "ae bc bd be ce de >a >b >c >d >e",
        ),
        ("match p:\n    case 1: return\n    case _: raise E\n  a()", ""),
    ],
)
def test_what_may_follow_what(body: str, expected: str) -> None:
    found = {pair for pair in _follows(body) if "suppress" not in pair}
    assert found == set(expected.split())


@pytest.mark.parametrize(
    ("body", "taken", "other"),
    [
        ("if p(): a()\n  else: b()", "a", "b"),
        ("while p(): a()\n  b()", "a", "b"),
        ("p() and a()\n  b()", "a", "b"),
        ("p() or a()\n  b()", "b", "a"),
        ("s(a() if p() else b())", "a", "b"),
        ("match q:\n    case x if p(): a()\n    case _: b()", "a", "b"),
        ("[a(i) for i in q if p()]", "a", ""),
    ],
)
def test_the_first_successor_of_a_test_is_taken_when_it_holds(body: str, taken: str, other: str) -> None:
    scope = scope_named(f"def f(q):\n  {body}\n", "f")
    places = _places(scope)
    block = scope.blocks[places["p"]]
    assert scope.code[scope.code[block.test][1]] == (ir.NAME, "p")
    assert len(block.successors) == 2
    assert places[taken] == block.successors[0]
    not_taken = block.successors[1]
    assert not other or places[other] in _reached(scope, not_taken) | {not_taken}


def test_blocks_tell_what_they_are() -> None:
    body = "try:\n    for i in p: g()\n  except E: pass\n  finally: g()"
    assert {block.role for block in scope_named(f"def f(p):\n  {body}\n", "f").blocks} == {
        "",
        "try",
        "loop",
        "handler",
        "finally",
        "after",
    }


def test_the_end_of_a_with_is_marked_with_what_it_entered() -> None:
    scope = scope_named("def f():\n  with a() as x:\n    g()\n  h()\n", "f")
    (end,) = (register for register, i in enumerate(scope.code) if i[0] == ir.NOP)
    assert scope.code[scope.code[end][1]][0] == ir.ENTER
    calls = [register for register, i in enumerate(scope.code) if i[0] == ir.CALL]
    assert calls[1] < end < calls[2]
