"""The syntax tree of a file with the positions of its nodes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from dealix_lint.fixes.text import SourceText

N = TypeVar("N", bound=cst.CSTNode)
Range = tuple[int, int, int, int]


class SourceTree:
    """Finds nodes by where they stand."""

    def __init__(self, source: SourceText) -> None:
        """Raises libcst.ParserSyntaxError."""
        self.source = source
        self._wrapper = MetadataWrapper(cst.parse_module(source.text), unsafe_skip_copy=True)

    @property
    def module(self) -> cst.Module:
        """The whole file."""
        return self._wrapper.module

    @cached_property
    def _positions(self) -> dict[cst.CSTNode, CodeRange]:
        return dict(self._wrapper.resolve(PositionProvider))

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Offsets at which a node starts and ends."""
        place = self._positions[node]
        start, end = place.start, place.end
        return self.source.offset(start.line, start.column + 1), self.source.offset(end.line, end.column + 1)

    def at(self, kind: type[N], place: Range) -> N | None:
        """The node of a kind at a position (line, column, end line, end column)."""
        return next((node for node in self._all(kind) if self._range(node) == place), None)

    def around(self, kind: type[N], place: Range) -> N | None:
        """The innermost node of a kind that encloses a position."""
        enclosing = [node for node in self._all(kind) if _encloses(self._range(node), place)]
        return max(enclosing, key=self._range, default=None)

    def nodes(self) -> Iterator[cst.CSTNode]:
        """All nodes that have a position."""
        return iter(self._positions)

    def _all(self, kind: type[N]) -> Iterator[N]:
        return (node for node in self._positions if isinstance(node, kind))

    def _range(self, node: cst.CSTNode) -> Range:
        place = self._positions[node]
        return place.start.line, place.start.column + 1, place.end.line, place.end.column + 1


def _encloses(outer: Range, inner: Range) -> bool:
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]
