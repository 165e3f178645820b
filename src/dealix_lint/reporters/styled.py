"""Lines of text whose parts carry the name of a style; a terminal may colour them, a file does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from dealix_lint.model.visible import visible

Part: TypeAlias = tuple[str, str]
"""Style and text. Styles: "" | "path" | "code" | "error" | "warning" | "note" | "dim" | "strong" | "mechanism" |
"ok"."""

Line: TypeAlias = tuple[Part, ...]

Shown: TypeAlias = Callable[[str], str]
"""How to print a path of the project; `str` leaves it as it is."""


def line(*parts: str | Part) -> Line:
    """A line of parts; plain strings have no style. Characters that would not stay on the line are written out."""
    return tuple(("", visible(part)) if isinstance(part, str) else (part[0], visible(part[1])) for part in parts)


def table(rows: Sequence[tuple[str, ...]]) -> Iterator[Line]:
    """Rows of cells in columns; the first is the head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        yield line(("strong" if number == 0 else "", "  ".join(cells).rstrip()))


def plain(lines: Iterable[Line]) -> str:
    """The lines as text without styles."""
    return "".join("".join(text for _, text in parts) + "\n" for parts in lines)


def plural(number: int, noun: str) -> str:
    """`1 file`, `1,200 files`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
