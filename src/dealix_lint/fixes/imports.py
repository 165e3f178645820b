"""Imports that a change needs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import libcst as cst
from libcst.helpers import get_full_name_for_node

from dealix_lint.fixes.text import Edit
from dealix_lint.fixes.tree import SourceTree

Import: TypeAlias = cst.Import | cst.ImportFrom


def import_name(tree: SourceTree, module: str, name: str, use: int) -> tuple[str, list[Edit]]:
    """How to write a name of a module at an offset of this file, and the changes that import it: the name itself, else with
    that of its package, else with an underscore behind it, where those mean something else here."""
    above = [statement for line, statement in _imports(tree.module) if tree.span(line)[1] <= use]
    imported = _imported_as(above, module, name)
    if imported:
        return imported, []
    taken = _bound(tree, [alias for _, below in _imports(tree.module) for alias in _aliases_of(below, module, name)])
    if name not in taken:
        return name, [_from_import(tree, above, module, name)]
    if _is_imported(above, module):
        return f"{module}.{name}", []
    if module.split(".")[0] not in taken:
        return f"{module}.{name}", [_new_line(tree, f"import {module}")]
    free = f"{name}_"
    while free in taken:
        free += "_"
    return free, [_new_line(tree, f"from {module} import {name} as {free}")]


def _imports(module: cst.Module) -> Iterator[tuple[cst.SimpleStatementLine, Import]]:
    for statement in module.body:
        if isinstance(statement, cst.SimpleStatementLine):
            for part in statement.body:
                if isinstance(part, cst.Import | cst.ImportFrom):
                    yield statement, part


def _origin(statement: Import) -> str:
    """The module of `from module import ...`; "" for relative ones, whose module the file alone does not tell."""
    if isinstance(statement, cst.Import) or statement.relative or statement.module is None:
        return ""
    return get_full_name_for_node(statement.module) or ""


def _imported_as(statements: Iterable[Import], origin: str, name: str) -> str:
    aliases = (alias for statement in statements for alias in _aliases_of(statement, origin, name))
    return next((alias.evaluated_alias or name for alias in aliases), "")


def _aliases_of(statement: Import, origin: str, name: str) -> Iterator[cst.ImportAlias]:
    """Where a statement imports a name of a module, or of one that a relative import may mean."""
    if isinstance(statement, cst.ImportFrom) and not isinstance(statement.names, cst.ImportStar):
        is_same = _origin(statement) == origin or (bool(statement.relative) and _ends_like(statement, origin))
        yield from (alias for alias in statement.names if is_same and alias.evaluated_name == name)


def _ends_like(statement: cst.ImportFrom, origin: str) -> bool:
    """Whether a relative import may be of that module."""
    said = get_full_name_for_node(statement.module) if statement.module is not None else ""
    return bool(said) and f".{origin}".endswith(f".{said}")


def _is_imported(statements: Iterable[Import], origin: str) -> bool:
    return any(
        isinstance(statement, cst.Import)
        and any(alias.evaluated_name == origin and alias.asname is None for alias in statement.names)
        for statement in statements
    )


def _bound(tree: SourceTree, harmless: Sequence[cst.CSTNode]) -> frozenset[str]:
    """Names that a file binds anywhere; one that only a function binds is avoided too. Not those that `harmless` bind."""
    return frozenset(name for node in tree.nodes() if node not in harmless for name in _names_bound(node))


def _names_bound(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, cst.FunctionDef | cst.ClassDef | cst.Param):
        yield node.name.value
    elif isinstance(node, cst.ImportAlias):
        yield (node.evaluated_alias or node.evaluated_name).split(".")[0]
    elif isinstance(node, cst.AsName):
        yield from _targets(node.name)
    else:
        yield from _targets(getattr(node, "target", None))


def _targets(target: object) -> Iterator[str]:
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            yield from _targets(element.value)


def _from_import(tree: SourceTree, above: Iterable[Import], origin: str, name: str) -> Edit:
    """`from origin import name`, joined to an import from there."""
    for statement in above:
        names = statement.names if isinstance(statement, cst.ImportFrom) and _origin(statement) == origin else ()
        if names and not isinstance(names, cst.ImportStar):
            end = tree.span(names[-1])[1]
            return Edit(end, end, f", {name}")
    return _new_line(tree, f"from {origin} import {name}")


def _new_line(tree: SourceTree, line: str) -> Edit:
    """A line in its place among the imports at the top, or after the module's docstring and `from __future__`."""
    source, newline = tree.source, tree.source.newline
    head = _head(tree.module)
    groups = _groups(tree, [s for s in head if _is_import(s) and _root(s) != "__future__"])
    group = _group_for(groups, line.split()[1].split(".")[0])
    if group:
        following = next((s for s in group if _sorts_after(s, line)), None)
        if following is not None:
            start = source.line_start(tree.span(following)[0])
            return Edit(start, start, f"{line}{newline}")
        end = source.line_end(tree.span(group[-1])[1])
        return Edit(end, end, f"{newline}{line}")
    if head:
        end = source.line_end(tree.span(head[-1])[1])
        return Edit(end, end, f"{newline * 2}{line}")
    first = tree.span(tree.module.body[0])[0] if tree.module.body else 0
    start = source.line_start(first)
    return Edit(start, start, f"{line}{newline * 2}")


def _head(module: cst.Module) -> list[cst.SimpleStatementLine]:
    """The docstring and the imports that a file begins with."""
    found: list[cst.SimpleStatementLine] = []
    for number, statement in enumerate(module.body):
        if not isinstance(statement, cst.SimpleStatementLine):
            break
        first = statement.body[0]
        is_docstring = number == 0 and isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString)
        if not is_docstring and not _is_import(statement):
            break
        found.append(statement)
    return found


def _is_import(statement: cst.SimpleStatementLine) -> bool:
    return isinstance(statement.body[0], cst.Import | cst.ImportFrom)


def _groups(tree: SourceTree, imports: list[cst.SimpleStatementLine]) -> list[list[cst.SimpleStatementLine]]:
    """Imports that stand together without a blank line or a comment between."""
    groups: list[list[cst.SimpleStatementLine]] = []
    for statement in imports:
        if groups and not statement.leading_lines:
            groups[-1].append(statement)
        else:
            groups.append([statement])
    return groups


def _group_for(groups: list[list[cst.SimpleStatementLine]], package: str) -> list[cst.SimpleStatementLine]:
    """The imports among which one of a package belongs: those with others of it, else the first of other libraries."""
    for group in groups:
        if any(_root(statement) == package for statement in group):
            return group
    for group in groups:
        if all(_root(statement) and _root(statement) not in sys.stdlib_module_names for statement in group):
            return group
    return []


def _root(statement: cst.SimpleStatementLine) -> str:
    return _sort_key(statement)[1].split(".")[0]


def _sorts_after(statement: cst.SimpleStatementLine, line: str) -> bool:
    kind, module = line.split()[:2]
    return _sort_key(statement) > (kind == "from", module)


def _sort_key(statement: cst.SimpleStatementLine) -> tuple[bool, str]:
    """Plain imports come first, then each by module; a relative one has no name."""
    first = statement.body[0]
    if isinstance(first, cst.Import):
        return False, first.names[0].evaluated_name
    return True, _origin(first) if isinstance(first, cst.ImportFrom) else ""
