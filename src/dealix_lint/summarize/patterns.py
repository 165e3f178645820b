"""`match` statements: which case is taken, and what its pattern binds."""

from __future__ import annotations

from dealix_lint.model import ir
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.builder import ScopeBuilder
from dealix_lint.summarize.expressions import condition, expression
from dealix_lint.summarize.flowing import End
from dealix_lint.summarize.narrowing import narrow
from dealix_lint.summarize.statements import STATEMENTS, suite
from dealix_lint.summarize.targets import parts_of

_SELF_MATCHING = frozenset(
    ("bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple")
)
"""Classes whose positional pattern is matched with the subject itself (PEP 634)."""


def _match(b: ScopeBuilder, node: cst.Match) -> None:
    subject = expression(b, node.subject)
    after = b.new_block()
    dead = b.is_dead
    ends = [_case(b, case, subject, after) for case in node.cases]
    if not node.cases or not _always(node.cases[-1]):
        ends.append(b.end_branch(after))
    b.enter_block(after)
    b.join(ends)
    b.is_dead = b.is_dead or dead


def _case(b: ScopeBuilder, case: cst.MatchCase, subject: int, after: int) -> End:
    """The end of a case that is taken; leaves the builder where it is not."""
    before, dead, tested = b.environment, b.is_dead, b.block
    b.environment = dict(before)
    tests: list[int] = []
    _pattern(b, case.pattern, subject, tests)
    fits = _all_of(b, tests, case)
    b.branch_to()
    following = b.new_block()
    if not _matches_anything(case.pattern):
        b.blocks[tested].test = fits
        b.link(tested, following)
    if case.guard is not None:
        register = condition(b, case.guard)
        tested = b.block
        b.blocks[tested].test = register
        b.branch_to()
        b.link(tested, following)
        narrow(b, case.guard, register, True)
    suite(b, case.body)
    end = b.end_branch(after)
    b.environment, b.is_dead = dict(before), dead
    b.enter_block(following)
    return end


def _always(case: cst.MatchCase) -> bool:
    return case.guard is None and _matches_anything(case.pattern)


def _matches_anything(pattern: cst.MatchPattern) -> bool:
    if isinstance(pattern, cst.MatchAs):
        return pattern.pattern is None or _matches_anything(pattern.pattern)
    return isinstance(pattern, cst.MatchOr) and _matches_anything(pattern.patterns[-1].pattern)


def _all_of(b: ScopeBuilder, tests: list[int], node: cst.CSTNode) -> int:
    """The register of what holds when all of these do; -1 if there are none."""
    distinct = tuple(dict.fromkeys(tests))
    return b.emit((ir.PHI, distinct, "and"), node) if len(distinct) > 1 else distinct[0] if distinct else -1


def _pattern(b: ScopeBuilder, node: cst.CSTNode | None, subject: int, tests: list[int]) -> int:
    """Bind the names of a pattern; returns the register of the subject as the pattern shows it. `tests`: what holds, all of
    it, where the pattern fits is added here."""
    if isinstance(node, cst.MatchAs):
        matched = _pattern(b, node.pattern, subject, tests)
        if node.name is not None:
            b.assign(node.name.value, matched)
        return matched
    if isinstance(node, cst.MatchClass):
        return _class(b, node, subject, tests)
    if isinstance(node, cst.MatchOr):
        return _alternatives(b, node, subject, tests)
    if isinstance(node, (cst.MatchValue, cst.MatchSingleton)):
        operator = "==" if isinstance(node, cst.MatchValue) else "is"
        tests.append(b.emit((ir.LOGIC, operator, (subject, expression(b, node.value))), node))
    elif isinstance(node, (cst.MatchList, cst.MatchTuple)):
        _fits(b, node, subject, tests)
        _sequence(b, node, subject, tests)
    elif isinstance(node, cst.MatchMapping):
        _fits(b, node, subject, tests)
        _mapping(b, node, subject, tests)
    return subject


def _fits(b: ScopeBuilder, node: cst.CSTNode, subject: int, tests: list[int]) -> None:
    """The subject has the shape that a pattern asks for, whatever its parts are."""
    tests.append(b.emit((ir.LOGIC, "fits", (subject,)), node))


def _class(b: ScopeBuilder, node: cst.MatchClass, subject: int, tests: list[int]) -> int:
    _fits(b, node, subject, tests)
    narrowed = b.emit((ir.NARROW, subject, expression(b, node.cls), True), node)
    for name, register in list(b.environment.items()):
        if register == subject:
            b.environment[name] = narrowed
    is_itself = isinstance(node.cls, cst.Name) and node.cls.value in _SELF_MATCHING
    for index, positional in enumerate(node.patterns):
        part = narrowed if is_itself else b.emit((ir.LOGIC, "match", (narrowed, b.constant(index))), positional)
        _pattern(b, positional.value, part, tests)
    for keyword in node.kwds:
        _pattern(b, keyword.pattern, b.emit((ir.ATTR, narrowed, keyword.key.value), keyword), tests)
    return narrowed


def _alternatives(b: ScopeBuilder, node: cst.MatchOr, subject: int, tests: list[int]) -> int:
    before = b.environment
    environments, matched, fitting = [], [], []
    for alternative in node.patterns:
        b.environment = dict(before)
        own: list[int] = []
        matched.append(_pattern(b, alternative.pattern, subject, own))
        environments.append(b.environment)
        fitting.append(_all_of(b, own, alternative))
    if -1 not in fitting:
        tests.append(b.emit((ir.PHI, tuple(fitting), "or"), node))
    b.environment = dict(b.merged(environments))
    distinct = tuple(dict.fromkeys(matched))
    return distinct[0] if len(distinct) == 1 else b.emit((ir.PHI, distinct), node)


def _sequence(b: ScopeBuilder, node: cst.MatchList | cst.MatchTuple, subject: int, tests: list[int]) -> None:
    for element, part in zip(node.patterns, parts_of(b, node.patterns, subject), strict=True):
        if isinstance(element, cst.MatchStar):
            if element.name is not None:
                b.assign(element.name.value, part)
        else:
            _pattern(b, element.value, part, tests)


def _mapping(b: ScopeBuilder, node: cst.MatchMapping, subject: int, tests: list[int]) -> None:
    for item in node.elements:
        key = expression(b, item.key)
        _pattern(b, item.pattern, b.emit((ir.SUBSCRIPT, subject, key), item), tests)
    if node.rest is not None:
        b.assign(node.rest.value, b.emit((ir.DICT, ((None, subject),)), node))


STATEMENTS[cst.Match] = _match
