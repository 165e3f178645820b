"""Tables of functions: what a function calls stands in a list or dict that it is handed, or that its object keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TypeAlias

from dealix_lint.callgraph.codefacts import called_name
from dealix_lint.model import ir
from dealix_lint.model.summary import Scope

_TAKING_OUT = frozenset((ir.ITERATE, ir.ITEM, ir.SUBSCRIPT))
_SAME = frozenset((ir.REST, ir.NARROW))
_METHODS = frozenset(("items", "values", "get", "pop", "copy", "popleft", "setdefault"))
_FUNCTIONS = frozenset(("enumerate", "zip", "reversed", "sorted", "list", "tuple", "iter", "next"))
_KEEPING = frozenset(("append", "add", "insert", "appendleft", "setdefault"))

Table: TypeAlias = int | str
"""A parameter, or the name of an attribute of `self`."""
Found: TypeAlias = dict[int, set[tuple[Table, bool]]]
"""Register -> the tables that it is (part of), and whether it was taken out of them."""


def table_parameters(scope: Scope) -> frozenset[int]:
    """The parameters of which a function calls elements: `for name, step in steps: step(x)`, `handlers[key](x)`."""
    if not scope.parameters or not _calls_what_it_takes_out(scope):
        return frozenset()
    seeds = {r: i[1] for r, i in enumerate(scope.code) if i[0] == ir.PARAM}
    return frozenset(table for table in _called(scope, _tables(scope, seeds)) if isinstance(table, int))


@dataclass(frozen=True, slots=True)
class Holding:
    """What methods of a class do with its attributes: those in which they keep what they are handed, those of which they call
    elements, and those that they call as they are."""

    kept: Set[Table]
    called: Set[Table]
    called_alone: Set[Table]


def holding(methods: Iterable[Scope]) -> Holding:
    """What some methods keep and call."""
    kept: set[Table] = set()
    called: set[Table] = set()
    called_alone: set[Table] = set()
    for scope in methods:
        code = scope.code
        kept |= _given_later(scope)
        called_alone |= _called_alone(scope)
        seeds = {r: i[2] for r, i in enumerate(code) if i[0] == ir.ATTR and code[i[1]] == (ir.PARAM, 0)}
        if seeds:
            found = _tables(scope, seeds)
            kept |= _kept(scope, found)
            called |= _called(scope, found)
    return Holding(kept, called, called_alone)


def keeps_functions(holdings: Sequence[Holding], assigned: Set[str], members: Set[str]) -> bool:
    """True for a class with a method that keeps what it is handed in an attribute, and one that calls what is kept there: a
    signal, an event bus; also for one that calls an attribute that is assigned after the object was made (`order.on_paid =
    notify`). `holdings`: of the class and its bases; `assigned`: the names of those that others assign; `members`: what the class
    itself has."""
    kept = {table for one in holdings for table in one.kept}
    called = {table for one in holdings for table in one.called_alone} - members
    called.update(table for one in holdings for table in one.called)
    return not kept.isdisjoint(called) or not called.isdisjoint(assigned)


def _given_later(scope: Scope) -> set[str]:
    """Attributes in which a method other than the constructor keeps what it is handed."""
    code = scope.code
    sets = (i for i in code if i[0] == ir.SET_ATTR and code[i[1]] == (ir.PARAM, 0)) if scope.name != "__init__" else ()
    return {i[2] for i in sets if code[i[3]][0] == ir.PARAM}


def _called_alone(scope: Scope) -> set[Table]:
    """Attributes of `self` that are called as they are."""
    callees = [scope.code[i[1]] for i in scope.code if i[0] == ir.CALL]
    return {callee[2] for callee in callees if callee[0] == ir.ATTR and scope.code[callee[1]] == (ir.PARAM, 0)}


def _calls_what_it_takes_out(scope: Scope) -> bool:
    callees = (scope.code[i[1]][0] for i in scope.code if i[0] == ir.CALL)
    return any(opcode not in (ir.NAME, ir.ATTR, ir.FREE) for opcode in callees)


def _called(scope: Scope, found: Found) -> set[Table]:
    calls = (i[1] for i in scope.code if i[0] == ir.CALL)
    return {table for callee in calls for table, is_taken in found.get(callee, ()) if is_taken}


def _kept(scope: Scope, found: Found) -> set[Table]:
    """The tables that a parameter is put into."""
    code = scope.code
    kept: set[Table] = set()
    for instruction in code:
        holder, given = -1, tuple[int, ...]()
        if instruction[0] == ir.SET_ITEM:
            holder, given = instruction[1], (instruction[3],)
        elif instruction[0] == ir.CALL and called_name(scope, instruction) in _KEEPING:
            callee = code[instruction[1]]
            holder, given = callee[1] if callee[0] == ir.ATTR else -1, instruction[2]
        if any(register >= 0 and code[register][0] == ir.PARAM for register in given):
            kept |= {table for table, _ in found.get(holder, ())}
    return kept


def _tables(scope: Scope, seeds: Mapping[int, Table]) -> Found:
    found: Found = {register: {(table, False)} for register, table in seeds.items()}
    size = -1
    while size != (size := sum(map(len, found.values()))):
        for register, instruction in enumerate(scope.code):
            parts = _parts(scope, found, instruction)
            if parts:
                found.setdefault(register, set()).update(parts)
    return found


def _parts(scope: Scope, found: Found, instruction: ir.Instruction) -> set[tuple[Table, bool]]:
    opcode = instruction[0]
    if opcode in _TAKING_OUT:
        return {(table, True) for table, _ in found.get(instruction[1], ())}
    if opcode in _SAME:
        return found.get(instruction[1], set())
    if opcode == ir.DECLARED:
        return found.get(instruction[2], set())
    if opcode == ir.PHI:
        return {part for register in instruction[1] for part in found.get(register, ())}
    if opcode != ir.CALL:
        return set()
    callee, name = scope.code[instruction[1]], called_name(scope, instruction)
    if callee[0] == ir.ATTR and name in _METHODS:
        return {(table, True) for table, _ in found.get(callee[1], ())}
    if callee[0] == ir.NAME and name in _FUNCTIONS:
        return {part for register in instruction[2] for part in found.get(register, ())}
    return set()
