"""Contexts in which an id travels without being passed: logging contexts and open spans."""

from __future__ import annotations

from dealix_lint.facts.hooks import Hooks
from dealix_lint.facts.loggers import Loggers
from dealix_lint.facts.names import Spellings, last_segment
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.facts.spans import Spans
from dealix_lint.facts.variables import Variables
from dealix_lint.model.patterns import PatternIndex, expand
from dealix_lint.model.policy import AmbientContext, CorrelationNames
from dealix_lint.model.resolved import CallView

_DEPTH = 3


class Ambient:
    """Contexts are numbered like `CorrelationNames.ambient`, and context variables of the project after them; a set of numbers
    says which ones are bound or printed."""

    __slots__ = (
        "_binders",
        "_binding_words",
        "_binds",
        "_by_mechanism",
        "_contexts",
        "_ids",
        "_levels",
        "_log_calls",
        "_loggers",
        "_names",
        "_unknown",
        "_wired",
        "hooks",
        "sites",
        "spans",
        "variables",
    )

    def __init__(self, sites: Sites, names: CorrelationNames, ids: Spellings) -> None:
        self.sites = sites
        self._names = names
        self._ids = ids
        self._contexts = names.ambient
        self.hooks = Hooks(sites, names)
        self._binders = [PatternIndex((pattern, True) for pattern in context.bind) for context in names.ambient]
        self._binding_words = frozenset(
            last_segment(plain) for context in names.ambient for pattern in context.bind for plain in expand(pattern)
        )
        self._levels = frozenset(names.log_methods)
        self._loggers = Loggers(sites, names.loggers)
        self.spans = Spans(sites, names)
        self._log_calls = PatternIndex(
            (pattern, number) for number, c in enumerate(self._contexts) for pattern in c.log
        )
        self._binds: dict[int, dict[int, frozenset[int]]] = {}
        self._by_mechanism: dict[str, tuple[bool, frozenset[int]]] = {}
        self._wired: dict[str, bool] = {}
        self.variables = Variables(sites, len(names.ambient), ids)
        self._unknown: frozenset[int] | None = None

    # -- starts -------------------------------------------------------------------------------------------------

    def at_start(self, mechanism: str) -> tuple[bool, frozenset[int]]:
        """Whether a span is open at the starts of a mechanism, and which contexts are bound there: by instrumentors,
        and by middleware and signal handlers of the program."""
        known = self._by_mechanism.get(mechanism)
        if known is None:
            spanned = self.hooks.is_instrumented(mechanism)
            bound = {
                n for n, context in enumerate(self._contexts) if self.hooks.hands_over(mechanism, context.middleware)
            }
            for node in self.hooks.nodes(mechanism):
                spanned = spanned or bool(self.spans.of(node))
                bound |= {number for numbers in self.binds(node).values() for number in numbers}
            bound |= self._bound_by_unknown()
            known = self._by_mechanism[mechanism] = spanned, frozenset(bound)
        return known

    def _bound_by_unknown(self) -> frozenset[int]:
        """Variables set by functions of which it is not known when they run: a hook of an unknown library may be among them."""
        if self._unknown is None:
            hooked = {node for mechanism, _ in self._names.hooks for node in self.hooks.nodes(mechanism)}
            registered = {one.function for one in self.sites.resolution.registrations()}
            self._unknown = frozenset(
                number
                for node, places in self.variables.setting().items()
                if self._may_be_hook(node, hooked, registered)
                for numbers in places.values()
                for number in numbers
            )
        return self._unknown

    def _may_be_hook(self, node: int, hooked: set[int], registered: set[str]) -> bool:
        """Whether a function, or one that it is called by, is called by nothing that is known."""
        pending, seen = [node], {node}
        while pending:
            current = pending.pop()
            if current in hooked or current in self.sites.reaching:
                continue
            callers = self.sites.graph.callers[current]
            if not callers and self.sites.graph.nodes[current].function not in registered:
                return True
            pending += (source for source, _ in callers if source not in seen)
            seen.update(source for source, _ in callers)
        return False

    # -- one function -------------------------------------------------------------------------------------------

    def is_log_call(self, view: CallView) -> bool:
        """Whether the call writes a log line."""
        return bool(self._printed_by(view))

    def is_bound_logger(self, node: int, view: CallView) -> bool:
        """Whether a log call is made on a logger with an id that the object keeps."""
        return self._loggers.is_bound(node, view.place.register, self._ids)

    def _printed_by(self, view: CallView) -> frozenset[int]:
        if view.spelling not in self._levels:
            return frozenset()
        return frozenset(number for name in self._loggers.names(view) for number in self._log_calls.find(name))

    def reads_variables(self, contexts: frozenset[int]) -> bool:
        """Whether context variables are among these."""
        return any(number >= self.variables.first for number in contexts)

    def printed(self, node: int) -> frozenset[int]:
        """Contexts that log lines of the function carry, if they are bound."""
        numbers = {number for view in self.sites.calls(node).values() for number in self._printed_by(view)}
        return frozenset(number for number in numbers if self._is_wired(self._contexts[number]))

    def binds(self, node: int, depth: int = _DEPTH) -> dict[int, frozenset[int]]:
        """Calls of a node that bind an id: register -> contexts, directly or in a function they run."""
        known = self._binds.get(node)
        if known is None:
            self._binds[node] = {}
            here, there = self._bound_here(node), self._bound_by_callees(node, depth)
            places = self.variables.setting().get(node, {})
            found = {
                register: frozenset().union(*(one.get(register, ()) for one in (here, there, places)))
                for register in sorted({*here, *there, *places})
            }
            known = self._binds[node] = {register: contexts for register, contexts in found.items() if contexts}
        return known

    def _bound_here(self, node: int) -> dict[int, frozenset[int]]:
        words = self.sites.words(node)
        if words.isdisjoint(self._binding_words) or not any(map(self._ids.have, words)):
            return {}
        return {
            register: frozenset(n for n, binder in enumerate(self._binders) if self._binds_id(node, view, binder))
            for register, view in self.sites.calls(node).items()
        }

    def _bound_by_callees(self, node: int, depth: int) -> dict[int, frozenset[int]]:
        callees = {register: self.sites.callees(node, register) for register in self.sites.edges(node)} if depth else {}
        return {
            register: frozenset.intersection(*(self.always_bound(callee, depth - 1) for callee in targets))
            for register, targets in callees.items()
            if targets and register != NO_SITE
        }

    def always_bound(self, node: int, depth: int = _DEPTH) -> frozenset[int]:
        """Contexts that a function has bound whenever it returns."""
        binds = self.binds(node, depth)
        flow = self.sites.flow(node) if binds else None
        return frozenset(
            n for register, numbers in binds.items() for n in numbers if flow and flow.is_always_passed((register,))
        )

    def _binds_id(self, node: int, view: CallView, binder: PatternIndex[bool]) -> bool:
        if not any(binder.find(name) for name in view.names):
            return False
        code = self.sites.code(node)
        return any(self._ids.have(word) for r in code.closure((view.place.register,)) for word in code.identifiers(r))

    def _are_named(self, classes: tuple[str, ...]) -> bool:
        """Whether the program names one of these classes, in code or as the text of a configuration."""
        wanted = frozenset((*classes, *map(last_segment, classes)))
        return any(
            not wanted.isdisjoint(self.sites.vocabulary.of((module, index)))
            for module, summary in enumerate(self.sites.resolution.program.summaries)
            for index in range(len(summary.scopes))
        )

    def _are_made(self, factories: tuple[str, ...]) -> bool:
        """Whether the program hands one of these calls something of its own that speaks of an id."""
        made = self.hooks.handed(factories)
        nodes = {node for name in made for node in self.sites.nodes_of(name.removesuffix("()"))}
        return any(self._ids.have(word) for node in nodes for word in self.sites.words(node))

    def _is_wired(self, context: AmbientContext) -> bool:
        """Whether the program has what makes the log lines of this context carry anything."""
        if context.needs not in self._wired:
            is_wired = not context.needs or bool(self.hooks.subclasses((context.needs,)))
            is_wired = is_wired or self._are_named(context.provided) or self._are_made(context.factories)
            self._wired[context.needs] = is_wired
        return self._wired[context.needs]
