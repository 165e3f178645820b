"""Events that state classes when they are published, and what their envelopes leave out."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.code import call_operands
from dealix_lint.facts.events import Events
from dealix_lint.facts.names import Phrases, last_segment, snake
from dealix_lint.facts.shapes import Shapes
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.patterns import PatternIndex, expand
from dealix_lint.model.policy import EnvelopeNames
from dealix_lint.model.resolved import CallView


class Envelopes:
    """Publishing calls by node."""

    __slots__ = ("_calls", "_events", "_fields", "_making", "_methods", "_publishing", "shapes", "sites")

    def __init__(self, sites: Sites, shapes: Shapes, names: EnvelopeNames) -> None:
        self.sites = sites
        self.shapes = shapes
        self._events = Events(sites, names.wrapping)
        self._calls = PatternIndex((pattern, True) for pattern in names.calls)
        self._methods = frozenset(last_segment(plain) for pattern in names.calls for plain in expand(pattern))
        self._fields = names.fields
        self._publishing = Phrases(names.publishing)
        self._making: dict[int, bool] = {}

    def incomplete(self, node: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Sites at which a node publishes an event with classes, and the fields that its envelope lacks."""
        words = self.sites.words(node)
        if self._methods.isdisjoint(words) and not any(map(self._publishing.are_in, words)):
            return
        for register, view in self.sites.calls(node).items():
            if self._is_publishing(view):
                present = self._present(node, register)
                missing = tuple(field for field in self._fields if field not in present)
                if (
                    missing
                    and any(map(self.shapes.is_keyword, present))
                    and not self._is_said_by_callers(node, register)
                ):
                    yield register, missing

    def _is_said_by_callers(self, node: int, register: int) -> bool:
        """Whether a call only publishes what all callers of its function publish by calling it."""
        code = self.sites.code(node)
        given = [value for value in call_operands(code.scope.code[register]) if self._events.fields(node, value)]
        parts = code.closure(given[:1])
        if not any(code.scope.code[part][0] == ir.PARAM for part in parts):
            return False
        if any(code.scope.code[part][0] == ir.DICT for part in parts):
            return False  # an envelope of its own around what it is given
        callers = [(caller, self.sites.register(caller, edge.place)) for caller, edge in self.sites.graph.callers[node]]
        return bool(callers) and all(self._is_published_at(*caller) for caller in callers)

    def _is_published_at(self, node: int, register: int) -> bool:
        view = self.sites.calls(node).get(register)
        return view is not None and self._publishes(node, register, view)

    def _present(self, node: int, register: int) -> frozenset[str]:
        """Field names of the event that a call is given; empty where not all of them are known."""
        code = self.sites.code(node)
        if code.scope.code[register][0] != ir.CALL:
            return frozenset()
        _, _, positional, keywords = code.scope.code[register]
        given = (
            *(value for value in positional if value >= 0),
            *(value for name, value in keywords if name is not None),
        )
        fields = next(filter(None, (self._events.fields(node, value) for value in given)), None)
        if fields:
            return fields
        spread = [self._events.fields(node, value) for name, value in keywords if name is None]
        named = frozenset(snake(name) for name, _ in keywords if name is not None).union(*filter(None, spread))
        is_event = None not in spread and sum(field in named for field in self._fields) > 1
        return named if is_event and not self._is_made_behind(node, register) else frozenset()

    def _is_made_behind(self, node: int, register: int) -> bool:
        """Whether a function that the call runs makes the event of what it is handed, and publishes that."""
        return any(map(self._publishes_own, self.sites.callees(node, register)))

    def _is_publishing(self, view: CallView) -> bool:
        return self._publishing.are_in(view.spelling) or any(map(self._calls.find, view.names))

    def _publishes(self, node: int, register: int, view: CallView) -> bool:
        return self._is_publishing(view) and any(map(self.shapes.is_keyword, self._present(node, register)))

    def _publishes_own(self, node: int) -> bool:
        known = self._making.get(node)
        if known is None:
            self._making[node] = False
            known = self._making[node] = any(
                self._publishes(node, register, view) or self._is_made_behind(node, register)
                for register, view in self.sites.calls(node).items()
            )
        return known
