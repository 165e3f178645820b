"""Interfaces (`zope.interface`): classes that only describe. What is asked of one runs in the classes that say that they
implement it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import INST, Values
from dealix_lint.callgraph.virtual import Virtual
from dealix_lint.link import ClassId
from dealix_lint.model import ir
from dealix_lint.model.summary import KEYWORD_ONLY, KEYWORDS, VARIADIC, Scope

if TYPE_CHECKING:
    from dealix_lint.callgraph.state import State


class Interfaces:
    """The interfaces of a program. One per analysis."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._objects: dict[ClassId, Values] = {}
        self.virtual = Virtual(state)
        bases = {base for identity in state.classes.identities for base in state.classes.info(identity).external}
        known = {base for base in bases if state.rules.interfaces.find(state.rules.canonical(base))}
        self.implementers: dict[ClassId, tuple[ClassId, ...]] = {}
        """The classes that say that they implement an interface, or one that is derived from it; every interface is there."""
        if known:
            self.implementers = {
                c: () for c in state.classes.identities if not known.isdisjoint(state.classes.info(c).external)
            }
            self._find()

    def _find(self) -> None:
        found: dict[ClassId, set[ClassId]] = {}
        for identity, interface in self._said():
            for described in self._state.classes.info(interface).ancestry:
                if described in self.implementers:
                    found.setdefault(described, set()).add(identity)
        self.implementers.update({interface: tuple(sorted(classes)) for interface, classes in found.items()})

    def _said(self) -> Iterator[tuple[ClassId, ClassId]]:
        """Which class implements which interface."""
        summaries = self._state.program.summaries
        for identity in self._state.classes.identities:
            module, scope = identity
            parent = summaries[module].scopes[scope].parent
            for register in summaries[module].scopes[scope].decorators:
                for interface in self._arguments(module, parent, register, is_call=False):
                    yield identity, interface
        for module, summary in enumerate(summaries):
            for register, instruction in enumerate(summary.scopes[0].code):
                if instruction[0] == ir.CALL:
                    identity, *interfaces = [*self._arguments(module, 0, register, is_call=True)] or [(-1, -1)]
                    for interface in interfaces:
                        yield identity, interface

    def _arguments(self, module: int, scope: int, register: int, is_call: bool) -> Iterator[ClassId]:
        """The classes handed to a call that says what a class implements."""
        symbols, rules = self._state.symbols, self._state.rules
        instruction = self._state.program.summaries[module].scopes[scope].code[register]
        if instruction[0] != ir.CALL:
            return
        callees = symbols.at(module, scope, instruction[1])
        paths = [rules.canonical(callee.name) for callee in callees if callee.kind == "external"]
        if not any(is_call in rules.implementing.find(path) for path in paths):
            return
        for operand in instruction[2]:
            for definition in symbols.at(module, scope, operand) if operand >= 0 else ():
                if definition.kind == "class":
                    yield definition.module, definition.scope

    def objects(self, identity: ClassId) -> Values:
        """What is known of an object where all that is said is its class: of an interface, one of each class that implements it; of
        an abstract class, one of it and of each class that is registered with it."""
        found = self._objects.get(identity)
        if found is None:
            classes = self.implementers.get(identity) or (identity, *self.virtual.registered(identity))
            found = self._objects[identity] = frozenset(map(self._state.declared, classes))
        return found

    def among(self, identity: ClassId, values: Values) -> Values:
        """Those objects whose class implements an interface."""
        table, state = self._state.table, self._state
        implementers = self.implementers[identity]
        return frozenset(
            v
            for v in values
            if table.kinds[v] == INST
            and not set(state.classes.info(state.class_list[table.data[v][0]]).ancestry).isdisjoint(implementers)
        )

    def adapters(self, identity: ClassId) -> list[ClassId]:
        """Implementers that are made of one other object: `IListRequests(mlist)`."""
        return [c for c in self.implementers[identity] if self._is_made_of_one(c)]

    def _is_made_of_one(self, identity: ClassId) -> bool:
        definer = self._state.classes.definer(identity, "__init__")
        found = self._state.symbols.class_member(definer, "__init__") if definer is not None else ()
        scopes = [self._state.program.summaries[d.module].scopes[d.scope] for d in found if d.kind == "function"]
        return any(map(_takes_one, scopes))


def _takes_one(scope: Scope) -> bool:
    """True for a constructor that has to be handed one thing."""
    needed = [p for p in scope.parameters[1:] if not p.has_default and p.kind not in (VARIADIC, KEYWORDS)]
    return len(needed) == 1 and needed[0].kind != KEYWORD_ONLY
