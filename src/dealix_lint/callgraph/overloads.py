"""`functools.singledispatch`: the class of the first argument chooses among what was registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.state import EdgeInfo, Function
from dealix_lint.callgraph.values import BOUND, CLASS, EMPTY, EXT, FUNC, GENERIC, INST, PASSIVE_KINDS, Value, Values

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.link import ClassId


def register(m: Machine, data: tuple[Value, Values], arguments: Arguments) -> Values:
    """`f.register(Type)` gives a decorator; `f.register(Type, g)` and `@f.register` register g. `data`: f, and the types
    that are known already."""
    function, known = data
    given = sorted(arguments.all_values())
    types = known | frozenset(v for v in given if m.table.kinds[v] in (CLASS, EXT))
    for handed in given:
        if m.table.kinds[handed] in (FUNC, BOUND):
            kept = m.overloads.setdefault((function, handed), EMPTY)
            m.overloads[function, handed] = kept | (types or _annotated(m, function, handed))
            m.state.add(m.state.slots["generic", function], frozenset((handed,)))
            return frozenset((handed,))
    return frozenset((m.table.make(GENERIC, function, types),))


def call(
    m: Machine, frame: Frame, register: int, function: Value, arguments: Arguments, edge: EdgeInfo
) -> tuple[Values, bool]:
    """Call what is registered for the first argument (of a method the one behind `self`); gives what comes back, and whether
    the function itself may run, too."""
    handlers = sorted(m.state.read(m.state.slots["generic", function]))
    chosen, is_left = _chosen(m, function, handlers, arguments.get(_first(m, function), None))
    found = EMPTY.union(*[m.call(frame, register, frozenset((handler,)), arguments, edge) for handler in chosen])
    return found, is_left


def _first(m: Machine, function: Value) -> int:
    info: Function = m.state.functions[m.table.data[function][0]]
    return info.receivers_before


def _annotated(m: Machine, function: Value, handler: Value) -> Values:
    """The types that the annotation of a handler's first parameter names, as classes."""
    kinds, data = m.table.kinds, m.table.data
    while kinds[handler] == BOUND:
        handler = data[handler][0]
    info: Function = m.state.functions[data[handler][0]] if kinds[handler] == FUNC else m.state.functions[0]
    first = _first(m, function)
    if kinds[handler] != FUNC or first >= len(info.scope.parameters):
        return EMPTY
    found = m.types.instances(info.module, info.scope.parent, info.scope.parameters[first].annotation)
    return frozenset(m.table.make(CLASS, data[v][0]) if kinds[v] == INST else v for v in found)


def _chosen(m: Machine, function: Value, handlers: list[Value], given: Values) -> tuple[list[Value], bool]:
    """The handlers that run for what is handed in, and whether the function itself does for some of it."""
    kinds, data = m.table.kinds, m.table.data
    if not given or not all(kinds[v] == INST or kinds[v] in PASSIVE_KINDS for v in given):
        return handlers, True
    wanted: dict[ClassId | None, list[Value]] = {}  # None: for types of libraries, or nobody knows which
    for handler in handlers:
        types = m.overloads[function, handler]
        own = [m.state.class_list[data[t][0]] for t in types if kinds[t] == CLASS]
        for identity in own if own and len(own) == len(types) else (*own, None):
            wanted.setdefault(identity, []).append(handler)
    chosen: set[Value] = set()
    is_left = False
    for value in given:
        found, is_certain = _for(m, wanted, value)
        chosen.update(found)
        is_left |= not is_certain
    return sorted(chosen), is_left


def _for(m: Machine, wanted: dict[ClassId | None, list[Value]], value: Value) -> tuple[list[Value], bool]:
    """The handlers of one argument, and whether one of them is sure to run."""
    others = wanted.get(None, [])
    if m.table.kinds[value] != INST:
        return others, False
    class_index, key = m.table.data[value]
    classes, identity = m.state.classes, m.state.class_list[class_index]
    info = classes.info(identity)
    nearest = next((base for base in info.ancestry if base in wanted), None)
    found = list(wanted[nearest]) if nearest is not None else others if info.external else []
    if key < 0:  # an object of a subclass, maybe
        found += [h for subclass in classes.subclasses.get(identity, ()) for h in wanted.get(subclass, ())]
    return found, nearest is not None and key >= 0
