"""The calls by which a function says what fills a parameter: `= Depends(classified(...))`, `Annotated[X, Depends(...)]`,
also by the name of such an annotation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.injected import calls_in
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import Place
from dealix_lint.model.summary import TypeExpr

_NAMING: Final = frozenset({ir.NAME, ir.FREE, ir.IMPORT_FROM, ir.ATTR})


def injecting_calls(sites: Sites, function: ScopeId) -> Iterator[Place]:
    """Those of the parameters that a framework fills, with the calls among their arguments."""
    written = _written(sites, function, _filled(sites, function))
    return (place for place in sites.made_of(written, _NAMING) if sites.instruction(place)[0] == ir.CALL)


def _filled(sites: Sites, function: ScopeId) -> frozenset[int]:
    """Indexes of the parameters at which other code runs."""
    code = sites.code_of(function).scope.code
    nodes = sites.nodes_of(sites.definitions.name(function))
    registers = {r for node in nodes if sites.scope_of(node) == function for r in sites.edges(node) if r != NO_SITE}
    return frozenset(code[register][1] for register in registers if code[register][0] == ir.PARAM)


def _written(sites: Sites, function: ScopeId, indexes: frozenset[int]) -> Iterator[Place]:
    scope = sites.definitions.scope(function)
    outer, defaults = sites.definitions.default_registers(function)
    yield from (Place(*outer, register) for index, register in defaults if index in indexes)
    for index in sorted(indexes):
        annotation = scope.parameters[index].annotation
        yield from (Place(*outer, register) for register in calls_in(annotation))
        exports = dict(sites.definitions.scope((function[0], 0)).exports)
        yield from (Place(function[0], 0, r) for name in _names_in(annotation) for r in exports.get(name, ()))


def _names_in(annotation: TypeExpr | None) -> Iterator[str]:
    for part in annotation or ():
        if isinstance(part, tuple):
            yield from _names_in(part)
    if annotation is not None and annotation[:1] == ("name",):
        yield str(annotation[1])
