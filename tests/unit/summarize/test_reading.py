"""Files that cannot be read, or only with care: a problem with a position, never an exception or a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import dealix_lint
from dealix_lint.model.summary import Problem
from dealix_lint.summarize import positions, summarize

_SURVIVE = """
import sys
from dealix_lint.summarize import decode, encode, positions, summarize
summary = summarize(sys.stdin.buffer.read())
assert decode(encode(summary)) == summary
print(summary.problem.reason if summary.problem else "read")
"""


def test_files_that_merely_speak_of_templates_are_no_templates() -> None:
    assert summarize(b"PAGE = '{% if x %}{{ cookiecutter.slug }}'\n").problem is None
    assert "template" not in _problem(b"y = {{'a': 1}\nz = '%d {% d}' % 1 2\n").reason


def _problem(data: bytes) -> Problem:
    problem = summarize(data).problem
    assert problem is not None
    assert positions(data, {(0, -1), (0, 0)}) == {}
    return problem


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"x = 1\ny = $\n", 2, "syntax error"),
        (b"x = 1\ndef f(:\n", 2, "syntax error"),
        (b"x = 1\ny = 'abc\n", 2, "unterminated string"),
        (b"x = 1\n'''abc\n\n", 2, "unterminated triple-quoted string"),
        (b"x = (\n1\n", 1, "never closed"),
        (b"if 1:\n\tx\n        y\n", 3, "inconsistent use of tabs"),
        (b"x = 1\n\0\n", 2, "null bytes"),
        (b"\xff\xfex\0 \0=\0 \x001\0", 1, "UTF-16"),
        (b"# coding: nowhere\nx = 1\n", 1, "nowhere"),
        (b"x = 1\ny = '\xe9'\n", 2, "byte 0xe9 is not UTF-8"),
        (b"# coding: ascii\nx = '\xc3\xa9'\n", 2, "byte 0xc3 is not ASCII"),
        (b"x = 'a' b'b'\n", 1, "bytes"),
        (
            b"x = 1\n{% if loader %}\nimport os\n{% endif %}\n",
            2,
            "the file is a template (`{% if loader %}`), not Python",
        ),
        (b"import {{ cookiecutter.slug }}.app\n", 1, "the file is a template (`{{ cookiecutter.slug }}`), not Python"),
        (b"x = " + b"[" * 300 + b"]" * 300, 1, "brackets are nested deeper"),
        (b"x = 1\ny = a" + b" + a" * 9000 + b"\n", 2, "operators"),
        (b"match x:\n  case " + b"[" * 30 + b"]" * 30 + b": pass\n", 2, "pattern is nested"),
        (b"if x: pass\n" + b"elif x: pass\n" * 9000, 1, "elif"),
    ],
    ids=lambda value: repr(value[:20]) if isinstance(value, bytes) else None,
)
def test_an_unreadable_file_is_a_problem_with_its_line(data: bytes, line: int, said: str) -> None:
    problem = _problem(data)
    assert said in problem.reason
    assert problem.line == line


def test_the_byte_that_is_not_text_is_shown_by_its_column() -> None:
    problem = _problem("x = 1\nпривет = '".encode() + b"\xe9'\n")
    assert (problem.line, problem.column) == (2, 11)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\xbb\xbfx = 1\n",
        b"\xef\xbb\xbf# coding: utf-8\nx = 1\n",
        "# coding: latin-1\nx = 'é'\n".encode("latin-1"),
        b"x = 1\r\nif x:\r\n    y = '''a\r\nb'''\r\n",
        b"x = 1\ry = 2\r",
        b"\x0cx = 1\n\x0cdef f():\n    pass\n",
        b"x = 1  # no newline",
        b"x = (1 +\\\n 2)",
        b'x = "((((((((" + "]]]]"\n' * 60,
        b"x = [" + b"'(', " * 900 + b"]\n",
        b"try:\n  a\nexcept A, B:\n  b\n",
        b"x = t'{a}'\ny = f'{b!r:>{c}}'\n",
        b"x = '\\ud800'\n",
    ],
    ids=lambda data: repr(data[:20]),
)
def test_odd_but_valid_files_are_read(data: bytes) -> None:
    assert summarize(data).problem is None


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 199 + "1" + ")" * 199,
        "x = " + "f({1: [" * 66 + "1" + "]})" * 66,
        "x = " + "f(" * 5000,
        "x = a" + " + a" * 2000,
        "x = a" + " and a" * 2500,
        "x = a" + ".a" * 1500,
        "x = a" + ".a()" * 500,
        "x = " + "not " * 2000 + "a",
        "x = " + "lambda: " * 2000 + "a",
        "x = " + "a if b else " * 1500 + "c",
        "x = " + "f'{" * 150 + "1" + "}'" * 150,
        "if a: pass\n" + "elif a: pass\n" * 2400,
        "".join(" " * depth + "if x:\n" for depth in range(99)) + " " * 99 + "pass\n",
    ],
    ids=lambda text: text[:12].replace("\n", " "),
)
def test_deep_nesting_does_not_end_the_process(text: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(dealix_lint.__file__).parents[1])}
    command = [sys.executable, "-c", _SURVIVE]
    done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=300, env=environment)
    assert done.returncode == 0, done.stderr.decode()[-500:]
