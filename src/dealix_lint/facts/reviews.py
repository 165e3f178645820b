"""Reviews that code declares: `reviewed_by=`, `routing_review=` in a decorator, a packet, a class."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.levels import is_absent
from dealix_lint.facts.names import snake
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.policy import SensitiveNames


class Reviews:
    """Whether a review is in force where a path leaves a function."""

    __slots__ = ("_by_function", "_by_node", "_names", "sites")

    def __init__(self, sites: Sites, names: SensitiveNames) -> None:
        self.sites = sites
        self._names = frozenset(map(snake, names.reviews))
        self._by_function: dict[ScopeId, bool] = {}
        self._by_node: dict[int, tuple[int, ...]] = {}

    def is_declared(self, node: int, register: int) -> bool:
        """Whether the function, its class, or something made on every way to the call at a site says who reviewed."""
        place = self.sites.scope_of(node)
        if place not in self._by_function:
            self._by_function[place] = any(self._of_function(place))
        if self._by_function[place]:
            return True
        if register == NO_SITE:
            return False
        if node not in self._by_node:
            self._by_node[node] = tuple(self._stated(node))
        flow = self.sites.flow(node)
        return any(site == register or flow.dominates(site, register) for site in self._by_node[node])

    def _of_function(self, place: ScopeId) -> Iterator[bool]:
        definitions = self.sites.definitions
        owner = definitions.enclosing_class(place)
        bases = definitions.mro(owner) if owner is not None else ()
        for scope in (place, *bases):
            for decorator in self.sites.resolution.decorators(*scope):
                yield any(self._is_review(name) and not is_absent(values) for name, values in decorator.keywords)
        for base in bases:
            for name, values in definitions.attributes(base).items():
                yield self._is_review(name) and not is_absent(values)

    def _stated(self, node: int) -> Iterator[int]:
        """Registers at which a review is stated: keywords of calls, keys of dicts."""
        code = self.sites.code(node)
        for register, view in self.sites.calls(node).items():
            if any(self._is_review(name) and not is_absent(values) for name, values in view.keywords):
                yield register
        for register, instruction in enumerate(code.scope.code):
            if instruction[0] == ir.DICT:
                keys = (
                    code.scope.code[key][1]
                    for key, _ in instruction[1]
                    if key is not None and code.scope.code[key][0] == ir.CONST
                )
                if any(self._is_review(str(key)) for key in keys):
                    yield register

    def _is_review(self, name: str) -> bool:
        return snake(name) in self._names
