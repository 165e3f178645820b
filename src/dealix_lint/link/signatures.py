"""Which calls a function can be called by, as both are written."""

from __future__ import annotations

from dealix_lint.model import ir
from dealix_lint.model.summary import KEYWORD_ONLY, KEYWORDS, POSITIONAL_ONLY, VARIADIC, Scope


def takes(scope: Scope, call: ir.Instruction, given: int) -> bool:
    """Whether a function can take the arguments of a CALL after the `given` first ones (the object of a method): none is
    missing, and none is too many. What is spread (`*args`, `**options`) may be any number."""
    _, positional, keywords = call[1:]
    is_spread = any(register < 0 for register in positional)
    named = {name for name, _ in keywords if name is not None}
    has_others = any(name is None for name, _ in keywords)
    count = given + sum(1 for register in positional if register >= 0)
    taken = 0
    for parameter in scope.parameters:
        if parameter.kind == VARIADIC:
            taken = count
        elif parameter.kind == KEYWORDS:
            named.clear()
        elif parameter.kind != KEYWORD_ONLY and taken < count:
            taken += 1
            if parameter.name in named and parameter.kind != POSITIONAL_ONLY:
                return False
        elif parameter.name in named:
            named.discard(parameter.name)
        elif not (parameter.has_default or has_others or (is_spread and parameter.kind != KEYWORD_ONLY)):
            return False
    return taken >= count and not named
