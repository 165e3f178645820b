"""Where nodes stand in the source: what `PositionProvider` says, for a few nodes, at the price of writing the code out.

libcst keeps no positions; they follow from generating the code. Its provider keeps count of lines and columns at every
token and records every node; here the tokens are counted, and lines and columns worked out for the wanted nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any

import libcst as cst
from libcst._nodes.internal import CodegenState

Span = tuple[int, int, int, int]

_NEWLINE = re.compile(r"\r\n?|\n")
_NOT_WANTED = nullcontext()


def spans(tree: cst.Module, nodes: Iterable[cst.CSTNode]) -> dict[int, Span]:
    """`id` of a node -> (line, column, end line, end column), 1-based, end column exclusive."""
    wanted = {id(node) for node in nodes}
    state = _Recorder(tree, set(wanted))
    tree._codegen(state)
    places = _places(state.tokens, {number for found in state.found.values() for number in found})
    return {key: (*places[start], *places[end]) for key, (start, end) in state.found.items() if key in wanted}


class _Syntactic:
    """Notes where a node stands without the white space around it."""

    __slots__ = ("end", "node", "start", "state", "token")

    def __init__(self, state: _Recorder, node: cst.CSTNode, start: cst.CSTNode | None, end: cst.CSTNode | None) -> None:
        self.state = state
        self.node = node
        self.start = start
        self.end = end
        self.token = 0

    def __enter__(self) -> None:
        self.token = len(self.state.tokens)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        found = self.state.found
        start = self.token if self.start is None else found[id(self.start)][0]
        end = len(self.state.tokens) if self.end is None else found[id(self.end)][1]
        found[id(self.node)] = (start, end)


def _syntactic_position(
    state: _Recorder,
    node: cst.CSTNode,
    *,
    start_node: cst.CSTNode | None = None,
    end_node: cst.CSTNode | None = None,
) -> AbstractContextManager[None]:
    """Around the code that is a node's position, before that of `start_node` and `end_node` is generated."""
    if id(node) not in state.wanted:
        return _NOT_WANTED
    state.wanted.update(id(other) for other in (start_node, end_node) if other is not None)
    return _Syntactic(state, node, start_node, end_node)


class _Recorder(CodegenState):
    """Notes the numbers of the tokens at which wanted nodes start and end."""

    def __init__(self, tree: cst.Module, wanted: set[int]) -> None:
        super().__init__(tree.default_indent, tree.default_newline)
        self.wanted = wanted
        self.found: dict[int, tuple[int, int]] = {}
        self.starts: list[int] = []

    def before_codegen(self, node: cst.CSTNode) -> None:
        if id(node) in self.wanted:
            self.starts.append(len(self.tokens))

    def after_codegen(self, node: cst.CSTNode) -> None:
        if id(node) in self.wanted:
            start = self.starts.pop()
            self.found.setdefault(id(node), (start, len(self.tokens)))

    def pop_trailing_newline(self) -> None:
        """Positions count the newline that a file's last line may lack."""

    record_syntactic_position: Any = _syntactic_position


def _places(tokens: list[str], wanted: set[int]) -> dict[int, tuple[int, int]]:
    """Line and column at which the tokens of these numbers begin."""
    found: dict[int, tuple[int, int]] = {}
    line, column, before = 1, 1, 0
    for number in sorted(wanted):
        lines = _NEWLINE.split("".join(tokens[before:number]))
        column = len(lines[-1]) + 1 if len(lines) > 1 else column + len(lines[0])
        line += len(lines) - 1
        found[number] = (line, column)
        before = number
    return found
