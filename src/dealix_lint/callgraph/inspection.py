"""Facts about code that never change during the analysis, computed once per scope."""

from __future__ import annotations

from dealix_lint.callgraph.codefacts import operands
from dealix_lint.callgraph.state import Function
from dealix_lint.model import ir
from dealix_lint.model.program import Program
from dealix_lint.model.summary import KEYWORDS, VARIADIC, Scope

_KEYED_METHODS = frozenset(("get", "pop", "setdefault", "has", "lookup"))
_SENDING_METHODS = frozenset(
    (
        "request",
        "get",
        "post",
        "put",
        "patch",
        "delete",
        "head",
        "options",
        "send",
        "stream",
        "fetch",
        "urlopen",
        "Request",
    )
)
_TEXT_METHODS = frozenset(
    (
        "lstrip",
        "rstrip",
        "strip",
        "removeprefix",
        "removesuffix",
        "replace",
        "format",
        "upper",
        "lower",
        "str",
        "urljoin",
    )
)
_LARGEST_TEXT_HELPER = 60  # instructions; what is longer does more than put a text together
_MADE_OF_TEXTS = frozenset((ir.TEXT, ir.BINARY, ir.PHI, ir.LOGIC, ir.SUBSCRIPT))
_ROUNDS = 3  # of wrappers around wrappers


def make_functions(program: Program) -> list[Function]:
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
            functions.append(function)
    _mark_key_parameters(functions)
    return functions


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


def _mark_key_parameters(functions: list[Function]) -> None:
    """Parameters whose constant decides what is found or where a request goes: used as a key, part of a text that is
    sent or given back, or handed on to such a parameter (by name of the callee, an over-approximation that only decides
    how finely calls are told apart)."""
    for function in functions:
        function.key_parameters = _direct_keys(function.scope) | _text_parameters(function.scope)
    for _ in range(_ROUNDS):
        keyed = _keyed_names(functions)
        changed = False
        for function in functions:
            handed = _handed_on(function.scope, keyed) - function.key_parameters
            if handed:
                function.key_parameters |= handed
                changed = True
        if not changed:
            return


def _keyed_names(functions: list[Function]) -> dict[str, set[int | str]]:
    """Names of functions with key parameters -> positions at the call and names of those."""
    keyed: dict[str, set[int | str]] = {}
    for function in functions:
        if function.key_parameters:
            names = (function.scope.parameters[index].name for index in function.key_parameters)
            keyed.setdefault(function.scope.name, set()).update(_call_positions(function), names)
    return keyed


def _call_positions(function: Function) -> set[int]:
    shift = 1 if function.owner is not None and not function.is_static else 0
    return {index - shift for index in function.key_parameters if index >= shift}


def _direct_keys(scope: Scope) -> frozenset[int]:
    found: set[int] = set()
    code = scope.code
    for instruction in code:
        opcode = instruction[0]
        candidates: tuple[int, ...] = ()
        if opcode in (ir.SUBSCRIPT, ir.SET_ITEM):
            candidates = (instruction[2],)
        elif opcode == ir.CALL and instruction[2]:
            callee = code[instruction[1]]
            if callee[0] == ir.ATTR and callee[2] in _KEYED_METHODS:
                candidates = instruction[2][:1]
            elif callee[0] == ir.NAME and callee[1] == "getattr":
                candidates = instruction[2][1:2]
        for register in candidates:
            if register >= 0 and code[register][0] == ir.PARAM:
                found.add(code[register][1])
    return frozenset(found)


def _handed_on(scope: Scope, keyed: dict[str, set[int | str]]) -> frozenset[int]:
    found: set[int] = set()
    for instruction in scope.code:
        if instruction[0] != ir.CALL:
            continue
        wanted = keyed.get(_called_name(scope, instruction))
        if wanted:
            given = [r for position, r in enumerate(instruction[2]) if position in wanted]
            found |= _parameters_in(scope, [*given, *(r for name, r in instruction[3] if name in wanted)])
    return frozenset(found)


def _text_parameters(scope: Scope) -> frozenset[int]:
    """Parameters that become part of a text which the function gives back, or that it sends: the path and the method of
    a request helper."""
    found: set[int] = set()
    for instruction in scope.code:
        if instruction[0] == ir.RETURN and len(scope.code) <= _LARGEST_TEXT_HELPER:
            given = scope.code[instruction[1]]
            if given[0] in _MADE_OF_TEXTS or (given[0] == ir.CALL and _called_name(scope, given) in _TEXT_METHODS):
                found |= _parameters_in(scope, [instruction[1]])
        elif instruction[0] == ir.CALL and _called_name(scope, instruction) in _SENDING_METHODS:
            named = (r for name, r in instruction[3] if name in ("url", "method"))
            found |= _parameters_in(scope, [*instruction[2][:2], *named])
    return frozenset(found)


def _called_name(scope: Scope, call: ir.Instruction) -> str:
    callee = scope.code[call[1]]
    name: str = callee[2] if callee[0] == ir.ATTR else callee[1] if callee[0] == ir.NAME else ""
    return name


def _parameters_in(scope: Scope, registers: list[int]) -> set[int]:
    """Parameters that the registers are, or are put together from."""
    found: set[int] = set()
    pending = [register for register in registers if register >= 0]
    seen: set[int] = set()
    while pending:
        register = pending.pop()
        if register in seen:
            continue
        seen.add(register)
        instruction = scope.code[register]
        if instruction[0] == ir.PARAM:
            if scope.parameters[instruction[1]].kind not in (VARIADIC, KEYWORDS):
                found.add(instruction[1])
        elif instruction[0] in (ir.TEXT, ir.BINARY, ir.PHI, ir.LOGIC):
            pending += operands(instruction)
        elif instruction[0] == ir.SUBSCRIPT:
            pending.append(instruction[1])
        elif instruction[0] == ir.CALL and _called_name(scope, instruction) in _TEXT_METHODS:
            pending += [r for r in (instruction[1], *instruction[2]) if r >= 0]
        elif instruction[0] == ir.ATTR and instruction[2] in _TEXT_METHODS:
            pending.append(instruction[1])
    return found
