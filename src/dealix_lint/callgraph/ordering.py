"""In which order functions are started that nothing calls.

Those that nobody even names go first, so that what they call is analysed with what they hand over, constructors of classes that
somebody names behind them. Methods of classes that others derive from go last of all: until then it shows on objects of which
subclasses they run, and what they keep there is not what any of these might. Unless some of these are plug-ins, of which nothing
ever shows."""

from __future__ import annotations

from dealix_lint.callgraph import plugins
from dealix_lint.callgraph.deciding import called_as
from dealix_lint.callgraph.machine import Machine
from dealix_lint.callgraph.state import Function, State
from dealix_lint.link.imports import imported_modules
from dealix_lint.model import ir
from dealix_lint.model.program import Program

_SHARED = 3
"""The rank of methods that run on objects of subclasses, and of the constructor of an abstract class."""


def order(machine: Machine) -> list[tuple[tuple[bool, int], int, int]]:
    """Stage, rank in it, and number of each function. What is nested in others comes in a stage after them."""
    state = machine.state
    named = _names_used(state.program)
    imported = imported_modules(state.program, state.names)
    ranks = [_rank(machine, function, named, imported) for function in state.functions]
    return sorted(((rank == _SHARED, _nesting(state, f)), rank, f) for f, rank in enumerate(ranks))


def _rank(machine: Machine, function: Function, named: frozenset[str], imported: frozenset[int]) -> int:
    if _is_shared(machine.state, _around(machine.state, function), imported):
        return _SHARED
    if function.scope.name == "__init__" and function.owner and machine.hierarchy.is_abstract(function.owner):
        return _SHARED
    name = called_as(function, machine.state.program)
    return (name in named) + (name in named and name != function.scope.name)


def _is_shared(state: State, method: Function, imported: frozenset[int]) -> bool:
    base = method.owner
    if base is None:
        return False
    subclasses = state.classes.subclasses.get(base, ())
    if method.scope.name == "__init__":
        return bool(subclasses)
    return bool(subclasses) and not any(plugins.is_plugin(subclass, base, imported) for subclass in subclasses)


def _around(state: State, function: Function) -> Function:
    """The method, or the function of a module, that a function is, or stands in."""
    while function.owner is None and function.scope.parent > 0:
        outer = state.function_ids.get((function.module, function.scope.parent))
        if outer is None:
            break  # the body of a class in a function
        function = state.functions[outer]
    return function


def _nesting(state: State, index: int) -> int:
    function = state.functions[index]
    scopes = state.program.summaries[function.module].scopes
    depth, scope = 0, function.scope.parent
    while scope >= 0:
        depth += scopes[scope].kind != "class"
        scope = scopes[scope].parent
    return depth


def _names_used(program: Program) -> frozenset[str]:
    found: set[str] = set()
    for summary in program.summaries:
        for scope in summary.scopes:
            for instruction in scope.code:
                if instruction[0] == ir.ATTR:
                    found.add(instruction[2])
                elif instruction[0] in (ir.NAME, ir.FREE):
                    found.add(instruction[1])
                elif instruction[0] == ir.IMPORT_FROM:
                    found.add(instruction[3])
    return frozenset(found)
