"""What a call gives back: what the body gives, and where that says nothing what the annotation says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import generics
from dealix_lint.callgraph.state import LOCAL_MASK, Activation
from dealix_lint.callgraph.values import CONT, EMPTY, EXT, PASSIVE_KINDS, Values

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
    for value in values:
        if kinds[value] != EXT and kinds[value] not in PASSIVE_KINDS:
            return values
    if not m.state.trusting:  # more may become known
        frame.activation.undeclared.add(m.state.point & LOCAL_MASK)
        return values
    declared = _declared(m, frame, activation)
    if elements:
        declared = EMPTY.union(*(m.iterate(frame, -1, frozenset((v,)), False) for v in declared if kinds[v] == CONT))
    if any(kinds[v] == EXT for v in values):
        declared = frozenset(v for v in declared if kinds[v] != EXT)
    return values | declared


def _declared(m: Machine, frame: Frame, activation: Activation) -> Values:
    function = m.state.functions[activation.function]
    returns = function.scope.returns
    if returns is None:
        return EMPTY
    if function.owner is None or not activation.parameters:
        return m.types.instances(function.module, function.scope.parent, returns)
    receivers = m.state.read(activation.parameters[0])
    if returns[0] in ("name", "attr") and returns[-1] == "Self":
        return receivers or frozenset((m.state.declared(function.owner),))
    variables = generics.variables_of(m, receivers, function.owner)
    return m.types.instances_with(function.module, function.scope.parent, returns, variables)
