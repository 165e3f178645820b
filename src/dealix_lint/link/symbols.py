"""Names to definitions without running anything: for class bases, annotations and aliases.

Follows imports, re-exports, star imports, aliases and conditional definitions. Values that only a call can produce are
given as the access path of the call."""

from __future__ import annotations

from dataclasses import dataclass

from dealix_lint.link.imports import ModuleNames, absolute
from dealix_lint.link.lazy import lazy_names
from dealix_lint.link.offered import star_names
from dealix_lint.model import ir
from dealix_lint.model.program import Program
from dealix_lint.model.summary import Scope

_SPECIAL_FORMS = frozenset(
    f"{module}.{name}" for module in ("typing", "typing_extensions") for name in ("Annotated", "Optional", "Union")
)
"""What, in `X = Annotated[T, ...]`, makes X another name for T."""
CLASS, FUNCTION, MODULE, EXTERNAL, ALIAS = "class", "function", "module", "external", "alias"
DEEPEST = 24


@dataclass(frozen=True, slots=True)
class Definition:
    """What a name means: a class or function (`module`, `scope`), a module or external access path (`name`), or an
    assigned expression that is none of these (`alias`: module, scope and register; `name` "TypeVar" for one)."""

    kind: str
    module: int = -1
    scope: int = -1
    name: str = ""
    register: int = -1


