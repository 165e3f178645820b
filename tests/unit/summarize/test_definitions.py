"""Which assignments reach a use."""

from __future__ import annotations

import pytest

from dealix_lint.model import ir
from tests.unit.summarize.meanings import handed_to, returned, scope_named


@pytest.mark.parametrize(
    ("body", "reaching"),
    [
        ("x = 1\n  if c: x = 2", "1 | 2"),
        ("if c: x = 1\n  else: x = 2", "1 | 2"),
        ("x = 1\n  if c: return 0\n  x = 2", "2"),
        ("if c: x = 1\n  else: raise E", "1"),
        ("x = 1\n  for i in c: x = 2", "1 | 2"),
        ("x = 1\n  for i in c:\n    x = 2\n    break\n  else: x = 3", "2 | 3"),
        ("x = 1\n  for i in c:\n    if i: continue\n    x = 2", "1 | 2"),
        ("while True:\n    x = 1\n    if c: break\n    x = 2", "1"),
        ("while 1:\n    x = 1\n    if c: break", "1"),
        ("x = 1\n  try: x = 2\n  except E: pass", "1 | 2"),
        ("x = 1\n  try: x = 2\n  except E: x = 3", "2 | 3"),
        ("x = 1\n  try: x = 2\n  except E: return 0", "2"),
        ("try: g()\n  except E: x = 1\n  else: x = 2", "1 | 2"),
        ("x = 1\n  try: x = 2\n  finally: x = 3", "3"),
        ("try: x = 1\n  finally: g()", "1"),
        ("x = 1\n  with suppress(E): x = 2", "1 | 2"),
        ("with c: x = 1", "1"),
        ("match c:\n    case 1: x = 1\n    case _: x = 2", "1 | 2"),
        ("x = 0\n  match c:\n    case 1: x = 1\n    case 2: x = 2", "0 | 1 | 2"),
        ("x = 1\n  x += 2", "1 | 1+=2"),
        ("x = 1\n  del x\n  x = 2", "2"),
    ],
)
def test_the_assignments_that_reach_a_use(body: str, reaching: str) -> None:
    assert handed_to(f"def f(c):\n  {body}\n  seen(x)\n", "seen") == [reaching]


def test_a_handler_sees_every_definition_that_may_have_happened() -> None:
    source = """
        def f():
            x = 1
            try:
                x = 2
                x = 3
            except E:
                seen(x)
    """
    assert handed_to(source, "seen") == ["1 | 2 | 3"]


def test_finally_sees_partial_definitions_but_code_after_it_does_not() -> None:
    source = """
        def f():
            x = 1
            try:
                x = 2
                x = 3
            finally:
                seen(x)
            seen(x)
    """
    assert handed_to(source, "seen") == ["1 | 2 | 3", "3"]


def test_a_definition_in_a_loop_reaches_its_beginning() -> None:
    source = """
        def f(c):
            x = None
            while c:
                seen(x)
                x = 1
    """
    assert handed_to(source, "seen") == ["1 | None"]


def test_unpacking_counts_from_the_end_behind_a_star() -> None:
    source = """
        def f(c):
            a, (b, *m), z = c
            seen(a); seen(b); seen(m); seen(z)
            first, *rest, last = c
            seen(rest); seen(last)
            [seen(q) for p, *o, q in c]
    """
    whole = "parameter 0"
    assert handed_to(source, "seen") == [
        f"{whole}[0]",
        f"{whole}[1][0]",
        f"{whole}[1][1:0]",
        f"{whole}[2]",
        f"{whole}[1:-1]",
        f"{whole}[-1]",
        f"each {whole}[-1]",
    ]


