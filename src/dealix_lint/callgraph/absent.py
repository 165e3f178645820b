"""Parameters that may be nothing: `send(text)` leaves `channel=None`, and what `send` does with a channel others hand in is
nothing that this caller leads to; `fetch(url)` leaves `data=None`, and what `fetch` hands that on to does not post.

Computed once, before the analysis: of which parameters a function, or what it hands them on to, calls methods, and for which a
request that is sent there asks. A call that hands None to such a parameter, or leaves it at that default, gets a context of its
own, see `branches`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from dealix_lint.callgraph.codefacts import called_name
from dealix_lint.callgraph.deciding import called_as
from dealix_lint.callgraph.state import Function
from dealix_lint.model import ir
from dealix_lint.model.program import Program
from dealix_lint.model.summary import KEYWORDS, VARIADIC, Scope

_ROUNDS = 8  # of functions that hand a parameter on
_GIVING = frozenset((ir.RETURN, ir.YIELD, ir.YIELD_FROM))
_PLAIN_DECORATORS = frozenset(("staticmethod", "classmethod"))  # others may hand in what a call leaves out

Place = tuple[str, int | str]
"""The name of a function, and the position or the name of an argument of its calls."""
_Marked = tuple[Function, int]


@dataclass(frozen=True, slots=True)
class _HandedOn:
    function: Function
    parameter: int
    to: Place
    is_given_back: bool
    """Whether the function gives back what that gives."""


def mark_objects(functions: Sequence[Function], program: Program, members: Collection[str]) -> None:
    """Mark the parameters of which methods are called (`members`: the names of those that classes of the program have), that
    are called themselves, or that conditions of a function that sends something ask for, there or in what they are handed on
    to: by names, an over-approximation that only decides how finely calls are told apart."""
    handed: dict[Place, list[_HandedOn]] = {}
    asked: list[_Marked] = []
    choosing: list[_Marked] = []
    used: list[_Marked] = []
    for function in functions:
        if not function.scope.parameters or function.scope_index == 0 or _may_be_given_more(function, program):
            continue
        asked += [(function, index) for index in sorted(function.flags if function.sends else ())]
        choosing += [(function, index) for index in sorted(function.flags if gives_several(function.scope) else ())]
        used += [(function, index) for index in sorted(_used(function.scope, members))]
        for place in _handed_on(function):
            handed.setdefault(place.to, []).append(place)
    given_back = {to: [place for place in places if place.is_given_back] for to, places in handed.items()}
    for function, index in (*_followed(asked, handed, program), *_followed(choosing, given_back, program)):
        function.bodies |= {index}
        function.objects |= {index}
    for function, index in _followed(used, handed, program):
        function.objects |= {index}


def _followed(start: list[_Marked], handed: dict[Place, list[_HandedOn]], program: Program) -> Iterator[_Marked]:
    """Parameters, and those that are handed on to them."""
    pending = dict.fromkeys(start)
    seen: set[_Marked] = set()
    for _ in range(_ROUNDS):
        found = [marked for marked in pending if marked not in seen and marked[1] >= marked[0].receivers_before]
        seen.update(found)
        yield from found
        reached = dict.fromkeys(to for marked in found for to in _places(*marked, program))
        pending = dict.fromkeys((place.function, place.parameter) for to in reached for place in handed.get(to, ()))


def _places(function: Function, index: int, program: Program) -> tuple[Place, Place]:
    """The places of calls that hand something to a parameter."""
    name = called_as(function, program)
    return (name, index - function.receivers_before), (name, function.scope.parameters[index].name)


def _may_be_given_more(function: Function, program: Program) -> bool:
    parent = program.summaries[function.module].scopes[function.scope.parent].code
    decorators = [parent[register] for register in function.scope.decorators]
    return any(i[0] != ir.NAME or i[1] not in _PLAIN_DECORATORS for i in decorators)


def _used(scope: Scope, members: Collection[str]) -> set[int]:
    """Parameters that are called, or of which methods of that name are."""
    code = scope.code
    found: set[int] = set()
    for instruction in code:
        if instruction[0] == ir.CALL:
            callee = code[instruction[1]]
            if callee[0] == ir.ATTR and callee[2] in members:
                callee = code[callee[1]]
            if callee[0] == ir.PARAM and scope.parameters[callee[1]].kind not in (VARIADIC, KEYWORDS):
                found.add(callee[1])
    return found


def _handed_on(function: Function) -> Iterator[_HandedOn]:
    scope = function.scope
    code = scope.code
    given_back = _given_back(scope)
    for number, instruction in enumerate(code):
        if instruction[0] == ir.CALL:
            to = called_name(scope, instruction)
            for where, register in (*enumerate(instruction[2]), *instruction[3]):
                if to and where is not None and register >= 0 and code[register][0] == ir.PARAM:
                    yield _HandedOn(function, code[register][1], (to, where), number in given_back)


def gives_several(scope: Scope) -> bool:
    """Whether a function gives back what one call gives, or what another does."""
    return sum(1 for register in _given_back(scope) if scope.code[register][0] == ir.CALL) > 1


def _given_back(scope: Scope) -> set[int]:
    """Registers of what a function gives back, as it is."""
    code = scope.code
    pending = [i[1] for i in code if i[0] in _GIVING]
    found: set[int] = set()
    while pending:
        register = pending.pop()
        if register not in found:
            found.add(register)
            instruction = code[register]
            pending += (
                instruction[1] if instruction[0] == ir.PHI else instruction[1:2] if instruction[0] == ir.AWAIT else ()
            )
    return found
