"""Facts about code that never change during the analysis, computed once per scope."""

from __future__ import annotations

from typing import Any

from dealix_lint.callgraph import keeping
from dealix_lint.callgraph.branches import asked_of, counted, filled, flags_of, kept_flags, unchanged
from dealix_lint.callgraph.codefacts import parameters_in
from dealix_lint.callgraph.copying import handed_on
from dealix_lint.callgraph.crowding import SMALL
from dealix_lint.callgraph.folding import fold_of
from dealix_lint.callgraph.joining import is_joining, joined_parameter
from dealix_lint.callgraph.keeping import assigns_anything
from dealix_lint.callgraph.loaders import loaded_parameter
from dealix_lint.callgraph.placeholders import replaced
from dealix_lint.callgraph.rules import FrameworkRules
from dealix_lint.callgraph.state import Function
from dealix_lint.callgraph.tables import table_parameters
from dealix_lint.model import ir
from dealix_lint.model.program import Program
from dealix_lint.model.summary import KEYWORDS, VARIADIC, Scope


def make_functions(program: Program, rules: FrameworkRules) -> list[Function]:
    """All functions, lambdas and modules, in path and source order."""
    functions: list[Function] = []
    for module, summary in enumerate(program.summaries):
        for index, scope in enumerate(summary.scopes):
            if scope.kind == "class":
                continue
            function = Function(module, index, scope)
            if scope.parent >= 0 and summary.scopes[scope.parent].kind == "class" and scope.kind == "function":
                function.owner = (module, scope.parent)
                _describe_method(function, summary.scopes[scope.parent])
            function.size += sum(len(inner.code) for inner in _nested(summary.scopes, index)) if index else 0
            function.identity_parameters = _identity_parameters(scope)
            function.identity_elements = _identity_elements(scope)
            function.loads = loaded_parameter(scope)
            function.tables = table_parameters(scope)
            if index and function.size <= SMALL:
                function.copies = handed_on(scope)
            if index and scope.parameters and len(scope.blocks) > 1:
                function.flags = flags_of(scope)
                function.unchanged = unchanged(scope, function.flags)
                function.counted = counted(scope)
            function.fold = fold_of(scope) if index and is_joining(scope) else None
            function.joined = joined_parameter(scope, function.fold) if index else -1
            if function.joined >= 0:
                function.counted = function.joined
            if index and scope.parameters:
                function.replaced = replaced(scope) if function.owner is not None else function.replaced
                function.constant_defaults = _constant_defaults(summary.scopes[scope.parent], index, scope, rules)
            functions.append(function)
    _mark_captured_flags(functions, program)
    _mark_kept_flags(functions, program)
    keeping.mark(functions, program)
    return functions


def _mark_captured_flags(functions: list[Function], program: Program) -> None:
    """Mark the parameters that nothing assigns and that conditions of functions inside ask for."""
    places = {(function.module, function.scope_index): function for function in functions}
    for function in functions:
        if function.scope.parent <= 0 or len(function.scope.blocks) < 2:
            continue
        asked = sorted(i[1:] for i in asked_of(function.scope) if i[0] == ir.FREE and i[2] > 0)
        assigned = {
            i[1:3] for s in program.summaries[function.module].scopes if asked for i in s.code if i[0] == ir.SET_FREE
        }
        for name, owner in asked:
            around = places[function.module, owner]
            found = parameters_in(around.scope, {name}) if (name, owner) not in assigned else frozenset()
            around.flags |= found
            function.captured_flags += tuple((name, owner, index) for index in found)


def _mark_kept_flags(functions: list[Function], program: Program) -> None:
    """Mark what methods keep of their flags in attributes that nothing else in the program assigns or has in a class."""
    kept = {
        number: names
        for number, function in enumerate(functions)
        if function.owner is not None and len(function.scope.blocks) > 1 and (names := kept_flags(function.scope))
    }
    counts: dict[str, int] = dict.fromkeys((name for names in kept.values() for name in names), 0)
    for summary in program.summaries if kept else ():
        for scope in summary.scopes:
            assigned = [i[2] for i in scope.code if i[0] == ir.SET_ATTR and i[2] in counts]
            for name in assigned + [name for name, _ in scope.exports if scope.kind == "class" and name in counts] * 2:
                counts[name] += 1
    for number, names in kept.items():
        function = functions[number]
        if not any(map(assigns_anything, program.summaries[function.module].scopes)):
            function.kept_flags = {name: index for name, index in names.items() if counts[name] == 1}
            function.flags |= frozenset(function.kept_flags.values())


def _constant_defaults(parent: Scope, index: int, scope: Scope, rules: FrameworkRules) -> dict[int, tuple[Any]]:
    """Defaults that are constants, but for those of switches that leave out what is real: these decide nothing."""
    made = next((i for i in parent.code if i[0] == ir.FUNCTION and i[1] == index), None)
    defaults = made[2] if made is not None else ()
    displays = {p: (filling,) for p, r in defaults if (filling := filled(parent.code[r])) is not None}
    constants = {p: parent.code[r][1] for p, r in defaults if parent.code[r][0] == ir.CONST}
    names = [parameter.name for parameter in scope.parameters]
    return displays | {p: (constant,) for p, constant in constants.items() if not rules.leaves_out(names[p], constant)}


def _nested(scopes: tuple[Scope, ...], index: int) -> list[Scope]:
    inside = {index}
    found: list[Scope] = []
    for number in range(index + 1, len(scopes)):
        if scopes[number].parent not in inside:
            break
        inside.add(number)
        found.append(scopes[number])
    return found


def _describe_method(function: Function, owner: Scope) -> None:
    names = {owner.code[register][1] for register in function.scope.decorators if owner.code[register][0] == ir.NAME}
    function.is_static = "staticmethod" in names
    function.is_class_method = "classmethod" in names or function.scope.name in (
        "__new__",
        "__init_subclass__",
        "__class_getitem__",
    )


def _identity_parameters(scope: Scope) -> frozenset[int]:
    """Parameters that the function gives back unchanged."""
    code = scope.code
    found: set[int] = set()
    for instruction in code:
        if instruction[0] == ir.RETURN and code[instruction[1]][0] == ir.PARAM:
            index = code[instruction[1]][1]
            if scope.parameters[index].kind not in (VARIADIC, KEYWORDS):
                found.add(index)
    return frozenset(found)


def _identity_elements(scope: Scope) -> frozenset[int]:
    """Registers of what the function gives back that is one of its `*args`, unchanged: `for value in values: ... return value`,
    `next(value for value in values if ...)`."""
    rest = next((index for index, p in enumerate(scope.parameters) if p.kind == VARIADIC), None)
    if rest is None or scope.is_generator or scope.is_async:
        return frozenset()
    code = scope.code
    returned = {i[1] for i in code if i[0] == ir.RETURN}
    return frozenset(r for r in returned if _element(code, r) == (ir.PARAM, rest))


def _element(code: tuple[ir.Instruction, ...], register: int) -> ir.Instruction | None:
    """What a register is one element of; None where it is something else."""
    instruction = code[register]
    if instruction[0] == ir.ITERATE:
        return code[instruction[1]]
    if instruction[0] != ir.CALL or code[instruction[1]] != (ir.NAME, "next") or not instruction[2] or instruction[3]:
        return None
    chosen, *default = instruction[2]
    is_plain = chosen >= 0 and code[chosen][0] == ir.COLLECT and all(r >= 0 and code[r][0] == ir.CONST for r in default)
    return _element(code, code[chosen][2]) if is_plain else None
