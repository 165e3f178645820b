"""Decorators: applied where they are first-party, taken as transparent and remembered where they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import options, stdlib_calls, units
from dealix_lint.callgraph.arguments import arguments_of
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import CLASSM, EMPTY, EXT, FUNC, PROP, STATICM, Value, Values
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine


def decorate(m: Machine, frame: Frame, register: int, decorator: int, targets: Values) -> Values:
    """What a name is bound to after a decorator was applied to the targets."""
    decorators = frame.registers[decorator]
    if not decorators:
        m.state.unknown.add(m.state.point)
        return targets if m.state.guessing else EMPTY
    found: set[Value] = set()
    for value in sorted(decorators):
        kind = m.table.kinds[value]
        if kind == EXT:
            found |= _external(m, frame, register, decorator, value, targets)
        elif kind == PROP:
            found |= _with_setter(m, value, targets)
        else:
            found |= m.call(frame, register, frozenset((value,)), Arguments([targets]))
    if not found:  # not known yet; where it stays unknown, the decorator is taken as transparent
        m.state.unknown.add(m.state.point)
        return targets if m.state.guessing else EMPTY
    return frozenset(found)


def _external(m: Machine, frame: Frame, register: int, decorator: int, value: Value, targets: Values) -> Values:
    path: str = m.table.data[value][0]
    if not path.endswith("()"):
        m.add_external(frame, register, value)
    name = path.removesuffix("()").rpartition(".")[2]
    if path == "functools.wraps()":
        wrapped = _arguments(m, frame, decorator).get(0, "wrapped")
        for target in sorted(targets):
            m.state.add(m.state.slots["function", target, "__wrapped__"], wrapped)
    if path == "<builtin>.staticmethod":
        return m.wrapped(STATICM, targets)
    if path == "<builtin>.classmethod":
        return m.wrapped(CLASSM, targets)
    if name.endswith("property") and name != "add_property":
        return m.wrapped(PROP, targets)
    if path in ("functools.singledispatch", "functools.singledispatchmethod"):
        for target in targets:
            if m.table.kinds[target] == FUNC:
                m.generics.add(target)
        return targets
    wrapping = [rule for rule in m.state.rules.facts(path).returns if rule.value == "wrapper"]
    if wrapping:
        return stdlib_calls.wrapper(m, frame, register, targets, Arguments([targets]))
    declared = m.state.rules.facts(path.removesuffix("()")).options
    if declared:
        options.hand_in(m, frame, decorator, declared, targets)
    units.decorate(m, frame, register, value, targets)
    return units.register(m, frame, register, path.removesuffix("()"), _arguments(m, frame, decorator), targets)


def _arguments(m: Machine, frame: Frame, decorator: int) -> Arguments:
    instruction = frame.scope.code[decorator]
    return arguments_of(m, frame, instruction) if instruction[0] == ir.CALL else Arguments()


def _with_setter(m: Machine, value: Value, targets: Values) -> Values:
    """`@x.setter`: the same getter, with this setter (the name of the decorator's attribute is not at hand: a getter of the
    same name replaced by its setter behaves the same for callers)."""
    getter = m.table.data[value][0]
    return frozenset(
        m.table.make(PROP, getter, v, depth=m.table.depths[getter]) for v in targets if m.table.kinds[v] == FUNC
    )
