"""What a call gives back: what the body gives, and where that says nothing what the annotation says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import generics
from dealix_lint.callgraph.state import Activation, Function
from dealix_lint.callgraph.values import CONT, EMPTY, EXT, INST, PASSIVE_KINDS, Value, Values

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine


def returned(m: Machine, frame: Frame, activation: Activation) -> Values:
    """What a finished call (an awaited coroutine) gives back."""
    return _or_declared(m, frame, activation, m.state.read(activation.result), False)


def yielded(m: Machine, frame: Frame, activation: Activation) -> Values:
    """One of the values that a generator yields."""
    return _or_declared(m, frame, activation, m.state.read(activation.yields), True)


def _or_declared(m: Machine, frame: Frame, activation: Activation, values: Values, elements: bool) -> Values:
    function = m.state.functions[activation.function]
    if function.scope.returns is None:
        return values
    kinds = m.table.kinds
    known = [value for value in values if kinds[value] != EXT and kinds[value] not in PASSIVE_KINDS]
    if len(known) > 1 and function.scope.returns[0] == "name":
        values, known = _of_the_class_handed_in(m, activation, values, known)
    if known and (elements or not _may_be_strange(m, values, known)):
        return values
    if not known and not elements and _gives_back(m, activation, function):
        return values
    if not m.state.trusting:  # more may become known
        m.state.undeclared.add(m.state.point)
        return values
    declared = _declared(m, frame, activation)
    if known:
        return values.difference(known) | declared if _are_strange(m, known, declared) else values
    if elements:
        declared = EMPTY.union(*(m.iterate(frame, -1, frozenset((v,)), False) for v in declared if kinds[v] == CONT))
    if any(kinds[v] == EXT for v in values):
        declared = frozenset(v for v in declared if kinds[v] != EXT)
    return values | declared


def _gives_back(m: Machine, activation: Activation, function: Function) -> bool:
    """Whether a call gives back an object of the project that it is handed (`return self`), which each call knows by itself."""
    return any(
        m.table.kinds[value] == INST
        for index in function.identity_parameters
        for value in m.state.read(activation.parameters[index])
    )


def _of_the_class_handed_in(
    m: Machine, activation: Activation, values: Values, known: list[Value]
) -> tuple[Values, list[Value]]:
    """Of the objects of a table of objects by their classes, those of the class that is asked for: `resolve(Crm)` of a
    `resolve(kind: type[T]) -> T`."""
    returns = m.state.functions[activation.function].scope.returns
    wanted = dict(generics.of_call(m, activation)).get(returns[1], EMPTY) if returns is not None else EMPTY
    kinds, data, state = m.table.kinds, m.table.data, m.state
    if len(wanted) != 1 or any(kinds[value] != INST for value in (*wanted, *known)):
        return values, known
    (identity,) = (state.class_list[data[value][0]] for value in wanted)
    kept = [v for v in known if identity in state.classes.info(state.class_list[data[v][0]]).ancestry]
    return (values.difference(known).union(kept), kept) if kept else (values, known)


def _may_be_strange(m: Machine, values: Values, known: list[Value]) -> bool:
    """True for objects of the project next to something unknown."""
    kinds = m.table.kinds
    return all(kinds[value] == INST for value in known) and any(kinds[value] == EXT for value in values)


def _are_strange(m: Machine, known: list[Value], declared: Values) -> bool:
    """True for objects of which none can be what an annotation says: `load(settings.ADAPTER)()`, where all that is known to
    be loaded that way is for others."""
    kinds, data, state = m.table.kinds, m.table.data, m.state
    if not declared or any(kinds[value] != INST for value in declared):
        return False
    wanted = {state.class_list[data[value][0]] for value in declared}
    if any(m.hierarchy.is_protocol(identity) for identity in wanted):
        return False
    ancestries = [state.classes.info(state.class_list[data[value][0]]).ancestry for value in known]
    above = {base for identity in wanted for base in state.classes.info(identity).ancestry}
    return not any(ancestry[0] in above or not wanted.isdisjoint(ancestry) for ancestry in ancestries)


def _declared(m: Machine, frame: Frame, activation: Activation) -> Values:
    function = m.state.functions[activation.function]
    returns = function.scope.returns
    if returns is None:
        return EMPTY
    given = generics.of_call(m, activation)
    if function.owner is None or not activation.parameters:
        return m.types.instances_with(function.module, function.scope.parent, returns, given)
    receivers = m.state.read(activation.parameters[0])
    if returns[0] in ("name", "attr") and returns[-1] == "Self":
        return receivers or frozenset((m.state.declared(function.owner),))
    variables = (*given, *generics.variables_of(m, receivers, function.owner))
    return m.types.instances_with(function.module, function.scope.parent, returns, variables)
