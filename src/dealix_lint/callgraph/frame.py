"""One evaluation of a scope's code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dealix_lint.callgraph.state import Activation, Function, point
from dealix_lint.callgraph.values import EMPTY, Slot, Values
from dealix_lint.model.summary import Scope


class Frame:
    """Registers of a scope while it is evaluated in an activation (a class body runs in that of its function)."""

    __slots__ = (
        "activation",
        "base",
        "dead",
        "forgetful",
        "function",
        "guessed",
        "module",
        "outflows",
        "registers",
        "scope",
        "scope_index",
        "single",
        "users",
    )

    def __init__(self, activation: Activation, function: Function, scope_index: int, scope: Scope) -> None:
        self.activation = activation
        self.function = function
        self.module = function.module
        self.scope_index = scope_index
        self.scope = scope
        self.registers: list[Values] = [EMPTY] * len(scope.code)
        self.guessed: frozenset[int] = EMPTY
        self.dead: frozenset[int] = EMPTY  # registers that the activation never comes to
        self.forgetful: frozenset[int] = EMPTY  # joins that would hold too many texts
        self.single = -1  # the value that a call is made for alone, see `singling`
        self.base = point(activation.index, scope_index, 0)
        self.users: tuple[Sequence[int], ...] = ()
        self.outflows: dict[
            int, list[Slot]
        ] = {}  # register -> slots its values flow into (globals, class members, cells)


@dataclass(slots=True)
class Arguments:
    """Values handed to a call: by position, from spreads of unknown length, by keyword, from unknown `**`."""

    positional: list[Values] = field(default_factory=list)
    rest: Values = EMPTY
    keywords: dict[str, Values] = field(default_factory=dict)
    others: Values = EMPTY
    has_rest: bool = False

    def with_first(self, first: Values) -> Arguments:
        """The same with one more argument in front (a bound method's receiver)."""
        return Arguments([first, *self.positional], self.rest, self.keywords, self.others, self.has_rest)

    def from_position(self, start: int) -> Arguments:
        """The same without the first positional arguments."""
        return Arguments(self.positional[start:], self.rest, self.keywords, self.others, self.has_rest)

    def get(self, position: int | None, keyword: str | None) -> Values:
        """The argument given by keyword or position."""
        if keyword is not None and keyword in self.keywords:
            return self.keywords[keyword]
        if position is not None and -len(self.positional) <= position < len(self.positional):
            return self.positional[position]
        return EMPTY

    def all_values(self) -> Values:
        """Every value handed over."""
        return EMPTY.union(*self.positional, self.rest, *self.keywords.values(), self.others)
