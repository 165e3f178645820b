"""Log lines that are kept as records: a sink that persists takes those of loggers that are bound with a keyword."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.listed import symbols
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import ExternalCall, Place
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.resolved import CallView

_FILTER = "filter"
_NEGATED = frozenset({"not", "not in", "!=", "is not"})


class LogSinks:
    """`logger.add(write_audit, filter=lambda record: "audit" in record["extra"])` and `logger.bind(audit=True).info(...)`."""

    __slots__ = ("_added", "_keys", "sites")

    def __init__(self, sites: Sites, added: tuple[str, ...]) -> None:
        """`added`: calls that add a sink."""
        self.sites = sites
        self._added = PatternIndex((pattern, True) for pattern in added)
        self._keys: frozenset[str] | None = None

    def keeps(
        self, node: int, view: CallView, is_audit: Callable[[str], bool], persists: Callable[[int], bool]
    ) -> bool:
        """Whether a sink persists what a log call writes. `is_audit`: whether a name speaks of audit; `persists`: whether a node
        stores anything."""
        if self._keys is None:
            self._keys = frozenset()
            self._keys = frozenset(self._asked_for(is_audit, persists))
        return bool(self._keys) and not self._keys.isdisjoint(self._said(node, view))

    def _asked_for(self, is_audit: Callable[[str], bool], persists: Callable[[int], bool]) -> Iterator[str]:
        for call in self.sites.resolution.external_calls(lambda path: bool(self._added.find(path))):
            sinks = [name for group in call.arguments[:1] for name in symbols(group)]
            if sinks and all(any(map(persists, self._run_by(sink))) for sink in sinks):
                keys = list(self._keys_of(call))
                yield from keys if any(map(is_audit, sinks)) else filter(is_audit, keys)

    def _run_by(self, sink: str) -> tuple[int, ...]:
        return self.sites.nodes_of(f"{sink[:-2]}.__call__" if sink.endswith("()") else sink)

    def _keys_of(self, call: ExternalCall) -> Iterator[str]:
        """What the filter of a sink looks up in a record, where it asks that it is there."""
        for group in (values for keyword, values in call.keywords if keyword == _FILTER):
            for place in filter(None, map(self.sites.definitions.find, symbols(group))):
                code = self.sites.code_of(place).scope.code
                if not any(i[0] == ir.LOGIC and i[1] in _NEGATED for i in code):
                    yield from (i[1] for i in code if i[0] == ir.CONST and isinstance(i[1], str))

    def _said(self, node: int, view: CallView) -> Iterator[str]:
        """Keywords of a log call, and of the calls that made its logger."""
        code, (module, scope) = self.sites.code(node), self.sites.scope_of(node)
        yield from _keywords(code, view.place.register)
        receiver = code.receiver(view.place.register)
        if receiver < 0:
            return
        for origin in self.sites.origins(Place(module, scope, receiver)):
            yield from _keywords(self.sites.code_of((origin.module, origin.scope)), origin.register)
        holder = code.scope.code[receiver]
        owner = self.sites.definitions.enclosing_class((module, scope))
        if owner is not None and holder[0] == ir.ATTR and code.scope.code[holder[1]] == (ir.PARAM, 0):
            for base in self.sites.definitions.mro(owner):
                yield from self._kept_by(base, holder[2])

    def _kept_by(self, owner: ScopeId, attribute: str) -> Iterator[str]:
        """Keywords of what makes the logger that a class keeps in an attribute."""
        for method in self.sites.definitions.methods(owner):
            code = self.sites.code_of(method)
            kept = (i[3] for i in code.scope.code if i[0] == ir.SET_ATTR and i[2] == attribute)
            yield from (word for value in kept for word in _keywords(code, value))


def _keywords(code: ScopeCode, register: int) -> Iterator[str]:
    parts = (code.scope.code[part] for part in code.closure((register,)))
    yield from (keyword for i in parts if i[0] == ir.CALL for keyword, _ in i[3] if keyword is not None)
