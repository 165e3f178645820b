"""Which local names a statement binds, found without looking into nested scopes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.nodes import children

NO_NAMES: frozenset[str] = frozenset()
_GLOBAL, _NONLOCAL = "global ", "nonlocal "  # no identifier contains a space


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one scope: its own, and those it declares to be elsewhere."""

    local: frozenset[str] = NO_NAMES
    is_global: frozenset[str] = NO_NAMES
    is_nonlocal: frozenset[str] = NO_NAMES


class Bindings:
    """Names bound by the statements of one module, remembered by node identity.

    `in_expressions`: names bound by `:=` in a statement's expressions (see `nodes.assigned_in_expressions`)."""

    __slots__ = ("_memo", "in_expressions")

    def __init__(self, in_expressions: dict[int, frozenset[str]]) -> None:
        self.in_expressions = in_expressions
        self._memo: dict[int, frozenset[str]] = {}

    def bound(self, body: cst.BaseSuite | cst.Module) -> frozenset[str]:
        """Names bound anywhere in a suite, nested statements included; `global x` declarations as such."""
        names: set[str] = set()
        self.add(body.body, names)
        return frozenset(names)

    def scope(self, body: cst.BaseSuite | cst.Module) -> Names:
        """The names of the scope whose body this is."""
        bound = self.bound(body)
        declared = [name for name in bound if " " in name]
        if not declared:
            return Names(bound)
        is_global = frozenset(name.removeprefix(_GLOBAL) for name in declared if name.startswith(_GLOBAL))
        is_nonlocal = frozenset(name.removeprefix(_NONLOCAL) for name in declared if name.startswith(_NONLOCAL))
        return Names(bound.difference(declared, is_global, is_nonlocal), is_global, is_nonlocal)

    def expression(self, node: cst.CSTNode) -> frozenset[str]:
        """Names that `:=` binds in a statement, comprehension or lambda."""
        return self.in_expressions.get(id(node), NO_NAMES)

    def add(self, statements: Iterable[cst.CSTNode], names: set[str]) -> None:
        """Add the names that statements bind to `names`."""
        for statement in statements:
            kind = type(statement)
            if kind in _COMPOUND:
                names |= self._compound(statement, _COMPOUND[kind])
                continue
            if kind in _SIMPLE:
                _SIMPLE[kind](self, statement, names)
            if self.in_expressions:
                names |= self.expression(statement)

    def _compound(self, statement: cst.CSTNode, handler: Handler) -> frozenset[str]:
        known = self._memo.get(id(statement))
        if known is None:
            found = set(self.expression(statement))
            handler(self, statement, found)
            known = self._memo[id(statement)] = frozenset(found)
        return known


Handler = Callable[[Bindings, Any, set[str]], None]


def target_names(target: cst.BaseExpression) -> Iterator[str]:
    """Names bound by an assignment target."""
    if isinstance(target, cst.Name):
        yield target.value
    elif type(target) is cst.Tuple or type(target) is cst.List:
        for element in target.elements:
            yield from target_names(element.value)


def imported_name(alias: cst.ImportAlias, *, is_from: bool) -> str:
    """The local name an import alias binds."""
    if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
        return alias.asname.name.value
    node: cst.BaseExpression = alias.name
    while not is_from and type(node) is cst.Attribute:
        node = node.value
    return node.value if isinstance(node, cst.Name) else ""


def pattern_names(pattern: cst.CSTNode) -> Iterator[str]:
    """Names captured by a `match` pattern."""
    if isinstance(pattern, (cst.MatchAs, cst.MatchStar)) and pattern.name is not None:
        yield pattern.name.value
    if isinstance(pattern, cst.MatchMapping) and pattern.rest is not None:
        yield pattern.rest.value
    for child in children(pattern):
        yield from pattern_names(child)


def _line(known: Bindings, node: cst.SimpleStatementLine, names: set[str]) -> None:
    known.add(node.body, names)


def _assign(known: Bindings, node: cst.Assign, names: set[str]) -> None:
    for target in node.targets:
        expression = target.target
        if isinstance(expression, cst.Name):
            names.add(expression.value)
        else:
            names.update(target_names(expression))


def _target(known: Bindings, node: cst.AnnAssign | cst.AugAssign, names: set[str]) -> None:
    names.update(target_names(node.target))


def _import(known: Bindings, node: cst.Import, names: set[str]) -> None:
    names.update(imported_name(alias, is_from=False) for alias in node.names)


def _import_from(known: Bindings, node: cst.ImportFrom, names: set[str]) -> None:
    if not isinstance(node.names, cst.ImportStar):
        names.update(imported_name(alias, is_from=True) for alias in node.names)


def _definition(known: Bindings, node: cst.FunctionDef | cst.ClassDef | cst.TypeAlias, names: set[str]) -> None:
    names.add(node.name.value)


def _delete(known: Bindings, node: cst.Del, names: set[str]) -> None:
    names.update(target_names(node.target))


def _global(known: Bindings, node: cst.Global, names: set[str]) -> None:
    names.update(_GLOBAL + item.name.value for item in node.names)


def _nonlocal(known: Bindings, node: cst.Nonlocal, names: set[str]) -> None:
    names.update(_NONLOCAL + item.name.value for item in node.names)


def _if(known: Bindings, node: cst.If, names: set[str]) -> None:
    known.add(node.body.body, names)
    if isinstance(node.orelse, cst.If):
        known.add((node.orelse,), names)
    elif node.orelse is not None:
        known.add(node.orelse.body.body, names)


def _for(known: Bindings, node: cst.For, names: set[str]) -> None:
    names.update(target_names(node.target))
    _while(known, node, names)


def _while(known: Bindings, node: cst.For | cst.While, names: set[str]) -> None:
    known.add(node.body.body, names)
    if node.orelse is not None:
        known.add(node.orelse.body.body, names)


def _with(known: Bindings, node: cst.With, names: set[str]) -> None:
    for item in node.items:
        if item.asname is not None:
            names.update(target_names(item.asname.name))
    known.add(node.body.body, names)


def _try(known: Bindings, node: cst.Try | cst.TryStar, names: set[str]) -> None:
    known.add(node.body.body, names)
    for handler in node.handlers:
        if handler.name is not None:
            names.update(target_names(handler.name.name))
        known.add(handler.body.body, names)
    for clause in (node.orelse, node.finalbody):
        if clause is not None:
            known.add(clause.body.body, names)


def _match(known: Bindings, node: cst.Match, names: set[str]) -> None:
    for case in node.cases:
        names.update(pattern_names(case.pattern))
        known.add(case.body.body, names)


_SIMPLE: dict[type, Handler] = {
    cst.SimpleStatementLine: _line,
    cst.Assign: _assign,
    cst.AnnAssign: _target,
    cst.AugAssign: _target,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.Del: _delete,
    cst.Global: _global,
    cst.Nonlocal: _nonlocal,
    cst.TypeAlias: _definition,
}
_COMPOUND: dict[type, Handler] = {
    cst.FunctionDef: _definition,
    cst.ClassDef: _definition,
    cst.If: _if,
    cst.For: _for,
    cst.While: _while,
    cst.With: _with,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.Match: _match,
}
