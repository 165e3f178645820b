"""What `isinstance(x, T)` says about a local x where the test holds, and where it does not."""

from __future__ import annotations

from dealix_lint.model import ir
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.builder import ScopeBuilder


def narrows(test: cst.BaseExpression) -> bool:
    """Whether a test says something about a name."""
    if type(test) is cst.UnaryOperation:
        return type(test.operator) is cst.Not and narrows(test.expression)
    if type(test) is cst.BooleanOperation:
        return narrows(test.left) or narrows(test.right)
    return _tested_name(test) is not None


def narrow(b: ScopeBuilder, test: cst.BaseExpression, register: int, holds: bool) -> None:
    """Apply to the environment what is known when `test`, evaluated at `register`, came out as `holds`."""
    instruction = b.code[register]
    operands: tuple[int, ...] = instruction[1] if instruction[0] == ir.PHI else instruction[-1]
    if type(test) is cst.UnaryOperation:
        if type(test.operator) is cst.Not:
            narrow(b, test.expression, operands[0], not holds)
    elif type(test) is cst.BooleanOperation:
        if (type(test.operator) is cst.And) is holds:
            narrow(b, test.left, operands[0], holds)
            narrow(b, test.right, operands[1], holds)
    else:
        name = _tested_name(test)
        if name is not None and name in b.environment and b.code[register][0] == ir.CALL:
            kind = b.code[register][2][1]
            b.environment[name] = b.emit((ir.NARROW, b.environment[name], kind, holds))


def _tested_name(test: cst.BaseExpression) -> str | None:
    if type(test) is not cst.Call or type(test.func) is not cst.Name or test.func.value != "isinstance":
        return None
    if len(test.args) != 2 or any(argument.star or argument.keyword is not None for argument in test.args):
        return None
    tested = test.args[0].value
    return tested.value if type(tested) is cst.Name else None
