"""Dotted module names as seen from one module."""

from __future__ import annotations

import re

from dealix_lint.link.apart import as_prefix
from dealix_lint.model import ir
from dealix_lint.model.program import Program
from dealix_lint.model.source import SourceFile


class ModuleNames:
    """Answers what an import statement names, over all modules of a program."""

    __slots__ = ("_apart", "_fitting", "_namespaces", "program")

    def __init__(self, program: Program) -> None:
        self.program = program
        self._namespaces: set[str] = set()
        self._apart = [(f"{root}/", as_prefix(root)) for root in reversed(program.apart)]
        self._fitting: dict[str, tuple[str, ...]] = {}
        for name in program.modules:
            while "." in name:
                name = name.rpartition(".")[0]
                self._namespaces.add(name)

    def is_module(self, name: str) -> bool:
        """True for a module, package or namespace package of the analysed tree."""
        return name in self.program.modules or name in self._namespaces

    def fitting(self, pattern: str) -> tuple[str, ...]:
        """Names of the modules (of files, not of namespace packages) that a regular expression describes, in order."""
        found = self._fitting.get(pattern)
        if found is None:
            matches = re.compile(pattern).fullmatch
            found = self._fitting[pattern] = tuple(sorted(name for name in self.program.modules if matches(name)))
        return found

    def absolute(self, module: int, name: str, level: int) -> str:
        """The absolute name of `from <level dots><name> import ...` written in a module; with its dots, so that it names
        no module, where it leads beyond the topmost package."""
        return self.seen_from(module, name) if level == 0 else absolute(self.program.sources[module], name, level)

    def seen_from(self, module: int, name: str) -> str:
        """The name by which a module is known that another one imports absolutely: that of the nearest root which has it."""
        for folder, prefix in self._apart:
            if self.program.sources[module].path.startswith(folder) and self.is_module(f"{prefix}.{name}"):
                return f"{prefix}.{name}"
        return name

    def canonical(self, name: str) -> str:
        """The name a module goes by: aliases by path are mapped to the module's own name."""
        index = self.program.modules.get(name)
        return name if index is None else self.program.sources[index].module


def absolute(source: SourceFile, name: str, level: int) -> str:
    """See `ModuleNames.absolute`."""
    if level == 0:
        return name
    drop = level - 1 if source.is_package else level
    known = [spelling.split(".") for spelling in (source.module, *source.aliases)]
    above = next((parts for parts in known if len(parts) > drop), None)
    if above is None:  # a file at the top of an import root may mean its neighbours, nothing lies above them
        return name if any(len(parts) == drop for parts in known) else "." * level + name
    base = above[: len(above) - drop]
    return ".".join([*base, name]) if name else ".".join(base)


def imported_modules(program: Program, names: ModuleNames) -> frozenset[int]:
    """The modules that some import statement of another module names; not those that only their own package names, of which
    nothing else imports anything (`from .base import Chat` of a plug-in that is a folder)."""
    importers: dict[int, set[int]] = {}
    for module, summary in enumerate(program.summaries):
        named: set[str] = set()
        for scope in summary.scopes:
            for instruction in scope.code:
                if instruction[0] == ir.IMPORT:
                    named.add(names.absolute(module, instruction[1], instruction[2]))
                elif instruction[0] in (ir.IMPORT_FROM, ir.IMPORT_STAR):
                    base = names.absolute(module, instruction[1], instruction[2])
                    named.update((base, f"{base}.{instruction[3]}") if instruction[0] == ir.IMPORT_FROM else (base,))
        for name in named:
            imported = program.modules.get(name, module)
            if imported != module:
                importers.setdefault(imported, set()).add(module)
    return frozenset(m for m, by in importers.items() if not _is_part_of_unimported(program, m, by, importers))


def _is_part_of_unimported(program: Program, module: int, by: set[int], importers: dict[int, set[int]]) -> bool:
    """True for a module that only its package imports, of which nothing outside of it imports anything by its name."""
    name = program.sources[module].module.rpartition(".")[0]
    package = program.modules.get(name, module)
    if package == module or by != {package}:
        return False
    return all(program.sources[i].module.startswith(f"{name}.") for i in importers.get(package, ()))
