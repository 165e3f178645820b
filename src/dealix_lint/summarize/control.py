"""Branches, loops and `with` to instructions and control blocks."""

from __future__ import annotations

from dealix_lint.model import ir
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.attempts import attempt
from dealix_lint.summarize.bindings import target_names
from dealix_lint.summarize.builder import ScopeBuilder
from dealix_lint.summarize.expressions import condition, expression
from dealix_lint.summarize.flowing import LoopFrame
from dealix_lint.summarize.narrowing import narrow
from dealix_lint.summarize.statements import STATEMENTS, suite
from dealix_lint.summarize.targets import assign_target


def _if(b: ScopeBuilder, node: cst.If) -> None:
    tested = condition(b, node.test)
    test, before, dead = b.block, b.environment, b.is_dead
    b.blocks[test].test = tested
    after = b.new_block()
    b.environment = dict(before)
    b.branch_to()
    narrow(b, node.test, tested, holds=True)
    suite(b, node.body)
    taken = b.end_branch(after)
    b.environment, b.is_dead = dict(before), dead
    b.branch_from(test)
    narrow(b, node.test, tested, holds=False)
    if type(node.orelse) is cst.If:
        _if(b, node.orelse)
    elif node.orelse is not None:
        suite(b, node.orelse.body)
    not_taken = b.end_branch(after)
    b.enter_block(after)
    b.join((taken, not_taken))


def _while(b: ScopeBuilder, node: cst.While) -> None:
    bindings = b.tree.bindings
    frame = b.open_loop(bindings.bound(node.body) | bindings.expression(node))
    dead = b.is_dead
    tested = condition(b, node.test)
    test = b.block
    b.blocks[test].test = tested
    leaving = dict(b.environment)
    b.branch_to()
    narrow(b, node.test, tested, holds=True)
    suite(b, node.body)
    b.close_loop(frame)
    b.environment, b.is_dead = leaving, dead
    if _is_always_true(node.test):
        b.is_dead = True
        b.continue_dead()
    else:
        b.branch_from(test)
        narrow(b, node.test, tested, holds=False)
    _after_loop(b, frame, node.orelse)


def _is_always_true(test: cst.BaseExpression) -> bool:
    if type(test) is cst.Integer:
        return test.value.strip("0_") != ""
    return type(test) is cst.Name and test.value == "True"


def _for(b: ScopeBuilder, node: cst.For) -> None:
    iterable = expression(b, node.iter)
    bindings = b.tree.bindings
    names = bindings.bound(node.body) | frozenset(target_names(node.target)) | bindings.expression(node)
    frame = b.open_loop(names)
    dead = b.is_dead
    leaving = dict(b.environment)
    element = b.emit((ir.ITERATE, iterable, node.asynchronous is not None), node.iter)
    test = b.block
    b.branch_to()
    assign_target(b, node.target, element)
    suite(b, node.body)
    b.close_loop(frame)
    b.environment, b.is_dead = leaving, dead
    b.branch_from(test)
    _after_loop(b, frame, node.orelse)


def _after_loop(b: ScopeBuilder, frame: LoopFrame, orelse: cst.Else | None) -> None:
    if orelse is not None:
        suite(b, orelse.body)
    after = b.new_block()
    ends = [b.end_branch(after), *((environment, False) for environment in frame.breaks)]
    for block in frame.break_blocks:
        b.link(block, after)
    b.enter_block(after)
    b.join(ends)


def _break(b: ScopeBuilder, node: cst.Break) -> None:
    b.leave("break")


def _continue(b: ScopeBuilder, node: cst.Continue) -> None:
    b.leave("continue")


def _with(b: ScopeBuilder, node: cst.With) -> None:
    entered: list[int] = []
    for item in node.items:
        manager = expression(b, item.item)
        entered.append(b.emit((ir.ENTER, manager, node.asynchronous is not None), item.item))
        if item.asname is not None:
            assign_target(b, item.asname.name, entered[-1])
    if any(_suppresses(item.item) for item in node.items):
        attempt(b, node.body)
    else:
        suite(b, node.body)
    for register in reversed(entered):
        b.emit((ir.NOP, register))


def _suppresses(manager: cst.BaseExpression) -> bool:
    """Whether errors in the body end at this `with`: `contextlib.suppress(...)`."""
    called = manager.func if type(manager) is cst.Call else None
    name = called.attr if type(called) is cst.Attribute else called
    return type(name) is cst.Name and name.value == "suppress"


STATEMENTS.update(
    {
        cst.If: _if,
        cst.While: _while,
        cst.For: _for,
        cst.Break: _break,
        cst.Continue: _continue,
        cst.With: _with,
    }
)
