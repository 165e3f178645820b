"""Code and instrumentation that run around every start of a mechanism: middleware, signal handlers, instrumentors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealix_lint.facts.listed import literals, symbols
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import ExternalCall
from dealix_lint.model.ir import Instruction
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import CorrelationNames
from dealix_lint.model.text import ArgumentValue, Symbol


class Hooks:
    """What is registered to run around starts, found once per mechanism."""

    __slots__ = ("_handed", "_hooks", "_instrumentors", "_keywords", "_listed", "_propagators", "_publishing", "sites")

    def __init__(self, sites: Sites, names: CorrelationNames) -> None:
        self.sites = sites
        self._hooks = {m: tuple(p for p in patterns if ":" not in p) for m, patterns in names.hooks}
        self._keywords = {m: tuple(p.partition(":") for p in patterns if ":" in p) for m, patterns in names.hooks}
        self._instrumentors = dict(names.instrumentors)
        self._listed = dict(names.listed)
        self._propagators = dict(names.propagators)
        self._publishing = dict(names.publishing)
        self._handed: dict[str, tuple[str, ...]] = {}

    def is_instrumented(self, mechanism: str) -> bool:
        """Whether an instrumentor opens a span at the starts of a mechanism."""
        patterns = self._instrumentors.get(mechanism, ())
        return self.is_called(patterns) or self.hands_over(mechanism, patterns) or self._is_imported(patterns)

    def is_propagated(self, mechanism: str) -> bool:
        """Whether an interceptor or instrumentor carries spans over the dispatch edges of a mechanism."""
        return self.is_called(self._propagators.get(mechanism, ()))

    def _is_imported(self, patterns: Iterable[str]) -> bool:
        """Whether a module is imported that instruments by being so (`import ddtrace.auto`)."""
        index = PatternIndex((pattern, True) for pattern in patterns)
        modules = (summary.scopes[0].code for summary in self.sites.resolution.program.summaries if summary.scopes)
        return any(index.find(name) for code in modules for name in _imported(code))

    def is_called(self, patterns: Iterable[str]) -> bool:
        """Whether the program calls something of these access paths."""
        return bool(self._calls(patterns))

    def hands_over(self, mechanism: str, patterns: Iterable[str]) -> bool:
        """Whether something matching is registered as a hook of the mechanism (a library's middleware)."""
        index = PatternIndex((pattern, True) for pattern in patterns)
        return any(index.find(name) for name in self._registered(mechanism))

    def nodes(self, mechanism: str) -> tuple[int, ...]:
        """Nodes of first-party functions, and of methods of classes, that run around the starts of a mechanism."""
        patterns = self._hooks.get(mechanism, ())
        derived = {node for name in self.subclasses(patterns) for node in self.sites.nodes_of(name)}
        names = {*self._registered(mechanism), *self._decorated(patterns)}
        names |= {self.sites.graph.nodes[node].function for node in derived}
        return tuple(sorted({node for name in names for node in self.sites.nodes_of(name.removesuffix("()"))}))

    def publishers(self, mechanism: str) -> tuple[str, ...]:
        """First-party functions that complete what dispatches to a mechanism send."""
        patterns = self._publishing.get(mechanism, ())
        return tuple(sorted({*self.handed(patterns), *self._decorated(patterns), *self.subclasses(patterns)}))

    def subclasses(self, patterns: Iterable[str]) -> tuple[str, ...]:
        """First-party classes that inherit from one of these external classes."""
        return self.sites.definitions.derived(patterns)

    def handed(self, patterns: Iterable[str]) -> set[str]:
        """Names of what calls of these access paths are handed."""
        return {name for call in self._calls(patterns) for name in _symbols(call)}

    def _calls(self, patterns: Iterable[str]) -> tuple[ExternalCall, ...]:
        index = PatternIndex((pattern, True) for pattern in patterns)
        return self.sites.resolution.external_calls(lambda path: bool(index.find(path)))

    def _registered(self, mechanism: str) -> tuple[str, ...]:
        """Names of what is handed to registering calls."""
        known = self._handed.get(mechanism)
        if known is None:
            handed = self.handed(self._hooks.get(mechanism, ()))
            for pattern, _, keyword in self._keywords.get(mechanism, ()):
                values = (value for call in self._calls((pattern,)) for k, value in call.keywords if k == keyword)
                handed.update(name for value in values for name in symbols(value))
            known = self._handed[mechanism] = tuple(sorted({*handed, *self._named(self._listed.get(mechanism, ()))}))
        return known

    def _named(self, variables: tuple[str, ...]) -> Iterator[str]:
        """Dotted names in variables of modules (`MIDDLEWARE = ["shop.middleware.Tracing"]`)."""
        resolution = self.sites.resolution
        for module, summary in enumerate(resolution.program.summaries):
            exported = {name for scope in summary.scopes[:1] for name, _ in scope.exports}
            for name in sorted(exported.intersection(variables)):
                yield from literals(resolution.module_variable(module, name))

    def _decorated(self, patterns: Iterable[str]) -> Iterator[str]:
        index = PatternIndex((pattern, True) for pattern in patterns)
        definitions = self.sites.definitions
        for place in definitions.decorated():
            names = [name for decorator in definitions.resolution.decorators(*place) for name in decorator.names]
            if any(index.find(name) for name in names):
                yield definitions.name(place)


def _imported(code: Iterable[Instruction]) -> Iterator[str]:
    for instruction in code:
        if instruction[0] == ir.IMPORT:
            yield instruction[1]
        elif instruction[0] == ir.IMPORT_FROM:
            yield f"{instruction[1]}.{instruction[3]}"


def _symbols(call: ExternalCall) -> Iterator[str]:
    values: list[tuple[ArgumentValue, ...]] = [*call.arguments, *(value for _, value in call.keywords)]
    yield from (value.name for group in values for value in group if isinstance(value, Symbol))
