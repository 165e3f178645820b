"""What the code of a scope says, in words that tests can compare."""

from __future__ import annotations

from textwrap import dedent

from dealix_lint.model import ir
from dealix_lint.model.summary import ModuleSummary, Scope
from dealix_lint.summarize import summarize

_SHOWN_DEPTH = 12


def summary_of(source: str) -> ModuleSummary:
    """The summary of a source text, which must be readable."""
    summary = summarize(dedent(source).encode())
    assert summary.problem is None, summary.problem
    return summary


def scope_named(source: str, name: str) -> Scope:
    """The scope of a function, class or lambda by name ("" for the module)."""
    return next(scope for scope in summary_of(source).scopes if scope.name == name)


def handed_to(source: str, callee: str, scope: str = "f") -> list[str]:
    """What the first argument of each call of `callee` in a scope may be, sorted and joined with ` | `."""
    code = scope_named(source, scope).code
    calls = [i for i in code if i[0] == ir.CALL and code[i[1]][:2] == (ir.NAME, callee)]
    return [" | ".join(sorted(_meanings(code, i[2][0], frozenset()))) for i in calls]


def returned(source: str, scope: str = "f") -> list[str]:
    """What each `return` of a scope may return."""
    code = scope_named(source, scope).code
    return [" | ".join(sorted(_meanings(code, i[1], frozenset()))) for i in code if i[0] == ir.RETURN]


def exported(source: str, name: str) -> str:
    """What a module's name may be to a reader from outside."""
    scope = summary_of(source).scopes[0]
    registers = dict(scope.exports)[name]
    return " | ".join(sorted({m for register in registers for m in _meanings(scope.code, register, frozenset())}))


def _meanings(code: tuple[ir.Instruction, ...], register: int, seen: frozenset[int]) -> set[str]:
    if register in seen or len(seen) > _SHOWN_DEPTH:
        return set()
    instruction = code[register]
    if instruction[0] == ir.PHI:
        return {m for part in instruction[1] for m in _meanings(code, part, seen | {register})}
    return {_shown(code, instruction, seen | {register})}


def _shown(code: tuple[ir.Instruction, ...], instruction: ir.Instruction, seen: frozenset[int]) -> str:
    opcode = instruction[0]

    def inner(register: int) -> str:
        return "/".join(sorted(_meanings(code, register, seen)))

    if opcode == ir.CONST:
        return repr(instruction[1])
    if opcode in _LEAVES:
        return _LEAVES[opcode].format(*instruction[1:])
    if opcode in _ON_ONE:
        return _ON_ONE[opcode].format(inner(instruction[1]), *instruction[2:])
    if opcode == ir.TEXT:
        return "".join(part if isinstance(part, str) else "{" + inner(part) + "}" for part in instruction[1])
    if opcode == ir.BINARY:
        return f"{inner(instruction[2])}{instruction[1]}{inner(instruction[3])}"
    if opcode == ir.CALL:
        return f"{inner(instruction[1])}({', '.join(inner(r) for r in instruction[2])})"
    if opcode == ir.SUBSCRIPT:
        return f"{inner(instruction[1])}[{inner(instruction[2])}]"
    if opcode == ir.NARROW:
        return f"{inner(instruction[1])}:{'' if instruction[3] else 'not '}{inner(instruction[2])}"
    return f"<{opcode}>"


_LEAVES = {
    ir.PARAM: "parameter {}",
    ir.NAME: "{}",
    ir.FREE: "{}@{}",
    ir.LOCALS: "?",
    ir.FUNCTION: "scope {}",
    ir.CLASS: "scope {}",
    ir.IMPORT: "import {}",
    ir.IMPORT_FROM: "from {} level {} import {}",
}
_ON_ONE = {
    ir.ATTR: "{}.{}",
    ir.ITERATE: "each {}",
    ir.ITEM: "{}[{}]",
    ir.REST: "{}[{}:{}]",
    ir.ENTER: "entered {}",
    ir.CAUGHT: "caught {}",
    ir.AWAIT: "await {}",
}
