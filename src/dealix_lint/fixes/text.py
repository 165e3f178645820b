"""The text of a file by lines and columns, and changes to it."""

from __future__ import annotations

import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

_NEWLINE = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Put `text` in the place of what stands from `start` to `end` (offsets into the text)."""

    start: int
    end: int
    text: str


class SourceText:
    """A decoded file. Lines and columns are 1-based and count characters, as positions of findings do."""

    __slots__ = ("_encoding", "_starts", "text")

    def __init__(self, data: bytes) -> None:
        """Raises SyntaxError, LookupError or UnicodeDecodeError for a file that cannot be decoded."""
        self._encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        self.text = data.decode(self._encoding)
        self._starts = [0, *(match.end() for match in _NEWLINE.finditer(self.text))]

    def offset(self, line: int, column: int) -> int:
        """The offset of a position."""
        return self._starts[line - 1] + column - 1

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self._starts[bisect_right(self._starts, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Where the line of an offset ends, without its line break."""
        match = _NEWLINE.search(self.text, offset)
        return match.start() if match else len(self.text)

    def indent(self, offset: int) -> str:
        """The white space that the line of an offset begins with."""
        start = self.line_start(offset)
        line = self.text[start : self.line_end(start)]
        return line[: len(line) - len(line.lstrip(" \t\f"))]

    @property
    def newline(self) -> str:
        """The line break of the file."""
        match = _NEWLINE.search(self.text)
        return match[0] if match else "\n"

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The file with all changes made. Those at one place come in their order; of overlapping ones the first counts."""
        parts: list[str] = []
        done = 0
        for edit in sorted(dict.fromkeys(edits), key=lambda edit: (edit.start, edit.end)):
            if edit.start >= done:
                parts += [self.text[done : edit.start], edit.text]
                done = edit.end
        return "".join((*parts, self.text[done:])).encode(self._encoding)