class Symbols:
    """Memoised static resolution over a program."""

    def __init__(self, program: Program, names: ModuleNames) -> None:
        self.program = program
        self.names = names
        self._exports: dict[tuple[int, int], dict[str, tuple[int, ...]]] = {}
        self._memo: dict[tuple[int, str], tuple[Definition, ...]] = {}
        self._members: dict[tuple[int, int, str], tuple[Definition, ...]] = {}
        self._stars: dict[int, tuple[str, ...]] = {}
        self._offered: dict[int, frozenset[str] | None] = {}
        self._lazy: dict[int, dict[str, tuple[str, str]]] = {}

    def exports(self, module: int, scope: int = 0) -> dict[str, tuple[int, ...]]:
        """Exported names of a module or class scope with their registers."""
        found = self._exports.get((module, scope))
        if found is None:
            found = dict(self._scope(module, scope).exports)
            self._exports[module, scope] = found
        return found

    def star_imports(self, module: int) -> tuple[str, ...]:
        """Absolute names of modules that a module star-imports, in order."""
        found = self._stars.get(module)
        if found is None:
            code = self._scope(module, 0).code
            stars = [i for i in code if i[0] == ir.IMPORT_STAR]
            found = tuple(self.names.absolute(module, i[1], i[2]) for i in stars)
            self._stars[module] = found
        return found

    def offers(self, module: int, name: str) -> bool:
        """True if `from module import *` binds that name where the module has it: `__all__`, else no leading underscore."""
        if module not in self._offered:
            self._offered[module] = star_names(self._scope(module, 0))
        names = self._offered[module]
        return not name.startswith("_") if names is None else name in names

    def in_module(self, module: int, name: str) -> tuple[Definition, ...]:
        """What a global name means in a module; builtins are external `<builtin>.name`."""
        key = (module, name)
        found = self._memo.get(key)
        if found is None:
            self._memo[key] = ()
            found = self._in_module(module, name)
            self._memo[key] = found
        return found

    def _in_module(self, module: int, name: str) -> tuple[Definition, ...]:
        registers = self.exports(module).get(name)
        if registers is not None:
            return self._registers(module, 0, registers, 0)
        for star in reversed(self.star_imports(module)):
            target = self.program.modules.get(star)
            if target is not None and target != module and self.offers(target, name):
                found = self.member(star, name)
                if found != (Definition(EXTERNAL, name=f"{star}.{name}"),):
                    return found
        return _builtin(name)

    def member(self, name: str, attribute: str) -> tuple[Definition, ...]:
        """What `attribute` of the module called `name` means; the attribute before the submodule, as at run time."""
        index = self.program.modules.get(name)
        if index is not None:
            found = self._own_member(index, attribute)
            lazy = None if found else self.lazily(index, attribute)
            if lazy is not None:
                return self._own_member(self.program.modules[lazy[0]], lazy[1])
            if found:
                return found
        child = f"{name}.{attribute}"
        if self.names.is_module(child):
            return (Definition(MODULE, name=self.names.canonical(child)),)
        return (Definition(EXTERNAL, name=child),)

    def lazily(self, module: int, name: str) -> tuple[str, str] | None:
        """The module, and the name there, of what a package imports once it is asked for it."""
        source = self.program.sources[module]
        if not source.is_package:
            return None
        if module not in self._lazy:
            self._lazy[module] = lazy_names(self._scope(module, 0))
        written, attribute = self._lazy[module].get(name, ("", ""))
        if not written:
            return None
        spelled = written.lstrip(".")
        relative = absolute(source, spelled, max(1, len(written) - len(spelled)))
        for target, wanted in ((relative, attribute), (spelled, attribute), spelled.rpartition(".")[::2]):
            index = self.program.modules.get(target)
            if index is not None and index != module and wanted in self.exports(index):
                return target, wanted
        return None

    def _own_member(self, module: int, attribute: str) -> tuple[Definition, ...]:
        """What a module binds a name to; nothing if it only says `from . import x` of its own submodule x."""
        found = self.in_module(module, attribute)
        is_missing = attribute not in self.exports(module) and found == _builtin(attribute)
        return () if is_missing else found

    def class_member(self, identity: tuple[int, int], name: str) -> tuple[Definition, ...]:
        """What a name defined in a class body means; nothing while it is asked for itself (`class C: x = C.x`)."""
        module, scope = identity
        key = (module, scope, name)
        found = self._members.get(key)
        if found is None:
            self._members[key] = ()
            found = self._registers(module, scope, self.exports(module, scope).get(name, ()), 0)
            self._members[key] = found
        return found

    def _registers(self, module: int, scope: int, registers: tuple[int, ...], depth: int) -> tuple[Definition, ...]:
        found: dict[Definition, None] = {}
        for register in registers:
            found.update(dict.fromkeys(self.at(module, scope, register, depth)))
        return tuple(found)

    def at(self, module: int, scope: int, register: int, depth: int = 0) -> tuple[Definition, ...]:
        """What the value of a register of module or class code means."""
        code = self._scope(module, scope).code
        if depth > DEEPEST or not 0 <= register < len(code):
            return ()
        instruction = code[register]
        opcode = instruction[0]
        if opcode == ir.NAME:
            return self.in_module(module, instruction[1])
        if opcode == ir.ATTR:
            return self.attribute(self.at(module, scope, instruction[1], depth + 1), instruction[2])
        if opcode == ir.CLASS:
            return (Definition(CLASS, module, instruction[1]),)
        if opcode == ir.FUNCTION:
            return (Definition(FUNCTION, module, instruction[1]),)
        if opcode == ir.DECORATE:
            return self.at(module, scope, instruction[2], depth + 1)
        if opcode == ir.PHI:
            return self._registers(module, scope, instruction[1], depth + 1)
        if opcode in (ir.IMPORT, ir.IMPORT_FROM):
            return self.imported(module, instruction)
        if opcode == ir.FREE:
            return self._registers(module, instruction[2], self._cell(module, instruction), depth + 1)
        if opcode == ir.SUBSCRIPT:
            return self._subscript(module, scope, register, depth)
        if opcode == ir.CALL:
            return self._call(module, scope, register, depth)
        if opcode == ir.NARROW:
            return self.at(module, scope, instruction[1], depth + 1)
        if opcode == ir.DECLARED and instruction[2] >= 0:
            return self.at(module, scope, instruction[2], depth + 1)
        return (Definition(ALIAS, module, scope, register=register),)

    def _subscript(self, module: int, scope: int, register: int, depth: int) -> tuple[Definition, ...]:
        bases = self.at(module, scope, self._scope(module, scope).code[register][1], depth + 1)
        if any(base.kind == CLASS for base in bases):
            return bases
        if any(base.kind == EXTERNAL and base.name.rpartition(".")[2] in ("Generic", "Protocol") for base in bases):
            return bases
        alias = Definition(ALIAS, module, scope, register=register)
        return tuple(
            Definition(EXTERNAL, name=base.name) if base.kind == EXTERNAL and base.name not in _SPECIAL_FORMS else alias
            for base in bases
        )

    def _call(self, module: int, scope: int, register: int, depth: int) -> tuple[Definition, ...]:
        instruction = self._scope(module, scope).code[register]
        callees = self.at(module, scope, instruction[1], depth + 1)
        found: list[Definition] = []
        for callee in callees:
            if callee.kind == EXTERNAL and callee.name.endswith(".NewType") and len(instruction[2]) == 2:
                found += self.at(module, scope, instruction[2][1], depth + 1)
            elif callee.kind == EXTERNAL and callee.name.endswith(".TypeVar"):
                found.append(Definition(ALIAS, module, scope, name="TypeVar", register=register))
            elif callee.kind == EXTERNAL and callee.name.endswith(("with_metaclass", "add_metaclass")):
                for base in instruction[2][1:]:
                    found += self.at(module, scope, base, depth + 1)
            elif callee.kind == EXTERNAL:
                found.append(Definition(EXTERNAL, name=f"{callee.name}()"))
        return tuple(found)

    def _cell(self, module: int, instruction: ir.Instruction) -> tuple[int, ...]:
        return dict(self._scope(module, instruction[2]).cells).get(instruction[1], ())

    def imported(self, module: int, instruction: ir.Instruction) -> tuple[Definition, ...]:
        """What an IMPORT or IMPORT_FROM instruction binds."""
        if instruction[0] == ir.IMPORT:
            name = instruction[1].partition(".")[0] if instruction[3] else instruction[1]
            name = self.names.seen_from(module, name)
            if self.names.is_module(name):
                return (Definition(MODULE, name=self.names.canonical(name)),)
            return (Definition(EXTERNAL, name=name),)
        base = self.names.absolute(module, instruction[1], instruction[2])
        if not base:
            name = instruction[3]
            return (
                (Definition(MODULE, name=name),) if self.names.is_module(name) else (Definition(EXTERNAL, name=name),)
            )
        if not self.names.is_module(base):
            return (Definition(EXTERNAL, name=f"{base}.{instruction[3]}"),)
        return self.member(base, instruction[3])

    def attribute(self, bases: tuple[Definition, ...], name: str) -> tuple[Definition, ...]:
        """What `base.name` means."""
        found: list[Definition] = []
        for base in bases:
            if base.kind == MODULE:
                found += self.member(base.name, name)
            elif base.kind == EXTERNAL:
                found.append(Definition(EXTERNAL, name=f"{base.name}.{name}"))
            elif base.kind == CLASS:
                found += self.class_member((base.module, base.scope), name)
        return tuple(dict.fromkeys(found))

    def _scope(self, module: int, scope: int) -> Scope:
        return self.program.summaries[module].scopes[scope]


def _builtin(name: str) -> tuple[Definition, ...]:
    return (Definition(EXTERNAL, name=f"<builtin>.{name}"),)
