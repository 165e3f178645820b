"""What a file says of others: the names by which its code may come to run theirs, whatever they turn out to be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dealix_lint.model import ir
from dealix_lint.model.summary import ModuleSummary, Scope

_DOTTED: Final = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\.[A-Za-z_]\w*|\.\Z|:(?=[A-Za-z_]))")
"""How a text begins that names a module or something in one: `shop.tasks.charge`, `main:app`, `plugins.` before a name."""
_NAME: Final = re.compile(r"[A-Za-z_][\w.:/-]*\Z")
_BY_NAME: Final = re.compile(
    r"task|activity|workflow|signal|signature|update|query|job|queue|dispatch|flow|schedule|event"
)
"""Calls that may run something by its name are called so."""
_SURELY_BY_NAME: Final = re.compile(
    r"(?:send_task|signature|enqueue|enqueue_job|\w+_(?:activity|workflow|update|job|task|deployment))\Z"
)
"""With those even a plain word is a name."""
_PLAIN: Final = re.compile(r"[a-z]+\Z")
_UNIT: Final = re.compile(r"task|activity|workflow|signal|query|update|job|actor|flow|schedule|defn|consumer|listener")
"""So are decorators and bases that make code a unit of a framework, which has a name."""
_LOADERS: Final = frozenset(
    ("import_module", "__import__", "import_string", "include", "autodiscover_tasks", "walk_packages", "autodiscover")
)
_LISTED: Final = frozenset(("INSTALLED_APPS", "imports", "CELERY_IMPORTS"))
"""Variables that list packages by name."""
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Mentions:
    """Each sorted. `imports`: what is imported, with its dots where it is relative, and with a `*` or a name at the end for
    `from x import name`; `texts`: beginnings of texts that look like names of modules, and names of packages where code
    imports by name; `wanted`: names by which something may be run (`send_task("charge")`), `offered`: names under which the
    file may have told a framework of something."""

    imports: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()


def mentions(summary: ModuleSummary) -> Mentions:
    """What a file mentions."""
    imports: set[str] = set()
    texts: set[str] = set()
    wanted: set[str] = set()
    offered: set[str] = set()
    for scope in summary.scopes:
        for instruction in scope.code:
            opcode = instruction[0]
            if opcode == ir.IMPORT:
                imports.add(instruction[1])
            elif opcode == ir.IMPORT_FROM:
                imports.add(f"{'.' * instruction[2]}{instruction[1]} {instruction[3]}")
            elif opcode == ir.IMPORT_STAR:
                imports.add(f"{'.' * instruction[2]}{instruction[1]} *")
            elif opcode == ir.CONST or opcode == ir.TEXT:
                texts.update(_dotted(instruction[1]))
            elif opcode == ir.CALL:
                name = _called(scope, instruction)
                if name in _LOADERS:
                    texts.update(_words(scope, _arguments(instruction)))
                elif _BY_NAME.search(name):
                    is_sure = _SURELY_BY_NAME.match(name)
                    given = _words(scope, _arguments(instruction))
                    wanted.update(word for word in given if is_sure or not _PLAIN.match(word))
            elif opcode == ir.CLASS:
                offered.update(_offered_by_class(scope, summary.scopes[instruction[1]], instruction))
        if scope.kind in ("module", "class"):
            texts.update(_listed(scope))
            wanted.update(_constants(scope))
        offered.update(_offered_by_decorators(summary, scope))
    return Mentions(*(tuple(sorted(found)) for found in (imports, texts, wanted, offered)))


def encode_mentions(found: Mentions) -> bytes:
    """Mentions as JSON."""
    return json.dumps([found.imports, found.texts, found.wanted, found.offered], separators=(",", ":")).encode()


def decode_mentions(data: bytes) -> Mentions:
    """What `encode_mentions` wrote; raises ValueError on anything else."""
    try:
        imports, texts, wanted, offered = json.loads(data)
        return Mentions(tuple(imports), tuple(texts), tuple(wanted), tuple(offered))
    except TypeError as error:
        raise ValueError("damaged mentions") from error


def _dotted(text: object) -> Iterator[str]:
    """The dotted names at the beginning of a text, or of the parts of an f-string."""
    for part in text if isinstance(text, tuple) else (text,):
        if isinstance(part, str) and (found := _DOTTED.match(part[:_LONGEST])):
            yield found[0]


def _called(scope: Scope, call: ir.Instruction) -> str:
    callee = scope.code[call[1]]
    name: str = callee[2] if callee[0] == ir.ATTR else callee[1] if callee[0] in (ir.NAME, ir.FREE) else ""
    return name


def _arguments(call: ir.Instruction) -> Iterator[int]:
    yield from (register for register in call[2] if register >= 0)
    yield from (register for _, register in call[3])


def _words(scope: Scope, registers: Iterator[int]) -> Iterator[str]:
    """The texts in registers, and in what is listed there, that can be names."""
    for register in registers:
        instruction = scope.code[register]
        if instruction[0] == ir.CONST:
            if isinstance(instruction[1], str) and len(instruction[1]) < _LONGEST and _NAME.match(instruction[1]):
                yield instruction[1]
        elif instruction[0] in (ir.LIST, ir.TUPLE, ir.SET):
            yield from _words(scope, (item for item in instruction[1] if item >= 0))


def _listed(scope: Scope) -> Iterator[str]:
    for name, registers in scope.exports:
        if name in _LISTED:
            yield from _words(scope, iter(registers))


def _constants(scope: Scope) -> Iterator[str]:
    """Texts under a name in capitals: they may be given where something is run by name."""
    for name, registers in scope.exports:
        if name.isupper():
            given = _words(scope, (r for r in registers if scope.code[r][0] == ir.CONST))
            yield from (word for word in given if not _PLAIN.match(word))


def _offered_by_decorators(summary: ModuleSummary, scope: Scope) -> Iterator[str]:
    """The name of what a decorator called like a task makes a unit of a framework, and the texts that name it there."""
    outer = summary.scopes[scope.parent]
    for register in scope.decorators:
        instruction = outer.code[register]
        is_call = instruction[0] == ir.CALL
        if _UNIT.search(_dotted_name(outer, instruction[1] if is_call else register)):
            yield scope.name
            if is_call:
                yield from _words(outer, _arguments(instruction))


def _offered_by_class(outer: Scope, scope: Scope, instruction: ir.Instruction) -> Iterator[str]:
    """The name of a class that has a base called like a task, and the one that it gives itself."""
    if any(_UNIT.search(_dotted_name(outer, base)) for base in instruction[2] if base >= 0):
        yield scope.name
        yield from _words(scope, (r for name, found in scope.exports if name == "name" for r in found))


def _dotted_name(scope: Scope, register: int) -> str:
    """How a callee or base is spelled, in lower case: `activity.defn`."""
    parts: list[str] = []
    instruction = scope.code[register]
    while instruction[0] == ir.ATTR:
        parts.append(instruction[2])
        instruction = scope.code[instruction[1]]
    if instruction[0] in (ir.NAME, ir.FREE):
        parts.append(instruction[1])
    elif instruction[0] in (ir.IMPORT, ir.IMPORT_FROM):
        parts.append(str(instruction[3] if instruction[0] == ir.IMPORT_FROM else instruction[1]))
    return ".".join(reversed(parts)).lower()
