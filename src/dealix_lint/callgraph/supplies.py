"""What containers of objects are told: how to make an object, which parameters of its type then hold, and what an application
keeps for its requests as it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealix_lint.callgraph import containers
from dealix_lint.callgraph.values import BOUND, CLASS, CLASSM, CONT, EMPTY, EXT, FUNC, INST, STATICM, Value, Values
from dealix_lint.model.frameworks import Supply

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_WRAPPING: Final = frozenset((BOUND, STATICM, CLASSM))


def note(m: Machine, frame: Frame, rule: Supply, makers: Values) -> None:
    """Remember what the makers that a call hands to a container give."""
    made = EMPTY.union(*(_made_by(m, maker) for maker in sorted(makers)))
    kinds, data, state = m.table.kinds, m.table.data, m.state
    if not rule.keeps:
        for value in sorted(made):
            if kinds[value] == CLASS:
                state.instance(data[value][0], 0)  # what the container makes for whoever asks for a base of it
            elif kinds[value] == EXT and data[value][0].endswith("()"):
                state.add(state.slots["supplied", data[value][0]], frozenset((value,)))
        return
    store = state.rules.store(rule.keeps)
    if rule.attribute:
        state.add(state.slots["store", store, rule.attribute], made)
        return
    for value in sorted(made):
        for key in containers.known_keys(m, frame, value) if kinds[value] == CONT else ():
            state.add(state.slots["store", store, key], containers.get(m, frame, value, key))
        names = m.hierarchy.field_names(state.class_list[data[value][0]]) if kinds[value] == INST else ()
        for name in names:  # of a typed dictionary
            state.add(state.slots["store", store, name], m.load(frame, 0, frozenset((value,)), name))


def _made_by(m: Machine, maker: Value) -> Values:
    """What a function gives that only a container calls; anything else is the object itself."""
    table = m.table
    while table.kinds[maker] in _WRAPPING:
        maker = table.data[maker][0]
    if table.kinds[maker] != FUNC:
        return frozenset((maker,))
    function, environment = table.data[maker]
    activation = m.state.activation(function, environment, ())
    return m.state.read(activation.result) | m.state.read(activation.yields)


def of_type(m: Machine, values: Values) -> Values:
    """Objects of libraries of which only the type is known, and what containers make of these types."""
    kinds, data, state = m.table.kinds, m.table.data, m.state
    paths = {data[value][0] for value in values if kinds[value] == EXT and not data[value][1]}
    return values.union(*(state.read(state.slots["supplied", path]) for path in sorted(paths)))