@pytest.mark.parametrize(
    ("pattern", "bound"),
    [
        ("x", "parameter 0"),
        ("[1, *_, x]", "parameter 0[-1]"),
        ("[1, *x]", "parameter 0[1:0]"),
        ("{'k': x}", "parameter 0['k']"),
        ("A(k=x)", "parameter 0:A.k"),
        ("A() as x", "parameter 0:A"),
        ("A() | B() as x", "parameter 0:A | parameter 0:B"),
        ("str(x)", "parameter 0:str"),
        ("A(k=x) | [x]", "parameter 0:A.k | parameter 0[0]"),
    ],
)
def test_what_a_pattern_binds(pattern: str, bound: str) -> None:
    assert handed_to(f"def f(c):\n  match c:\n    case {pattern}: seen(x)\n", "seen") == [bound]


def test_the_rest_of_a_mapping_pattern_is_bound() -> None:
    assert handed_to("def f(c):\n  match c:\n    case {**rest}: seen(rest)\n", "seen") != ["?"]


@pytest.mark.parametrize(
    ("body", "narrowed"),
    [
        ("if isinstance(c, A): seen(c)", "parameter 0:A"),
        ("if not isinstance(c, A): return\n  seen(c)", "parameter 0:A"),
        ("if g() and isinstance(c, A): seen(c)", "parameter 0:A"),
        ("if not isinstance(c, A) or g(): return\n  seen(c)", "parameter 0:A"),
        ("assert isinstance(c, A)\n  seen(c)", "parameter 0:A"),
        ("x = seen(c) if isinstance(c, A) else 0", "parameter 0:A"),
        ("isinstance(c, A) and seen(c)", "parameter 0:A"),
        ("[seen(i) for i in c if isinstance(i, A)]", "each parameter 0:A"),
        ("if isinstance(c, A): pass\n  else: seen(c)", "parameter 0:not A"),
    ],
)
def test_isinstance_narrows_where_it_holds(body: str, narrowed: str) -> None:
    assert handed_to(f"def f(c):\n  {body}\n", "seen") == [narrowed]


def test_narrowing_ends_with_the_expression() -> None:
    source = "def f(c):\n  isinstance(c, A) and g(c)\n  seen(c)\n"
    assert handed_to(source, "seen") == ["parameter 0"]


def test_an_augmented_item_reads_and_writes_the_same_object_once() -> None:
    code = scope_named("def f():\n  make()[key()] += 1\n", "f").code
    assert sum(i[0] == ir.CALL for i in code) == 2


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        (r"'a\n\x41\u0042\103'", "'a\\nABC'"),
        (r"'\N{BULLET}'", "'•'"),
        (r"r'\n'", r"'\\n'"),
        (r"b'\xff\u0041'", "'ÿ\\\\u0041'"),
        ("'''a'''", "'a'"),
        ("''", "''"),
        ("'a' \"b\" 'c'", "'abc'"),
        ("'a\\\nb'", "'ab'"),
        ("'\\d'", "'\\\\d'"),
        ("f'a{{b}}'", "'a{b}'"),
        ("f'{x}\\n'", "{x}\n"),
        ("rf'{x}\\n'", "{x}\\n"),
        ("'a' f'b{x}' 'c'", "ab{x}c"),
        ("f'{x:>{g()}}!'", "{x}!"),
        ("f'{x[\"k\"]}'", "{x['k']}"),
        ("t'{x}!'", "{x}!"),
        ("1_000", "1000"),
        ("0x10", "16"),
        ("99999999999999999999", "?"),
        ("1j", "?"),
        ("...", "?"),
    ],
)
def test_literals_have_the_value_cpython_gives_them(literal: str, value: str) -> None:
    assert returned(f"def f():\n  return {literal}\n") == [value]


def test_odd_escapes_warn_nobody(recwarn: pytest.WarningsRecorder) -> None:
    assert returned("def f():\n  return '\\d'\n") == ["'\\\\d'"]
    assert not recwarn.list


def test_holes_in_format_specifications_are_evaluated() -> None:
    assert handed_to("def f():\n  return f'{x:{seen(1)}{y:{seen(2)}}}'\n", "seen") == ["1", "2"]
