"""Attributes of a library's classes that know on which class of the project they are read (`Order.objects`), whatever the
class or a base of it declares them to be: the library hands each class one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph.rules import NO_FACTS
from dealix_lint.callgraph.values import CLASS, EMPTY, EXT, INST, Value, Values

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.link import ClassId


def undeclared(m: Machine, external: tuple[str, ...], value: Value, name: str) -> Values:
    """The attribute as the library's class has it, of the class `value`."""
    if name not in m.state.rules.owned_names:
        return EMPTY
    found = next((path for base in external if m.state.rules.is_owned(path := f"{base}.{name}")), None)
    return EMPTY if found is None else m.external(found, -value)


def declared(m: Machine, external: tuple[str, ...], value: Value, name: str, members: Values) -> Values:
    """The same beside what the class declares: objects of the project's classes have methods of their own."""
    if not external:
        return members
    found = undeclared(m, external, value, name)
    for member in members if not found else ():
        path = _path(m, member)
        if path:
            found |= m.external(path, -value)
    return frozenset(member for member in members if not _is_others(m, member)) | found if found else members


def is_unknown(m: Machine, path: str, root: int, extended: str) -> bool:
    """Whether an attribute of such a thing is one that only what the class declares can have."""
    if root >= 0 or m.table.kinds[-root] != CLASS or not m.state.rules.is_owned(path):
        return False
    identity: ClassId = m.state.class_list[m.table.data[-root][0]]
    is_declared = m.state.classes.definer(identity, path.rpartition(".")[2]) is not None
    return is_declared and m.state.rules.facts(extended) is NO_FACTS


def _path(m: Machine, member: Value) -> str:
    """What a member is read as, where it is such a thing: `""` if it is none."""
    kind, data = m.table.kinds[member], m.table.data[member]
    if kind == EXT:
        return str(data[0]) if _is_others(m, member) else ""
    if kind != INST:
        return ""
    bases = m.state.classes.info(m.state.class_list[data[0]]).external
    rules = (rule for base in bases for rule in m.state.rules.facts(base).returns)
    return next((rule.value for rule in rules if m.state.rules.is_owned(rule.value)), "")


def _is_others(m: Machine, member: Value) -> bool:
    """Whether a member is one of the class that declares it, which a subclass does not share."""
    path, root = m.table.data[member][:2] if m.table.kinds[member] == EXT else ("", 0)
    return root < 0 and m.state.rules.is_owned(path)
