"""Permissions that a web framework asks before the method of a view runs, or the view that is a function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.listed import symbols
from dealix_lint.facts.names import last_segment
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.policy import RequestNames
from dealix_lint.model.text import Sequence

Asked: TypeAlias = tuple[int, ...]
"""Methods of permissions that are all asked: one that refuses keeps the view from running."""


class Permissions:
    """What is asked before a function: what its decorators say, else what the method of its class gives back that
    chooses, else what an attribute of its class lists."""

    __slots__ = ("_known", "_names", "sites")

    def __init__(self, sites: Sites, names: RequestNames) -> None:
        self.sites = sites
        self._names = names
        self._known: dict[ScopeId, tuple[Asked, ...]] = {}

    def of(self, node: int) -> tuple[Asked, ...]:
        """What may be asked before a node's function: one of several where that is chosen when it runs."""
        place = self.sites.scope_of(node)
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = tuple(tuple(self._methods(listed)) for listed in self._listed(place))
        return known

    def _methods(self, classes: Iterable[str]) -> Iterator[int]:
        definitions = self.sites.definitions
        for name in classes:
            place = definitions.find_class(name.removesuffix("()"))
            bases = definitions.mro(place) if place is not None else ()
            for method in self._names.asking:
                found = (self.sites.nodes_of(f"{definitions.name(base)}.{method}") for base in bases)
                yield from next(filter(None, found), ())

    def _listed(self, place: ScopeId) -> Iterator[tuple[str, ...]]:
        own = list(self._by_decorators(place))
        if own:
            yield tuple(own)
            return
        owner = self.sites.definitions.enclosing_class(place)
        if owner is None:
            return
        chosen = list(self._chosen(owner))
        yield from chosen or [self._by_attribute(owner)]

    def _by_decorators(self, place: ScopeId) -> Iterator[str]:
        """`@permission_classes([IsApproved])`, `@action(permission_classes=[IsApproved])`."""
        definitions = self.sites.definitions
        decorators = definitions.resolution.decorators(*place) if definitions.scope(place).decorators else ()
        for decorator in decorators:
            if any(last_segment(name) in self._names.permissions for name in decorator.names):
                yield from (name for values in decorator.arguments for name in symbols(values))
            for keyword, values in decorator.keywords:
                if keyword in self._names.permissions:
                    yield from symbols(values)

    def _by_attribute(self, owner: ScopeId) -> tuple[str, ...]:
        definitions = self.sites.definitions
        found: list[str] = []
        for attribute in self._names.permissions:
            stated = (definitions.attributes(base).get(attribute) for base in definitions.mro(owner))
            found += symbols(next((values for values in stated if values is not None), ()))
        return tuple(found)

    def _chosen(self, owner: ScopeId) -> Iterator[tuple[str, ...]]:
        """What a method of the class, or of the first base that has one, gives back (`get_permissions`)."""
        definitions = self.sites.definitions
        for base in definitions.mro(owner):
            methods = (f"{definitions.name(base)}.{method}" for method in self._names.permitting)
            nodes = next(filter(None, map(self.sites.nodes_of, methods)), ())
            if nodes:
                yield from self._given_back(nodes[0], owner)
                return

    def _given_back(self, node: int, owner: ScopeId) -> Iterator[tuple[str, ...]]:
        code = self.sites.code(node)
        for instruction in code.scope.code:
            if instruction[0] != ir.RETURN:
                continue
            values = self.sites.resolution.values(node, instruction[1])
            lists = [tuple(symbols((value,))) for value in values if isinstance(value, Sequence)]
            if any(lists):
                yield from lists
            else:
                yield self._by_attribute(owner) if self._is_usual(node, instruction[1]) else ()

    def _is_usual(self, node: int, register: int) -> bool:
        """Whether the value is made of what the attribute lists (`super().get_permissions()`)."""
        code = self.sites.code(node)
        words = {word for part in code.closure((register,)) for word in code.identifiers(part)}
        return not words.isdisjoint((*self._names.permissions, *self._names.permitting))
