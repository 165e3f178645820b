"""Objects that others are made with, to call them later: `Campaign(ResendMailer())` sends, `Campaign(FileMailer())` does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dealix_lint.callgraph.state import Function
from dealix_lint.callgraph.values import DECLARED_KEY, INST, Value
from dealix_lint.link import ClassId
from dealix_lint.model import ir
from dealix_lint.model.summary import Scope

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine

MOST_HEIRS = 20  # subclasses of a class of which the methods are looked through as well


def is_one(m: Machine, function: Function, index: int, value: Value) -> bool:
    """Whether an object is handed to a parameter of a constructor as such a collaborator."""
    if function.owner is None or not _stands_for_its_class(m, value):
        return False
    key = (function.module, function.scope_index)
    found = m.collaborators.get(key)
    if found is None:
        found = m.collaborators[key] = {
            parameter: names for parameter, names in _parameters(m, function, function.owner) if names
        }
    return index in found and _has_any(m, value, found[index])


def is_kept(m: Machine, identity: ClassId, name: str, value: Value) -> bool:
    """The same for a field of a class whose constructor is generated."""
    if m.table.kinds[value] != INST or not _stands_for_its_class(m, value):
        return False
    return _has_any(m, value, _called(m, identity).get(name, frozenset()))


def _stands_for_its_class(m: Machine, value: Value) -> bool:
    """Whether an object is one for all of its class: as it was seen being made, or, where none was (a plug-in), as its own
    methods know it."""
    index, key = m.table.data[value]
    return key == 0 or (key == DECLARED_KEY and not m.state.population.is_seen(m.state.class_list[index]))


def _has_any(m: Machine, value: Value, names: frozenset[str]) -> bool:
    return any(m.has_member(value, name) for name in names)


def _parameters(m: Machine, function: Function, owner: ClassId) -> Iterator[tuple[int, frozenset[str]]]:
    """The parameters that a constructor keeps, with the methods that are called on them."""
    code = function.scope.code
    called = _called(m, owner)
    for instruction in code:
        if instruction[0] == ir.SET_ATTR and code[instruction[1]] == (ir.PARAM, 0):
            kept = instruction[3]
            while kept >= 0 and code[kept][0] == ir.DECLARED:
                kept = code[kept][2]
            if kept >= 0 and code[kept][0] == ir.PARAM:
                yield code[kept][1], called.get(instruction[2], frozenset())


def _called(m: Machine, identity: ClassId) -> dict[str, frozenset[str]]:
    """Attributes of `self` on which methods are called of which several classes have one -> the names of those methods."""
    found = m.called_on.get(identity)
    if found is None:
        heirs = sorted(m.state.classes.subclasses.get(identity, ()))
        classes = [*m.state.classes.info(identity).ancestry, *(heirs if len(heirs) <= MOST_HEIRS else ())]
        names: dict[str, set[str]] = {}
        for module, index in classes:
            for scope in m.state.program.summaries[module].scopes:
                if scope.parent == index and scope.kind == "function":
                    for attribute, name in _calls(scope):
                        if len(m.state.classes.by_member.get(name, ())) > 1:
                            names.setdefault(attribute, set()).add(name)
        found = m.called_on[identity] = {attribute: frozenset(called) for attribute, called in names.items()}
    return found


def _calls(scope: Scope) -> Iterator[tuple[str, str]]:
    """`self.mailer.send(...)`: "mailer", "send"; `self.mailer(...)`: "mailer", "__call__"."""
    code = scope.code
    for instruction in code:
        callee = code[instruction[1]] if instruction[0] == ir.CALL else (ir.NOP,)
        if callee[0] != ir.ATTR:
            continue
        if code[callee[1]] == (ir.PARAM, 0):
            yield callee[2], "__call__"
        elif code[callee[1]][0] == ir.ATTR and code[code[callee[1]][1]] == (ir.PARAM, 0):
            yield code[callee[1]][2], callee[2]
