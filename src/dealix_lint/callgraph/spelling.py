"""What things are called where they are used, for where nothing else is known of them."""

from __future__ import annotations

from functools import cache
from typing import Final

from dealix_lint.model import ir
from dealix_lint.model.humps import HUMP
from dealix_lint.model.summary import Scope

NAMELESS: Final = "object"
_PASSED_ON: Final = frozenset((ir.AWAIT, ir.ENTER, ir.NARROW))


def spelled(scope: Scope, register: int) -> str:
    """The last name of what is in a register, as it is written; with `()` behind it for what a call gave back."""
    if register < 0:
        return NAMELESS
    instruction = scope.code[register]
    if instruction[0] in _PASSED_ON:
        return spelled(scope, instruction[1])
    if instruction[0] in (ir.DECLARED, ir.ATTR):
        return spelled(scope, instruction[2]) if instruction[0] == ir.DECLARED else str(instruction[2])
    if instruction[0] in (ir.NAME, ir.FREE):
        return str(instruction[1])
    if instruction[0] == ir.PARAM:
        return scope.parameters[instruction[1]].name
    return f"{spelled(scope, instruction[1])}()" if instruction[0] == ir.CALL else NAMELESS


def element(scope: Scope, register: int) -> str:
    """Like `spelled`; an element of `orders` is an `order`."""
    if register >= 0 and scope.code[register][0] == ir.ITERATE:
        return spelled(scope, scope.code[register][1]).removesuffix("s")
    return spelled(scope, register)


@cache
def is_called_after(name: str, class_name: str) -> bool:
    """Whether a variable says of what class it is: `order`, `new_order` of Order, `manager` of OrderManager."""
    words, of_class = name.strip("_").lower(), HUMP.sub("_", class_name).strip("_").lower()
    return words == of_class or words.endswith(f"_{of_class}") or of_class.endswith(f"_{words}")
