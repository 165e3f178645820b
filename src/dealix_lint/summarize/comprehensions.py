"""Comprehensions and generator expressions: loops inside an expression, with variables of their own."""

from __future__ import annotations

from dealix_lint.model import ir
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.bindings import target_names
from dealix_lint.summarize.builder import ScopeBuilder
from dealix_lint.summarize.expressions import EXPRESSIONS, condition, expression, number_lambdas
from dealix_lint.summarize.narrowing import narrow
from dealix_lint.summarize.targets import store, unpacked


def _comprehension(b: ScopeBuilder, node: cst.DictComp | cst.BaseSimpleComp) -> int:
    number_lambdas(b, *((node.key, node.value) if isinstance(node, cst.DictComp) else (node.elt,)))
    iterable = expression(b, node.for_in.iter)
    outer, before = b.inner_names, b.environment
    b.inner_names = dict(outer)
    b.comprehensions += 1
    head = b.branch_to("loop")
    joined = b.open_joins(b.tree.bindings.expression(node))  # copies the environment
    names = _clauses(b, node.for_in, iterable)
    element, key = _element(b, node)
    b.link(b.block, head)
    b.close_joins(joined, (b.environment,))
    b.comprehensions -= 1
    b.restore_inner(names, before, outer)
    b.environment = {**before, **joined} if joined else before
    after = b.new_block()
    b.link(head, after)
    b.enter_block(after)
    return b.emit((ir.COLLECT, _KINDS[type(node)], element, key), node)


def _clauses(b: ScopeBuilder, first: cst.CompFor, iterable: int) -> list[str]:
    """Bind the variables of all `for` clauses, evaluate the conditions; returns the names bound."""
    names: list[str] = []
    clause: cst.CompFor | None = first
    head = b.block
    while clause is not None:
        if clause is not first:
            iterable = expression(b, clause.iter)
            outer, head = head, b.branch_to("loop")
            b.link(head, outer)
        element = b.emit((ir.ITERATE, iterable, clause.asynchronous is not None), clause.iter)
        b.branch_to()
        names += target_names(clause.target)
        _bind(b, clause.target, element)
        for filtered in clause.ifs:
            _condition(b, filtered.test, head)
        clause = clause.inner_for_in
    return names


def _bind(b: ScopeBuilder, target: cst.BaseExpression, element: int) -> None:
    if type(target) is cst.Name:
        b.bind_inner(target.value, element)
    else:
        store(b, target, element)
        for name, register in unpacked(b, target, element):
            b.bind_inner(name, register)


def _condition(b: ScopeBuilder, test: cst.BaseExpression, head: int) -> None:
    register = condition(b, test)
    tested = b.block
    b.blocks[tested].test = register
    b.branch_to()
    b.link(tested, head)
    narrow(b, test, register, True)


def _element(b: ScopeBuilder, node: cst.DictComp | cst.BaseSimpleComp) -> tuple[int, int]:
    """Registers of what is collected and, for a dict, of its key (else -1)."""
    if isinstance(node, cst.DictComp):
        key = expression(b, node.key)
        return expression(b, node.value), key
    return expression(b, node.elt), -1


_KINDS: dict[type, str] = {
    cst.ListComp: "list",
    cst.SetComp: "set",
    cst.DictComp: "dict",
    cst.GeneratorExp: "generator",
}
for _kind in _KINDS:
    EXPRESSIONS[_kind] = _comprehension
