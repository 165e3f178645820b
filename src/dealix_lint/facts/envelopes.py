"""Events that state classes when they are published, and what their envelopes leave out."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.code import call_operands
from dealix_lint.facts.events import Events
from dealix_lint.facts.names import Phrases, snake
from dealix_lint.facts.shapes import Shapes
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.policy import EnvelopeNames


class Envelopes:
    """Publishing calls by node."""

    __slots__ = ("_events", "_fields", "_publishing", "shapes", "sites")

    def __init__(self, sites: Sites, shapes: Shapes, names: EnvelopeNames) -> None:
        self.sites = sites
        self.shapes = shapes
        self._events = Events(sites)
        self._fields = names.fields
        self._publishing = Phrases(names.publishing)

    def incomplete(self, node: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Sites at which a node publishes an event with classes, and the fields that its envelope lacks."""
        if not any(map(self._publishing.are_in, self.sites.words(node))):
            return
        code = self.sites.code(node)
        for register, view in self.sites.calls(node).items():
            if code.scope.code[register][0] == ir.CALL and self._publishing.are_in(view.spelling):
                present = self._present(node, register)
                missing = tuple(field for field in self._fields if field not in present)
                if missing and any(map(self.shapes.is_keyword, present)):
                    yield register, missing

    def _present(self, node: int, register: int) -> frozenset[str]:
        """Field names of the event that a call is given; empty where not all of them are known."""
        code = self.sites.code(node)
        for value in call_operands(code.scope.code[register]):
            fields = self._events.fields(node, value)
            if fields:
                return fields
        named = frozenset(snake(name) for name, _ in code.scope.code[register][3] if name is not None)
        return named if sum(field in named for field in self._fields) > 1 else frozenset()
