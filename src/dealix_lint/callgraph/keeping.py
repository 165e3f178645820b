"""Flags that objects keep: `Loader(path, just_header=True)` makes one whose `load` takes one branch, `Loader(path)` one whose
`load` takes the other.

Objects are told apart by what calls say exactly of those parameters of their constructor that it keeps, as they came, in
attributes that conditions of methods ask for which give back what one call gives or what another does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dealix_lint.callgraph.absent import gives_several
from dealix_lint.callgraph.state import Function
from dealix_lint.callgraph.values import CONST, INST, Value
from dealix_lint.link import ClassId
from dealix_lint.model import ir
from dealix_lint.model.program import Program
from dealix_lint.model.summary import KEYWORDS, VARIADIC, Scope

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine


def mark(functions: Sequence[Function], program: Program) -> None:
    """Mark the methods that ask for such attributes, and the constructors that keep them."""
    wanted: dict[ClassId, set[str]] = {}
    for function in functions:
        if function.owner is not None and len(function.scope.blocks) > 1 and gives_several(function.scope):
            function.asks = _asked(function.scope)
            if function.asks:
                wanted.setdefault(function.owner, set()).update(function.asks)
    constructors = [f for f in functions if f.owner in wanted and f.scope.name == "__init__"] if wanted else []
    for function in constructors:
        names = wanted[function.owner] if function.owner is not None else ()
        function.keeps = {name: index for name, index in _kept(function.scope).items() if name in names}
    _check([function for function in constructors if function.keeps], functions, program)


def _check(constructors: list[Function], functions: Sequence[Function], program: Program) -> None:
    """Leave only attributes that nobody assigns but methods to their own object."""
    names = {name for function in constructors for name in function.keeps}
    foreign: set[str] = set()
    assigning: dict[str, list[ClassId]] = {}
    owners = {(f.module, f.scope_index): f.owner for f in functions if f.owner is not None} if names else {}
    for module, summary in enumerate(program.summaries) if names else ():
        for index, scope in enumerate(summary.scopes):
            for i in scope.code:
                if i[0] == ir.SET_ATTR and i[2] in names:
                    owner = owners.get((module, index))
                    if owner is None or scope.code[i[1]][:2] != (ir.PARAM, 0):
                        foreign.add(i[2])
                    else:
                        assigning.setdefault(i[2], []).append(owner)
    for function in constructors:
        kept = {name: index for name, index in function.keeps.items() if name not in foreign}
        function.keeps = {} if any(map(assigns_anything, program.summaries[function.module].scopes)) else kept
        function.assigning = {name: tuple(assigning[name]) for name in function.keeps}


def _asked(scope: Scope) -> frozenset[str]:
    """Attributes of its own object that conditions of a method ask for."""
    code = scope.code
    pending = [block.test for block in scope.blocks if block.test >= 0]
    found: set[str] = set()
    while pending:
        instruction = code[pending.pop()]
        if instruction[0] == ir.ATTR and code[instruction[1]][:2] == (ir.PARAM, 0):
            found.add(instruction[2])
        elif instruction[0] == ir.LOGIC:
            pending += instruction[2]
        elif instruction[0] == ir.PHI and len(instruction) > 2:
            pending += instruction[1]
    return frozenset(found)


def _kept(scope: Scope) -> dict[str, int]:
    """Attributes to which a constructor assigns one of its parameters, whatever happens."""
    code = scope.code
    found: dict[str, int] = {}
    for instruction in code[: _first_branch(scope)]:
        if instruction[0] == ir.SET_ATTR and code[instruction[1]][:2] == (ir.PARAM, 0):
            given = code[instruction[3]]
            if given[0] == ir.PARAM and scope.parameters[given[1]].kind not in (VARIADIC, KEYWORDS):
                found[instruction[2]] = given[1]
    return found


def _first_branch(scope: Scope) -> int:
    return next((r for r, i in enumerate(scope.code) if i[0] == ir.BLOCK and i[1] > 0), len(scope.code))


def assigns_anything(scope: Scope) -> bool:
    """Whether attributes are assigned in a scope of which the code does not say the names."""
    code = scope.code
    return any(
        (i[0] == ir.ATTR and i[2] == "__dict__")
        or (i[0] == ir.CALL and code[i[1]] == (ir.NAME, "setattr") and code[(*i[2], -1, -1)[1]][0] != ir.CONST)
        for i in code
    )


def names_of(m: Machine, function: Function, identity: ClassId) -> list[str]:
    """The attributes in which objects of a class keep what its constructor is given, and nothing else."""
    classes = m.state.classes
    ancestry = classes.info(identity).ancestry
    return [
        name
        for name in sorted(function.keeps)
        if classes.definer(identity, name) is None and sum(c in ancestry for c in function.assigning[name]) == 1
    ]


def of_object(m: Machine, function: Function, context: tuple[int, ...]) -> dict[str, Value]:
    """What is known of the attributes that conditions of a method ask for, in a context for one object."""
    if not function.asks or context[:1] != (0,) or m.table.kinds[context[1]] != INST:
        return {}
    known = m.kept.get(m.table.data[context[1]], {})
    return {name: value for name, value in known.items() if name in function.asks and m.table.kinds[value] == CONST}
