"""Methods chosen by a name of which nothing is known: `getattr(jobs, name)()` calls any of them that can be called so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dealix_lint.callgraph.guessing import takes_arguments
from dealix_lint.callgraph.values import EMPTY, INST, Values
from dealix_lint.link import ClassId
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

MOST_OBJECTS = 4  # beyond which it is a tool for objects of any kind
MOST_METHODS = 32
_HANDED_ON = (ir.PHI, ir.NARROW, ir.AWAIT)


def any_method(m: Machine, frame: Frame, register: int, holders: Values, names: Values) -> Values:
    """The methods that `getattr(x, name)` may give, where it is called at once and the name is not that of what a loop
    goes through: the fields of an object, mostly. Of the class's own methods, if it has not too many; the function itself
    is not meant."""
    if (
        any(m.table.kinds[v] != INST for v in holders)
        or not 0 < len(holders) <= MOST_OBJECTS
        or _is_partly_known(m, names)
    ):
        return EMPTY
    calls = list(_calls(m, frame, register))
    if not calls or not _is_handed(frame, register):
        return EMPTY
    if not m.state.guessing:
        m.state.unknown.add(m.state.point)
        return EMPTY
    frame.guessed |= {register}
    found = EMPTY
    for holder in sorted(holders):
        identity = m.state.class_list[m.table.data[holder][0]]
        fitting = [
            name
            for owner, name in _public(m, identity)
            if (owner, name) != (frame.function.owner, frame.function.scope.name)
            and all(takes_arguments(m, owner, name, call) for call in calls)
        ]
        if len(fitting) <= MOST_METHODS:
            found = found.union(*[m.load(frame, register, frozenset((holder,)), name) for name in fitting])
    return found


def _is_partly_known(m: Machine, names: Values) -> bool:
    parts = (m.table.data[name][0] for name in names if m.is_text(name))
    return any(isinstance(part, str) for text in parts for part in (text[:1] + text[-1:] if text else ()))


def _public(m: Machine, identity: ClassId) -> Iterator[tuple[ClassId, str]]:
    """Methods of a class that are not its own business, each with the class that defines it."""
    classes, seen = m.state.classes, set[str]()
    for owner in classes.info(identity).ancestry:
        for name in sorted(classes.info(owner).members):
            if name not in seen and not name.startswith("_") and m.hierarchy.is_method(owner, name):
                yield owner, name
            seen.add(name)


def _calls(m: Machine, frame: Frame, register: int) -> Iterator[ir.Instruction]:
    """Calls of what is in a register, also where it is one of several."""
    code, users = frame.scope.code, m.state.users(frame.module, frame.scope_index)
    pending, seen = [register], set[int]()
    while pending:
        current = pending.pop()
        seen.add(current)
        for user in users[current]:
            if code[user][0] == ir.CALL and code[user][1] == current:
                yield code[user]
            elif code[user][0] in _HANDED_ON and user not in seen:
                pending.append(user)


def _is_handed(frame: Frame, register: int) -> bool:
    """Whether the name does not come out of a loop."""
    call = frame.scope.code[register]
    return call[0] == ir.CALL and len(call[2]) > 1 and call[2][1] >= 0 and frame.scope.code[call[2][1]][0] != ir.ITERATE
