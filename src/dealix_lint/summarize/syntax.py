"""Where and why a file is no valid Python, as CPython says it."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import replace

from dealix_lint.model.summary import Problem

_PLACE = re.compile(r"error at (\d+):(\d+): ")
_TEMPLATE = re.compile(rb"\{%-?\s*[a-z]\w*\b[^%\n]*%\}|\{\{-?\s*cookiecutter\b[^{}\n]*\}\}")


def explain(data: bytes, message: str) -> Problem:
    """The problem of a file that the parser refused with `message`.

    libcst knows no position of what its tokenizer refuses, and lists grammar symbols for the rest; the running CPython
    does better, where it refuses the file too. A file that other files are made from is called what it is."""
    problem, template = _problem(data, message), _TEMPLATE.search(data)
    if template is None:
        return problem
    told = f"{problem.reason}; the file is a template (`{template[0].decode(errors='replace')}`), not Python"
    return replace(problem, reason=told)


def _problem(data: bytes, message: str) -> Problem:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(data)
        except SyntaxError as error:
            return Problem(max(1, error.lineno or 1), max(1, error.offset or 1), f"syntax error: {error.msg}")
        except (ValueError, RecursionError, MemoryError):
            pass
    return _as_told(message)


def _as_told(message: str) -> Problem:
    text = message.split("\n")[0]
    for prefix in ("parser error: ", "tokenizer error: "):
        text = text.removeprefix(prefix)
    place = _PLACE.match(text)
    if place is None:
        return Problem(1, 1, f"syntax error: {text.strip() or 'invalid syntax'}")
    return Problem(max(1, int(place[1])), int(place[2]) + 1, f"syntax error: {text[place.end() :]}")
