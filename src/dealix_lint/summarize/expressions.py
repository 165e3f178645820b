"""Expressions to instructions: one handler per node class, each returning the register of the value.

Handlers of literals are in `literals`, of comprehensions in `comprehensions`, of lambdas in `definitions`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dealix_lint.model import ir
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.builder import ScopeBuilder
from dealix_lint.summarize.flowing import Environment
from dealix_lint.summarize.narrowing import narrow, narrows
from dealix_lint.summarize.nodes import lambdas
from dealix_lint.summarize.operators import operator_text

Handler = Callable[[ScopeBuilder, Any], int]
EXPRESSIONS: dict[type, Handler] = {}

KEYWORD_CONSTANTS: dict[str, bool | None] = {"True": True, "False": False, "None": None}
_OBJECTS = (cst.Name, cst.Attribute, cst.Call, cst.Subscript)
_WITHOUT_BRANCHES = (cst.Name, cst.SimpleString, cst.Integer, cst.Attribute)


def expression(b: ScopeBuilder, node: cst.CSTNode) -> int:
    """Emit the code of an expression; returns the register of its value."""
    handler = EXPRESSIONS.get(type(node))
    if handler is None:
        return b.unknown(node)
    return handler(b, node)


def _name(b: ScopeBuilder, node: cst.Name) -> int:
    name = node.value
    if name in KEYWORD_CONSTANTS:
        return b.constant(KEYWORD_CONSTANTS[name], node)
    return b.read(name, node)


def _attribute(b: ScopeBuilder, node: cst.Attribute) -> int:
    return b.emit((ir.ATTR, expression(b, node.value), node.attr.value), node)


def _call(b: ScopeBuilder, node: cst.Call) -> int:
    callee = expression(b, node.func)
    arguments, keywords = call_arguments(b, node.args)
    b.call_count += 1
    return b.emit((ir.CALL, callee, arguments, keywords), node)


def call_arguments(
    b: ScopeBuilder, args: Iterable[cst.Arg]
) -> tuple[tuple[int, ...], tuple[tuple[str | None, int], ...]]:
    """Registers of positional arguments (spreads as -r-1) and keyword arguments (None for `**`)."""
    positional: list[int] = []
    keywords: list[tuple[str | None, int]] = []
    for argument in args:
        register = expression(b, argument.value)
        if argument.star == "*":
            positional.append(-register - 1)
        elif argument.star == "**":
            keywords.append((None, register))
        elif argument.keyword is not None:
            keywords.append((argument.keyword.value, register))
        else:
            positional.append(register)
    return tuple(positional), tuple(keywords)


def _elements(b: ScopeBuilder, elements: Iterable[cst.BaseElement]) -> tuple[int, ...]:
    registers: list[int] = []
    for element in elements:
        register = expression(b, element.value)
        registers.append(-register - 1 if type(element) is cst.StarredElement else register)
    return tuple(registers)


def _display(opcode: int) -> Handler:
    def handle(b: ScopeBuilder, node: cst.List | cst.Tuple | cst.Set) -> int:
        return b.emit((opcode, _elements(b, node.elements)), node)

    return handle


def _dict(b: ScopeBuilder, node: cst.Dict) -> int:
    pairs: list[tuple[int | None, int]] = []
    for element in node.elements:
        key = expression(b, element.key) if type(element) is cst.DictElement else None
        pairs.append((key, expression(b, element.value)))
    return b.emit((ir.DICT, tuple(pairs)), node)


def _subscript(b: ScopeBuilder, node: cst.Subscript) -> int:
    value = expression(b, node.value)
    return b.emit((ir.SUBSCRIPT, value, subscript_key(b, node)), node)


def subscript_key(b: ScopeBuilder, node: cst.Subscript) -> int:
    """The register of what stands between the brackets."""
    if len(node.slice) == 1 and not _is_spread(node.slice[0]):
        return _slice_part(b, node.slice[0].slice)
    registers: list[int] = []
    for element in node.slice:
        register = _slice_part(b, element.slice)
        registers.append(-register - 1 if _is_spread(element) else register)
    return b.emit((ir.TUPLE, tuple(registers)), node)


def _is_spread(element: cst.SubscriptElement) -> bool:
    return type(element.slice) is cst.Index and element.slice.star == "*"


def _slice_part(b: ScopeBuilder, part: cst.BaseSlice) -> int:
    if type(part) is cst.Index:
        return expression(b, part.value)
    start = 0
    if isinstance(part, cst.Slice):
        for bound in (part.lower, part.upper, part.step):
            if bound is not None:
                expression(b, bound)
        if part.step is None and type(part.lower) is cst.Integer and part.lower.value.isdecimal():
            start = int(part.lower.value)
    return b.emit((ir.LOGIC, "slice", (), start) if start else (ir.LOGIC, "slice", ()), part)


def _binary(b: ScopeBuilder, node: cst.BinaryOperation) -> int:
    # A long `a + b + c + ...` nests as deep as it is long, to the left.
    chain: list[cst.BinaryOperation] = [node]
    while type(chain[-1].left) is cst.BinaryOperation:
        chain.append(chain[-1].left)
    register = expression(b, chain[-1].left)
    for operation in reversed(chain):
        right = expression(b, operation.right)
        register = b.emit((ir.BINARY, operator_text(operation.operator), register, right), operation)
    return register


def condition(b: ScopeBuilder, node: cst.BaseExpression) -> int:
    """The register of an expression whose truth is asked for (which may call `__bool__`)."""
    register = expression(b, node)
    if type(node) in _OBJECTS:
        b.emit((ir.LOGIC, "bool", (register,)), node)
    return register


def _boolean(b: ScopeBuilder, node: cst.BooleanOperation) -> int:
    left = condition(b, node.left)
    is_or = type(node.operator) is cst.Or
    word = "or" if is_or else "and"
    if type(node.right) in _WITHOUT_BRANCHES:
        right = _under(b, node.left, left, not is_or, node.right)
        return b.emit((ir.PHI, (left, right), word), node)
    test = b.block
    b.blocks[test].test = left
    taken = b.branch_to()
    before = b.environment
    right = _under(b, node.left, left, not is_or, node.right)
    after = b.new_block()
    b.link(b.block, after)
    b.link(test, after)
    if is_or:
        b.blocks[test].successors = [after, taken]
    b.enter_block(after)
    _rejoin(b, before, b.environment)
    return b.emit((ir.PHI, (left, right), word), node)


def _conditional(b: ScopeBuilder, node: cst.IfExp) -> int:
    number_lambdas(b, node.body)
    tested = condition(b, node.test)
    test, before = b.block, b.environment
    b.blocks[test].test = tested
    b.branch_to()
    first = _chosen(b, _under(b, node.test, tested, True, node.body), node.body)
    one, b.environment = b.environment, before
    end = b.block
    b.branch_from(test)
    second = _chosen(b, _under(b, node.test, tested, False, node.orelse), node.orelse)
    after = b.new_block()
    b.link(end, after)
    b.link(b.block, after)
    b.enter_block(after)
    _rejoin(b, one, b.environment)
    return b.emit((ir.PHI, (first, second)), node)


def _chosen(b: ScopeBuilder, register: int, node: cst.BaseExpression) -> int:
    """A function of this scope that only one answer gives, where that answer is: which of them it is depends on the test."""
    is_function = b.code[register][0] in (ir.FUNCTION, ir.DECORATE) and isinstance(node, cst.Name)
    return b.emit((ir.PHI, (register,)), node) if is_function else register


def _under(b: ScopeBuilder, test: cst.BaseExpression, register: int, holds: bool, node: cst.BaseExpression) -> int:
    """The value of an expression that is evaluated only if a test came out as `holds`."""
    before = b.environment
    assigns = bool(b.tree.bindings.in_expressions)
    if not assigns and not narrows(b, test):
        return expression(b, node)
    b.environment = dict(before)
    narrow(b, test, register, holds)
    value = expression(b, node)
    if not assigns:
        b.environment = before
    return value


def _rejoin(b: ScopeBuilder, one: Environment, other: Environment) -> None:
    if one is not other:
        b.environment = b.merged((one, other))


def number_lambdas(b: ScopeBuilder, *nodes: cst.CSTNode) -> None:
    """Number the lambdas of code that stands before what is evaluated first: numbers follow the source."""
    for node in nodes if b.tree.has_lambdas else ():
        for found in lambdas(node):
            if id(found) not in b.tree.lambda_numbers:
                b.lambda_count += 1
                b.tree.lambda_numbers[id(found)] = b.lambda_count


def _unary(b: ScopeBuilder, node: cst.UnaryOperation) -> int:
    operand = expression(b, node.expression)
    return b.emit((ir.LOGIC, operator_text(node.operator), (operand,)), node)


def _comparison(b: ScopeBuilder, node: cst.Comparison) -> int:
    registers = [expression(b, node.left)]
    registers += [expression(b, target.comparator) for target in node.comparisons]
    operator = operator_text(node.comparisons[0].operator) if len(node.comparisons) == 1 else "compare"
    return b.emit((ir.LOGIC, operator, tuple(registers)), node)


def _await(b: ScopeBuilder, node: cst.Await) -> int:
    return b.emit((ir.AWAIT, expression(b, node.expression)), node)


def _yield(b: ScopeBuilder, node: cst.Yield) -> int:
    b.is_generator = True
    if type(node.value) is cst.From:
        return b.emit((ir.YIELD_FROM, expression(b, node.value.item)), node)
    value = b.constant(None) if node.value is None else expression(b, node.value)
    return b.emit((ir.YIELD, value), node)


def _named(b: ScopeBuilder, node: cst.NamedExpr) -> int:
    register = expression(b, node.value)
    if isinstance(node.target, cst.Name):
        b.assign(node.target.value, register)
    return register


EXPRESSIONS.update(
    {
        cst.Name: _name,
        cst.Attribute: _attribute,
        cst.Call: _call,
        cst.List: _display(ir.LIST),
        cst.Tuple: _display(ir.TUPLE),
        cst.Set: _display(ir.SET),
        cst.Dict: _dict,
        cst.Subscript: _subscript,
        cst.BinaryOperation: _binary,
        cst.BooleanOperation: _boolean,
        cst.IfExp: _conditional,
        cst.UnaryOperation: _unary,
        cst.Comparison: _comparison,
        cst.Await: _await,
        cst.Yield: _yield,
        cst.NamedExpr: _named,
    }
)
