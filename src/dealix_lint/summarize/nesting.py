"""How deeply the code of a file is nested, found without parsing it.

The parser recurses natively: nesting beyond what its stack holds ends the process. CPython refuses much of it as well
(more than 200 brackets, 100 indentations, a few thousand operators in one expression)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

DEEPEST_BRACKETS = 200
LONGEST_CHAIN = 3000
LONGEST_ELIF = 2500
DEEPEST_PATTERN = 15  # libcst takes time exponential in this depth

_CALL_WEIGHT = 3
_STEPS = {**dict.fromkeys(b"([{", 1), **dict.fromkeys(b")]}", -1)}
_OTHER_BYTES = bytes(set(range(256)) - set(b"()[]{}"))
_OPERATOR_BYTES = bytes(set(range(256)) - set(b"+-*/%@&|^~<>=!.(["))
_WORDS = (b"and", b"or", b"not", b"if", b"lambda", b"await")
_CASE = re.compile(rb"^[ \t]*case [^\n]*", re.MULTILINE)
_TOKEN = re.compile(
    rb"""(?P<skip>\#[^\r\n]* | \\\r?\n
        | [A-Za-z]{0,2}(?:'{3}(?:[^\\]|\\.)*?'{3} | "{3}(?:[^\\]|\\.)*?"{3})
        | [A-Za-z]{0,2}(?:'(?:[^\\\r\n']|\\.)*'? | "(?:[^\\\r\n"]|\\.)*"?))
    | (?P<word>[^\W\d]\w*) | (?P<open>[(\[{]) | (?P<close>[)\]}]) | (?P<end>[\r\n;]) | (?P<comma>,)
    | (?P<operator>\*\*|//|<<|>>|[<>=!]=|[-+*/%@&|^~<>.])""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Depth:
    """A line (1-based) where nesting passes a limit, and which one."""

    line: int
    reason: str


def too_deep(data: bytes) -> Depth | None:
    """The first place that is nested too deeply; None for nearly all files, after a few counts over the bytes."""
    if data.count(b"elif") > LONGEST_ELIF:
        return Depth(1, f"more than {LONGEST_ELIF} elif branches")
    if b"case " in data:
        for line in _CASE.finditer(data):
            if _bracket_depth(line[0]) > DEEPEST_PATTERN:
                return Depth(_line(data, line.start()), f"a pattern is nested deeper than {DEEPEST_PATTERN} levels")
    return _measure(data) if _may_be_deep(data) else None


def _may_be_deep(data: bytes) -> bool:
    """An upper bound that takes brackets and operators in strings and comments for real ones."""
    if _bracket_depth(data) > DEEPEST_BRACKETS:
        return True
    if len(data) < LONGEST_CHAIN:
        return False
    operators = len(data.translate(None, _OPERATOR_BYTES)) * _CALL_WEIGHT
    return operators + sum(map(data.count, _WORDS)) > LONGEST_CHAIN and _longest_statement(data) > LONGEST_CHAIN


def _bracket_depth(data: bytes) -> int:
    return max(accumulate(map(_STEPS.__getitem__, data.translate(None, _OTHER_BYTES))), default=0)


def _longest_statement(data: bytes) -> int:
    """Bytes of the longest run of lines without one that begins like a new statement at the left margin or a comma."""
    return max(map(len, re.split(rb",|\n(?=[A-Za-z@])", data)))


def _measure(data: bytes) -> Depth | None:
    chains = [0]  # operators so far in the current element of every open bracket
    depth = 0
    for token in _TOKEN.finditer(data):
        kind = token.lastgroup
        step = 0
        if kind == "operator" or (kind == "word" and token[0] in _WORDS):
            step = 1
        elif kind == "open":
            chains.append(0)
            step = _CALL_WEIGHT
        elif kind == "close" and len(chains) > 1:
            depth -= chains.pop()
        elif kind == "comma" or (kind == "end" and len(chains) == 1):
            depth -= chains[-1]
            chains[-1] = 0
        if step:
            chains[-1 if kind != "open" else -2] += step
            depth += step
        if len(chains) > DEEPEST_BRACKETS + 1:
            return Depth(_line(data, token.start()), f"brackets are nested deeper than {DEEPEST_BRACKETS} levels")
        if depth > LONGEST_CHAIN:
            return Depth(_line(data, token.start()), f"an expression has more than {LONGEST_CHAIN} operators")
    return None


def _line(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
