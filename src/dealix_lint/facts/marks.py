"""Decorators of the project that give back the very function that they are handed."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.definitions import Definitions, ScopeId
from dealix_lint.model import ir
from dealix_lint.model.resolved import Decorator
from dealix_lint.model.summary import KEYWORDS, VARIADIC, Scope

_DEPTH = 3  # of functions that give back a function that gives back what it is handed


def only_marks(definitions: Definitions, decorator: Decorator) -> bool:
    """Whether all that a decorator may be are functions that give back what they are handed: `fn.label = label; return fn`."""
    places = [definitions.find(name) for name in decorator.names]
    return bool(places) and all(place is not None and _gives_back(definitions, place, _DEPTH) for place in places)


def _gives_back(definitions: Definitions, place: ScopeId, depth: int) -> bool:
    """Whether a function gives back a parameter, or a function inside it that does (`@governed(...)`), and nothing else."""
    scope = definitions.scope(place)
    if scope.kind not in ("function", "lambda") or scope.is_async or scope.is_generator or scope.decorators:
        return False
    given = [leaf for i in scope.code if i[0] == ir.RETURN for leaf in _leaves(scope, i[1])]
    return bool(given) and all(_is_handed(definitions, place, leaf, depth) for leaf in given)


def _is_handed(definitions: Definitions, place: ScopeId, leaf: ir.Instruction, depth: int) -> bool:
    if leaf[0] == ir.PARAM:
        return definitions.scope(place).parameters[leaf[1]].kind not in (VARIADIC, KEYWORDS)
    return leaf[0] == ir.FUNCTION and depth > 0 and _gives_back(definitions, (place[0], leaf[1]), depth - 1)


def _leaves(scope: Scope, register: int) -> Iterator[ir.Instruction]:
    pending, seen = [register], {register}
    while pending:
        instruction = scope.code[pending.pop()]
        if instruction[0] not in (ir.PHI, ir.NARROW):
            yield instruction
            continue
        parts = instruction[1] if instruction[0] == ir.PHI else instruction[1:2]
        pending += [part for part in parts if part not in seen]
        seen.update(parts)
