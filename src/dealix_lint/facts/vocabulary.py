"""Which words a scope is written with: a cheap look at instructions, before anything in them is resolved."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.code import ScopeCode
from dealix_lint.model import ir
from dealix_lint.model.program import Program
from dealix_lint.model.summary import Scope, TypeExpr

ScopeId = tuple[int, int]
_NAMED = frozenset({ir.NAME, ir.FREE})
_LONGEST = 200


class Vocabulary:
    """Words of scopes, each computed when first asked for: names, attributes, keywords, parameters and their annotations, texts."""

    __slots__ = ("_defining", "_stated", "_stating", "_words", "program")

    def __init__(self, program: Program) -> None:
        self.program = program
        self._words: dict[ScopeId, frozenset[str]] = {}
        self._stated: dict[int, frozenset[str]] = {}
        self._defining: dict[frozenset[str], frozenset[str]] = {}
        self._stating: dict[frozenset[str], frozenset[ScopeId]] = {}

    def of(self, place: ScopeId) -> frozenset[str]:
        """All words of a scope."""
        known = self._words.get(place)
        if known is None:
            known = self._words[place] = frozenset(_words(self.program.summaries[place[0]].scopes[place[1]]))
        return known

    def defining(self, wanted: frozenset[str]) -> frozenset[str]:
        """Simple names of everything whose definition contains one of the `wanted` words as a keyword, field, parameter or key:
        functions, classes, variables, attributes."""
        known = self._defining.get(wanted)
        if known is None:
            summaries = self.program.summaries
            known = self._defining[wanted] = frozenset(
                name
                for module, index in self.stating(wanted)
                for name in _names_of(summaries[module].scopes[index], summaries[module].scopes, wanted)
            )
        return known

    def made_by(self, names: frozenset[str]) -> frozenset[str]:
        """Names of the variables of modules and classes that calls of something so named make of what they are handed:
        `send = governed_mail(raw)`."""
        scopes = [scope for summary in self.program.summaries for scope in summary.scopes if scope.kind != "function"]
        return frozenset(
            name
            for scope in scopes
            for name, registers in scope.exports
            if any(_maker(scope, register) in names for register in registers)
        )

    def stating(self, wanted: frozenset[str]) -> frozenset[ScopeId]:
        """Scopes whose code contains one of the `wanted` words as a keyword, field, parameter or key."""
        known = self._stating.get(wanted)
        if known is None:
            known = self._stating[wanted] = frozenset(
                (module, index)
                for module, summary in enumerate(self.program.summaries)
                if not wanted.isdisjoint(self._stated_in(module))
                for index, scope in enumerate(summary.scopes)
                if not wanted.isdisjoint(_stated(scope))
            )
        return known

    def _stated_in(self, module: int) -> frozenset[str]:
        known = self._stated.get(module)
        if known is None:
            scopes = self.program.summaries[module].scopes
            known = self._stated[module] = frozenset(word for scope in scopes for word in _stated(scope))
        return known


def _names_of(scope: Scope, scopes: tuple[Scope, ...], wanted: frozenset[str]) -> Iterator[str]:
    """The scope's own name and that of its class, and those of variables and attributes made of a wanted word."""
    if scope.kind != "module":
        yield scope.name
        if scope.parent > 0 and scopes[scope.parent].kind == "class":
            yield scopes[scope.parent].name
    code = ScopeCode(scope)
    assigned = [*scope.exports, *((i[2], (i[3],)) for i in scope.code if i[0] == ir.SET_ATTR)]
    for name, registers in assigned:
        parts = code.closure(registers)
        if any(not wanted.isdisjoint(code.identifiers(register)) for register in parts):
            yield name


def _maker(scope: Scope, register: int) -> str:
    """The last name of what a call with an argument calls, or of what makes that; else nothing."""
    instruction = scope.code[register]
    if instruction[0] != ir.CALL or not instruction[2]:
        return ""
    callee = scope.code[instruction[1]]
    callee = scope.code[callee[1]] if callee[0] == ir.CALL else callee
    return str(callee[-1]) if callee[0] in (ir.NAME, ir.ATTR, ir.IMPORT_FROM) else ""


def _stated(scope: Scope) -> Iterator[str]:
    """Words that may state something: keywords of calls, constant texts, fields of classes, parameters."""
    for instruction in scope.code:
        opcode = instruction[0]
        if opcode == ir.CALL:
            for keyword, _ in instruction[3]:
                if keyword is not None:
                    yield keyword
        elif opcode == ir.CONST and isinstance(instruction[1], str):
            yield instruction[1]
    if scope.kind == "class":
        yield from (name for name, _ in scope.exports)
    for parameter in scope.parameters:
        yield parameter.name


def _words(scope: Scope) -> Iterator[str]:
    yield from _stated(scope)
    for instruction in scope.code:
        opcode = instruction[0]
        if opcode in _NAMED:
            yield instruction[1]
        elif opcode == ir.ATTR:
            yield instruction[2]
        elif opcode == ir.IMPORT_FROM:
            yield instruction[3]
        elif opcode == ir.TEXT:
            yield from (part for part in instruction[1] if isinstance(part, str) and len(part) < _LONGEST)
    for parameter in scope.parameters:
        yield from names_in(parameter.annotation)


def names_in(annotation: TypeExpr | None) -> Iterator[str]:
    """Names in an annotation."""
    for part in annotation or ():
        if isinstance(part, tuple):
            yield from names_in(part)
        elif isinstance(part, str):
            yield part
