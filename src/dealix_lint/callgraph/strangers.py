"""Methods of objects of which nothing is known: by what the object is called where the method is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dealix_lint.callgraph import guessing
from dealix_lint.callgraph.frame import Frame
from dealix_lint.callgraph.machine import Machine
from dealix_lint.callgraph.spelling import NAMELESS, spelled
from dealix_lint.callgraph.state import Activation
from dealix_lint.callgraph.values import HOLE, METHOD
from dealix_lint.model import ir
from dealix_lint.model.graph import UNKNOWN_CALLEE


def calls(
    machine: Machine, live: Sequence[Activation], is_wanted: Callable[[str], bool]
) -> Iterator[tuple[int, int, int, str]]:
    """(node, scope, register, path) of calls that are not known to reach analysed code or anything wanted, if they are
    wanted as those of a stranger: `<unknown>.` before what they are known by, else before the last name of the receiver."""
    for node, activation in enumerate(live):
        for scope, frame in sorted(activation.frames.items()):
            for register in machine.state.call_registers(frame.module, scope):
                callee = frame.scope.code[frame.scope.code[register][1]]
                is_reached = callee[0] != ir.ATTR or (scope, register) in activation.edges
                if is_reached or not is_wanted(f"{UNKNOWN_CALLEE}.{NAMELESS}.{callee[2]}"):
                    continue
                for path in _paths(machine, activation, frame, register, is_wanted):
                    yield node, scope, register, path


def on_strangers(machine: Machine, activation: Activation, frame: Frame, on_classes: bool) -> Iterator[int]:
    """Registers of calls of methods in a frame on objects that may be the project's, of which nothing or not everything is
    known that they reach: what was guessed by their names, or is reached on one of several objects, may not be all.
    `on_classes`: on its classes, which anything may have given back that could look them up."""
    may_be_own = guessing.may_be_own_class if on_classes else guessing.may_be_own
    for register in machine.state.call_registers(frame.module, frame.scope_index):
        callee = frame.scope.code[register][1]
        site = frame.scope_index, register
        if frame.scope.code[callee][0] != ir.ATTR or register in frame.dead:
            continue
        paths = [machine.table.data[value][0] for value in activation.external.get(site, ())]
        is_open = callee in frame.guessed or any(path == UNKNOWN_CALLEE or may_be_own(machine, path) for path in paths)
        if not paths and not activation.edges.get(site):
            is_open = is_open or _is_foreign(machine, frame, callee)
        if is_open:
            yield register


def _is_foreign(machine: Machine, frame: Frame, callee: int) -> bool:
    """Whether a method is none that objects have of which the type is known, which these may not be then."""
    kinds, values = machine.table.kinds, frame.registers[callee]
    is_builtin = frame.scope.code[callee][2] in guessing.BUILTIN_ATTRIBUTES
    return not is_builtin and bool(values) and all(kinds[value] == METHOD for value in values)


def _paths(
    machine: Machine, activation: Activation, frame: Frame, register: int, is_wanted: Callable[[str], bool]
) -> list[str]:
    callee_register = frame.scope.code[register][1]
    called = activation.external.get((frame.scope_index, register), frozenset())
    paths = {machine.table.data[value][0] for value in called}
    if any(map(is_wanted, paths)):
        return []
    if _is_of_unknown(machine, frame, callee_register):
        paths.add(UNKNOWN_CALLEE)
    callee = frame.scope.code[callee_register]
    by_receiver = f"{spelled(frame.scope, callee[1])}.{callee[2]}"
    named = {f"{UNKNOWN_CALLEE}.{by_receiver if path == UNKNOWN_CALLEE else path}" for path in paths}
    return sorted(filter(is_wanted, named))


def _is_of_unknown(machine: Machine, frame: Frame, callee: int) -> bool:
    """Whether a method is one of something of which only the name is known (`self.client` that nothing assigns)."""
    kinds, data, values = machine.table.kinds, machine.table.data, frame.registers[callee]
    return bool(values) and all(kinds[v] == METHOD and kinds[data[v][0]] == HOLE for v in values)
