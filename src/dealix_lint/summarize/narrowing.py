"""What `isinstance(x, T)` says about a local x where the test holds, and where it does not; what `x.name == wanted` and
`x.name in (one, other)` say about the variable of a loop where they hold."""

from __future__ import annotations

from dealix_lint.model import ir
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.builder import ScopeBuilder

_EQUAL = (ir.LOGIC, "==")
_AMONG = (ir.LOGIC, "in")
_DISPLAYS = (ir.TUPLE, ir.LIST, ir.SET)


def narrows(b: ScopeBuilder, test: cst.BaseExpression) -> bool:
    """Whether a test says something about a name."""
    if type(test) is cst.UnaryOperation:
        return type(test.operator) is cst.Not and narrows(b, test.expression)
    if type(test) is cst.BooleanOperation:
        return narrows(b, test.left) or narrows(b, test.right)
    return _tested_name(test) is not None or _judged_name(b, test) is not None


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
    elif type(test) is cst.Comparison:
        if holds and (instruction[:2] == _EQUAL or (instruction[:2] == _AMONG and b.code[operands[1]][0] in _DISPLAYS)):
            _choose(b, test, operands, instruction[1] == "in")
    else:
        name = _tested_name(test)
        if name is not None and name in b.environment and b.code[register][0] == ir.CALL:
            kind = b.code[register][2][1]
            b.environment[name] = b.emit((ir.NARROW, b.environment[name], kind, holds))
        judged = _judged_name(b, test)
        if judged is not None and b.code[register][:1] + b.code[register][2:3] == (
            ir.CALL,
            (b.environment.get(judged),),
        ):
            b.environment[judged] = b.emit((ir.NARROW, b.environment[judged], register, holds))


def _tested_name(test: cst.BaseExpression) -> str | None:
    if type(test) is not cst.Call or type(test.func) is not cst.Name or test.func.value != "isinstance":
        return None
    if len(test.args) != 2 or any(argument.star or argument.keyword is not None for argument in test.args):
        return None
    tested = test.args[0].value
    return tested.value if type(tested) is cst.Name else None


def _judged_name(b: ScopeBuilder, test: cst.BaseExpression) -> str | None:
    """The name that is handed to a function of which the file says that it tells a class: `self.can_handle(x)`."""
    called = test.func if type(test) is cst.Call and b.tree.predicates and len(test.args) == 1 else None
    name = called.attr if type(called) is cst.Attribute else called
    if type(test) is not cst.Call or type(name) is not cst.Name or name.value not in b.tree.predicates:
        return None
    (argument,) = test.args
    judged = argument.value if not argument.star and argument.keyword is None else None
    return judged.value if type(judged) is cst.Name else None


def _choose(b: ScopeBuilder, test: cst.Comparison, operands: tuple[int, ...], is_among: bool) -> None:
    """`for flow in FLOWS: if flow.name == name`: which of the elements are meant."""
    sides = (test.left, test.comparisons[0].comparator)
    for side, asked, wanted in zip(sides[: 1 if is_among else 2], operands, reversed(operands), strict=False):
        holder = side.value if type(side) is cst.Attribute else None
        name = holder.value if type(holder) is cst.Name else ""
        element = b.environment.get(name, -1)
        if element >= 0 and b.code[element][0] == ir.ITERATE and b.code[asked][:2] == (ir.ATTR, element):
            b.environment[name] = b.emit((ir.NARROW, element, wanted, "in" if is_among else True, asked))
