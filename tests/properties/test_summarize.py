"""Whatever the bytes, a summary comes out and says so where they could not be read."""

from __future__ import annotations

import ast
import contextlib
import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealix_lint.model.ir import OPCODE_COUNT
from dealix_lint.summarize import decode, encode, summarize
from tests.properties import programs

CALM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def _is_python(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            return False
        return True


@given(st.binary(max_size=200))
@CALM
def test_any_bytes_give_a_summary_or_a_problem(data: bytes) -> None:
    summary = summarize(data)
    assert summary.scopes or summary.problem


@given(st.text(max_size=100))
@CALM
def test_any_text_gives_a_summary_or_a_problem_with_a_position(text: str) -> None:
    problem = summarize(text.encode("utf-8", "surrogatepass")).problem
    assert problem is None or (problem.line >= 1 and problem.column >= 1 and problem.reason)


@given(programs.module)
@CALM
def test_valid_modules_have_no_problem(text: str) -> None:
    if _is_python(text):
        assert summarize(text.encode()).problem is None


@given(programs.module)
@CALM
def test_registers_of_a_summary_exist(text: str) -> None:
    for scope in summarize(text.encode()).scopes:
        assert all(0 <= instruction[0] < OPCODE_COUNT for instruction in scope.code)
        assert all(0 <= register < len(scope.code) for _, found in scope.exports for register in found)
        after = [block for known in scope.blocks for block in known.successors if block != -1]
        assert all(0 <= block < len(scope.blocks) for block in after)


@given(programs.module)
@CALM
def test_a_stored_summary_is_read_back_as_it_was(text: str) -> None:
    summary = summarize(text.encode())
    assert decode(encode(summary)) == summary


@given(st.binary(max_size=120))
@CALM
def test_a_damaged_store_is_never_believed(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert encode(decode(data))


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02",
        b"\xff\xfe" + "x = 1".encode("utf-16-le"),
        b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
        b"# -*- coding: nowhere -*-\nx = 1\n",
        b"\xef\xbb\xbfx = 1\n",
        b"x = 1\r\ny = 2\r",
        b"x = '\xff'\n",
        b"def f(:\n",
        b"\tx\n  y\n",
        b"(" * 5000,
        b"x = " + b"-" * 400 + b"1\n",
        b"x = " + b"[" * 300 + b"]" * 300,
        b"x = " + b"a." * 400 + b"b\n",
        b"x = 1" + b" + 1" * 400 + b"\n",
        b"if x:\n" + b"".join(b" " * n + b"if x:\n" for n in range(1, 90)) + b" " * 90 + b"pass\n",
        b"",
    ],
    ids=lambda data: repr(data[:18]),
)
def test_odd_files_cost_at_most_themselves(data: bytes) -> None:
    summary = summarize(data)
    assert summary.scopes or summary.problem


def test_any_program_of_the_grammar_is_summarised() -> None:
    hypothesmith = pytest.importorskip("hypothesmith")

    @given(hypothesmith.from_grammar())
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def check(text: str) -> None:
        if _is_python(text) and text.isascii():
            assert summarize(text.encode()).problem is None

    check()
