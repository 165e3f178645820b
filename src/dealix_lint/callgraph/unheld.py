"""What was too much to tell what becomes of it: functions that came to a full slot, and those that one call may all call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import BOUND, CONT, FUNC, Slot, Value

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine

_DEEPEST = 3  # containers in containers


def activations(machine: Machine) -> frozenset[int]:
    """Contexts of functions of which nobody can tell whether they are called for that reason."""
    state = machine.state
    lost = {value for slot in _slots(machine) for value in slot.refused} | state.uncalled
    functions = dict.fromkeys(_functions(machine, sorted(lost), _DEEPEST))
    return frozenset(
        index
        for function, environment in (machine.table.data[value] for value in functions)
        for key, index in state.functions[function].contexts.items()
        if key[0] == environment
    )


def _slots(machine: Machine) -> Iterator[Slot]:
    yield from machine.state.slots.values()
    for activation in machine.state.activations:
        yield from activation.parameters
        yield activation.result


def _functions(machine: Machine, values: Iterable[Value], depth: int) -> Iterator[Value]:
    kinds, data = machine.table.kinds, machine.table.data
    for value in values:
        if kinds[value] == FUNC:
            yield value
        elif kinds[value] == BOUND and kinds[data[value][0]] == FUNC:
            yield data[value][0]
        elif (
            kinds[value] == CONT
            and depth
            and ("all", value) in machine.state.slots
            and value not in machine.state.joined
        ):
            yield from _functions(machine, sorted(machine.state.slots["all", value].values), depth - 1)
