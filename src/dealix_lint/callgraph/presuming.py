"""Parameters of which nothing is known: objects of the few classes that have all that a function asks of them.

`def weights(graph): return [d for _, _, d in graph.edges(data=True) if graph.is_weighted()]` is handed a graph by whoever calls
it. Once that is presumed, what has no name says what it calls, too: `node in graph`, `graph[node]`, `for node in graph`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dealix_lint.callgraph import guessing
from dealix_lint.callgraph.values import EMPTY, Values
from dealix_lint.link import ClassId
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_PART = frozenset((ir.ATTR, ir.SUBSCRIPT, ir.ITEM, ir.REST, ir.ITERATE, ir.ENTER, ir.AWAIT, ir.CALL))
_ALWAYS = frozenset(dir(object))
_OF_PYTHON = ("typing.", "abc.", "collections.abc.", "<builtin>.object")
_NAMELESS = frozenset((ir.SUBSCRIPT, ir.ITERATE, ir.ENTER, ir.LOGIC, ir.BINARY, ir.SET_ITEM))
_ASKING = frozenset((ir.LOGIC, ir.BINARY, ir.SET_ITEM, ir.SET_ATTR))


def may_be_presumed(m: Machine, module: int, scope: int, register: int) -> bool:
    """Whether what a function asks of a parameter says of which classes it is."""
    return bool(_classes(m, module, scope, register))


def presumed(m: Machine, frame: Frame, register: int) -> Values:
    """Objects of the classes that the parameter in a register can be of; what is called on them is less certain."""
    identities = _classes(m, frame.module, frame.scope_index, register)
    if not identities:
        return EMPTY
    _doubt(m, frame, register)
    return frozenset(map(m.state.declared, identities))


def _doubt(m: Machine, frame: Frame, register: int) -> None:
    """Let what is called on a value, and on what that gives, count as guessed."""
    code, users = frame.scope.code, m.state.users(frame.module, frame.scope_index)
    pending = [register]
    while pending:
        current = pending.pop()
        for user in users[current]:
            opcode = code[user][0]
            if user in frame.guessed or not (opcode in _ASKING or (opcode in _PART and code[user][1] == current)):
                continue
            frame.guessed |= {user}
            if opcode in _PART:
                pending.append(user)


def _classes(m: Machine, module: int, scope: int, register: int) -> tuple[ClassId, ...]:
    """The classes, the topmost ones; none if there are many, or if what is asked of the parameter says little."""
    found = m.presumed.get((module, scope, register))
    if found is None:
        found = m.presumed[module, scope, register] = _fitting(m, module, scope, register)
    return found


def _fitting(m: Machine, module: int, index: int, register: int) -> tuple[ClassId, ...]:
    classes = m.state.classes
    used = m.attribute_names(module, index).get(register, frozenset())
    telling = [n for n in used if n in classes.by_member and guessing.is_telling(n)]
    if not telling:
        return ()
    scope, calls = m.state.program.summaries[module].scopes[index], guessing.calls_on(m, module, index, register)
    if not any(name in telling for name, _ in calls) or (len(used) == 1 and not _is_asked(m, module, index, register)):
        return ()  # data of any kind, or what the one method says as well
    if len(telling) <= len({name for name, _ in calls if not guessing.is_telling(name)}):
        return ()  # a file as much as anything
    rarest = min(telling, key=lambda name: (len(classes.by_member[name]), name))
    definers = classes.by_member[rarest]
    if len(definers) > guessing.MOST_TO_COMPARE:
        return ()
    heirs = {heir for definer in definers for heir in (definer, *classes.subclasses.get(definer, ()))}
    fitting = {c for c in heirs if all(_has(m, c, name) for name in used)}
    roots = [c for c in sorted(fitting) if fitting.isdisjoint(classes.info(c).ancestry[1:])]
    if len(roots) > guessing.MOST_CANDIDATES or (scope.name in used and scope.kind != "lambda"):
        return ()
    roots = [c for c in roots if all(guessing.takes_call(m, c, name, call) for name, call in calls)]
    called = [name for name, _ in calls if name in telling]
    return tuple(dict.fromkeys((*(base for c in roots for base in _bases(m, c, called)), *roots)))


def _bases(m: Machine, identity: ClassId, called: list[str]) -> Iterator[ClassId]:
    """A class that one of the methods says all of already: `graph.predecessors if graph.is_directed() else graph.neighbors` asks
    objects of Graph, not only those of its subclass that have all."""
    alone = [roots[0] for roots in (guessing.roots_of(m, name) for name in called) if len(roots) == 1]
    for base in m.state.classes.info(identity).ancestry:
        if base in alone and all(_has(m, base, name) for name in called):
            yield base


def _is_asked(m: Machine, module: int, index: int, register: int) -> bool:
    """Whether a value is asked for something that has no name: `graph[node]`, `for node in graph`, `node in graph`."""
    code = m.state.program.summaries[module].scopes[index].code
    return any(code[user][0] in _NAMELESS for user in m.state.users(module, index)[register])


def _has(m: Machine, identity: ClassId, name: str) -> bool:
    """Whether objects of a class have an attribute; those of which a library made the base may have any that is often had."""
    if name in _ALWAYS or m.state.classes.definer(identity, name) is not None:
        return True
    slot = m.state.slots.get(("merged", identity, name))
    if slot is not None and slot.values:
        return True
    external = m.state.classes.info(identity).external
    return not guessing.is_telling(name) and not all(base.startswith(_OF_PYTHON) for base in external)
