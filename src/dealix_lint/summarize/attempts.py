"""`try` statements: handlers see partial definitions, `finally` runs on every way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dealix_lint.model import ir
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.builder import ScopeBuilder
from dealix_lint.summarize.expressions import expression
from dealix_lint.summarize.flowing import Environment, FinallyFrame
from dealix_lint.summarize.statements import STATEMENTS, suite
from dealix_lint.summarize.targets import assign_target


@dataclass(frozen=True, slots=True)
class _End:
    """Where a part of a `try` ends: environment, whether that is never reached, block."""

    environment: Environment
    is_dead: bool
    block: int


@dataclass(frozen=True, slots=True)
class _Raising:
    """What a handler starts from: the blocks an error may come from, the environment, whether there is any way here."""

    blocks: tuple[int, ...]
    environment: Environment
    is_dead: bool


def _try(b: ScopeBuilder, node: cst.Try | cst.TryStar) -> None:
    if node.finalbody is None:
        _join(b, _parts(b, node))
        return
    before, dead, first = b.environment, b.is_dead, len(b.blocks)
    frame = FinallyFrame(len(b.loops))
    b.finals.append(frame)
    log = b.open_log()
    ends = _dropping_parts(b, node) if _leaves(node.finalbody.body) else _parts(b, node)
    b.close_log()
    b.finals.pop()
    _finally(b, node.finalbody, ends, frame, (b.interrupted(before, log), dead), first)


def _parts(b: ScopeBuilder, node: cst.Try | cst.TryStar) -> list[_End]:
    raising = _body(b, node.body, is_handled=bool(node.handlers))
    if node.orelse is not None:
        if b.is_dead:
            b.continue_dead()
        else:
            b.branch_to()
        suite(b, node.orelse.body)
    ends = [_end(b)]
    for handler in node.handlers:
        _enter_handler(b, raising)
        _handler(b, handler)
        ends.append(_end(b))
    return ends


def _leaves(body: cst.BaseSuite) -> bool:
    """Whether a suite ends by leaving the function or loop, whatever error is on its way."""
    last = body.body[-1] if body.body else None
    small = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else last
    return isinstance(small, (cst.Return, cst.Break, cst.Continue))


def _dropping_parts(b: ScopeBuilder, node: cst.Try | cst.TryStar) -> list[_End]:
    """Parts of a `try` whose errors end in its `finally`: they may end at any point."""
    before, start, dead = b.environment, b.block, b.is_dead
    log = b.open_log()
    b.environment = dict(before)
    first = b.branch_to("try")
    ends = _parts(b, node)
    b.close_log()
    blocks = (start, *range(first, len(b.blocks)))
    _enter_handler(b, _Raising(blocks, b.interrupted(before, log), dead))
    return [*ends, _end(b)]


def attempt(b: ScopeBuilder, body: cst.BaseSuite) -> None:
    """Code whose errors are dropped: it may end at any point."""
    raising = _body(b, body, is_handled=True)
    ends = [_end(b)]
    _enter_handler(b, raising)
    _join(b, [*ends, _end(b)])


def _end(b: ScopeBuilder) -> _End:
    return _End(b.environment, b.is_dead, b.block)


def _body(b: ScopeBuilder, body: cst.BaseSuite, *, is_handled: bool) -> _Raising:
    before, start, dead = b.environment, b.block, b.is_dead
    log = b.open_log()
    b.environment = dict(before)
    first = b.branch_to("try")
    suite(b, body)
    b.close_log()
    blocks = (start, *range(first, len(b.blocks)))
    return _Raising(blocks, b.interrupted(before, log) if is_handled else before, dead)


def _enter_handler(b: ScopeBuilder, raising: _Raising) -> None:
    b.environment, b.is_dead = dict(raising.environment), raising.is_dead
    block = b.new_block("handler")
    for source in raising.blocks:
        b.link(source, block)
    b.enter_block(block)


def _handler(b: ScopeBuilder, node: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
    if node.type is not None:
        caught = b.emit((ir.CAUGHT, expression(b, node.type)), node.type)
        if node.name is not None:
            assign_target(b, node.name.name, caught)
    suite(b, node.body)
    if node.name is not None and isinstance(node.name.name, cst.Name):
        b.unbind(node.name.name.value)


def _join(b: ScopeBuilder, ends: Sequence[_End]) -> None:
    after = b.new_block()
    for end in ends:
        if not end.is_dead:
            b.link(end.block, after)
    b.enter_block(after)
    b.join([(end.environment, end.is_dead) for end in ends])


def _finally(
    b: ScopeBuilder,
    node: cst.Finally,
    ends: Sequence[_End],
    frame: FinallyFrame,
    interrupted: tuple[Environment, bool],
    first: int,
) -> None:
    alive = [end for end in ends if not end.is_dead]
    block = b.new_block("finally")
    sources = [end.block for end in alive] + [left for _, left, _ in frame.leaving]
    for source in sources or [end.block for end in ends]:
        b.link(source, block)
    b.enter_block(block, first)
    normal = b.merged([end.environment for end in alive or ends])
    b.environment = dict(b.merged([normal, *(left for _, _, left in frame.leaving), interrupted[0]]))
    b.is_dead = interrupted[1]
    log = b.open_log()
    suite(b, node.body)
    b.close_log()
    _leave_finally(b, {way: None for way, _, _ in frame.leaving}, has_normal_end=bool(alive))
    b.environment = {**normal, **{name: b.environment[name] for name in log if name in b.environment}}


def _leave_finally(b: ScopeBuilder, ways: dict[str, None], *, has_normal_end: bool) -> None:
    """Go on as each of the ways in would have: out of the function or loop, or past the statement."""
    if b.is_dead:
        b.new_block("after")
        return
    end, environment = b.block, b.environment
    for way in ways:
        if way == "return" and not b.finals and has_normal_end:
            b.link(end, b.new_block())  # out of the function
        else:
            b.leave(way)
            b.is_dead, b.block, b.environment = False, end, dict(environment)
    if has_normal_end:
        b.branch_to("after")
    else:
        b.new_block("after")
    b.is_dead = not has_normal_end


STATEMENTS[cst.Try] = _try
STATEMENTS[cst.TryStar] = _try
