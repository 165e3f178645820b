"""Suppression comments: `# dealix: ignore[DLX101] -- reason` and `# noqa: DLX101 -- reason`."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_SKIPPED: Final = frozenset({tokenize.ENDMARKER, tokenize.INDENT, tokenize.DEDENT})
_LINE_ENDS: Final = frozenset({tokenize.NL, tokenize.NEWLINE})
_MENTION: Final = re.compile(rb"#.*?(?:noqa|dealix:)", re.IGNORECASE)
_REASON: Final = r"(?:[\s,]*--\s*(?P<reason>.*\S))?"
_IGNORE: Final = re.compile(r"#\s*dealix:\s*ignore(?:\[(?P<codes>[^\]]*)\])?" + _REASON, re.IGNORECASE)
_OUTSIDE: Final = re.compile(r"#\s*dealix:\s*ignore[\s:=(]+(?P<codes>DLX[0-9]*(?:[,\s]+DLX[0-9]+)*)", re.IGNORECASE)
# As flake8 reads it, so that a comment means the same in every face.
_NOQA: Final = re.compile(r"# noqa(?::[\s]?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?" + _REASON, re.IGNORECASE)
_CODE: Final = re.compile(r"[A-Z]+[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Directive:
    """One suppression comment.

    `first` and `last` are the lines it covers: its own, and where a text runs over several lines those too; `line` and
    `column` are where it stands. `codes` are as written, in upper case; empty means every code. `is_noqa`: flake8's
    spelling; `outside`: codes that stand behind it without brackets and so mean nothing; `is_alone`: there is no code on its line."""

    first: int
    last: int
    line: int
    column: int
    codes: tuple[str, ...]
    reason: str
    is_noqa: bool
    outside: tuple[str, ...] = ()
    is_alone: bool = False

    def covers(self, line: int) -> bool:
        """Whether findings on a line are meant."""
        return self.first <= line <= self.last

    @property
    def own_codes(self) -> tuple[str, ...]:
        """The codes that are ours to judge."""
        return tuple(code for code in self.codes if code.startswith("DLX"))


def speaks_to_us(data: bytes) -> bool:
    """Whether comments of a file may name our codes."""
    return b"dealix:" in data or (b"DLX" in data and b"noqa" in data.lower())


def read_directives(data: bytes) -> tuple[Directive, ...]:
    """The suppression comments of a file, in order. Comments inside strings are none. What cannot be tokenised has none
    from there on."""
    if not _MENTION.search(data):
        return ()
    found: list[Directive] = []
    try:
        found.extend(_directives(data))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return tuple(found)
    return tuple(found)


def _directives(data: bytes) -> Iterator[Directive]:
    """The lines a comment covers run from the end of the line before to its own end, as flake8 counts them: a string
    over several lines, or a backslash, joins lines; brackets do not."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    text = io.TextIOWrapper(io.BytesIO(data), encoding)
    first, comments = 0, []
    for token in tokenize.generate_tokens(text.readline):
        if token.type in _SKIPPED:
            continue
        first = first or token.start[0]
        if token.type == tokenize.COMMENT:
            comments.append(token)
        if token.type in _LINE_ENDS:
            for comment in comments:
                yield from _of_comment(comment, first, token.end[0])
            first, comments = 0, []


def _of_comment(comment: tokenize.TokenInfo, first: int, last: int) -> Iterator[Directive]:
    line, column = comment.start
    for pattern in (_IGNORE, _NOQA):
        match = pattern.search(comment.string)
        if match:
            codes = tuple(code.upper() for code in _CODE.findall(match["codes"] or ""))
            reason = (match["reason"] or "").strip()
            bare = _OUTSIDE.search(comment.string)
            outside = tuple(code.upper() for code in _CODE.findall(bare["codes"])) if bare else ()
            is_alone = not comment.line[:column].strip()
            yield Directive(
                first, last, line, column + match.start() + 1, codes, reason, pattern is _NOQA, outside, is_alone
            )
