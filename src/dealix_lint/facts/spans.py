"""Spans that a function opens: by a tracer, or by a context manager of the project that does so."""

from __future__ import annotations

from typing import Final

from dealix_lint.facts.managers import Managers
from dealix_lint.facts.names import last_segment
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import CorrelationNames

_ENTERS: Final = (".__enter__", ".__aenter__")


class Spans:
    """`with` statements and decorators that open a span."""

    __slots__ = ("_known", "_making", "_managers", "_methods", "_openers", "sites")

    def __init__(self, sites: Sites, names: CorrelationNames) -> None:
        self.sites = sites
        self._managers = Managers(sites)
        self._methods = frozenset(names.spans)
        self._openers = PatternIndex((pattern, True) for pattern in names.openers)
        self._known: dict[int, tuple[int, ...]] = {}
        self._making: dict[int, bool] = {}

    def of(self, node: int) -> tuple[int, ...]:
        """Registers of the calls that make what the function enters to open a span."""
        known = self._known.get(node)
        if known is None:
            self._known[node] = ()
            code = self.sites.code(node).scope.code
            entered = [(register, i[1]) for register, i in enumerate(code) if i[0] == ir.ENTER]
            known = self._known[node] = tuple(made for enter, made in entered if self._is_span(node, made, enter))
        return known

    def has_decorator(self, node: int) -> bool:
        """Whether a decorator of the function opens a span around it."""
        scope = self.sites.scope_of(node)
        if not self.sites.definitions.scope(scope).decorators:
            return False
        names = [name for d in self.sites.resolution.decorators(*scope) for name in d.names]
        return any(self._openers.find(name) or last_segment(name) in self._methods for name in names)

    def _is_span(self, node: int, made: int, enter: int) -> bool:
        """Whether a span is open while what is made at a register is entered (at `enter`)."""
        run = self.sites.callees(node, made)
        if self._opens(node, made) or (run and all(map(self._makes_one, run))):
            return True
        entered = [edge.target for edge in self.sites.edges(node).get(enter, ())]
        entered = [target for target in entered if self.sites.graph.nodes[target].function.endswith(_ENTERS)]
        return bool(entered) and all(map(self._enters_one, entered))

    def _makes_one(self, node: int) -> bool:
        """Whether a function is, or gives back, a context manager that opens a span."""
        known = self._making.get(node)
        if known is None:
            self._making[node] = False
            known = self._making[node] = self._holds_one(node) or self._gives_one(node)
        return known

    def _opens(self, node: int, register: int) -> bool:
        """Whether a call opens a span by itself."""
        if self.sites.code(node).callee_name(register) in self._methods:
            return True
        view = self.sites.calls(node).get(register)
        return view is not None and any(self._openers.find(name) for name in view.names)

    def _holds_one(self, node: int) -> bool:
        """Whether a function that was made a context manager has a span open wherever it lets the body run."""
        if not self._managers.is_one(node):
            return False
        places = [register for register, i in enumerate(self.sites.code(node).scope.code) if i[0] == ir.YIELD]
        flow, spans = self.sites.flow(node), self.of(node)
        return bool(places) and all(any(flow.is_open_at(span, place) for span in spans) for place in places)

    def _gives_one(self, node: int) -> bool:
        """Whether all that a function gives back is a span to enter."""
        code = self.sites.code(node)
        given = [code.value_of(i[1]) for i in code.scope.code if i[0] == ir.RETURN]
        if not given or code.scope.is_generator or code.scope.is_async:
            return False
        return all(self._is_span(node, value, value) for value in given)

    def _enters_one(self, node: int) -> bool:
        """Whether an `__enter__` always opens a span, or enters one that the object holds."""
        opened = [
            r for r, view in self.sites.calls(node).items() if self._opens(node, r) or self._is_entered(view.names)
        ]
        return self.sites.flow(node).is_always_passed(opened)

    def _is_entered(self, names: tuple[str, ...]) -> bool:
        """`self.span.__enter__()`."""
        made = [name.rpartition(".")[0].removesuffix("()") for name in names if name.endswith(_ENTERS)]
        return bool(made) and all(last_segment(n) in self._methods or self._openers.find(n) for n in made)
