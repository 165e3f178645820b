"""The decorator by which a project states classes: the one it uses most, or the shipped one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from inspect import signature
from typing import Final

from dealix_lint.facts.flow import Flow
from dealix_lint.facts.sites import Sites
from dealix_lint.markers import external_effect
from dealix_lint.model import ir
from dealix_lint.model.policy import Axis
from dealix_lint.model.resolved import Decorator
from dealix_lint.model.text import Text

SHIPPED: Final = f"{external_effect.__module__}.{external_effect.__name__}"


class Marking:
    """Which decorator to write, by module."""

    __slots__ = ("_keywords", "_used", "sites")

    def __init__(self, sites: Sites, axes: tuple[Axis, ...]) -> None:
        self.sites = sites
        self._keywords = frozenset(axis.keywords[0] for axis in axes)
        self._used: tuple[str, ...] | None = None

    def decorator_for(self, module: int) -> str:
        """The dotted name of a decorator that states all classes by keyword and that a module can import: the project's
        own, else the shipped one; "" where the policy calls the classes otherwise than that does."""
        if self._used is None:
            self._used = tuple(self._find_used())
        for name in self._used:
            origin = self.sites.resolution.program.modules.get(name.rpartition(".")[0], -1)
            if origin != module and not self._runs(origin, module) and not self._is_guarded(module, name):
                return name
        is_fit = self._keywords <= signature(external_effect).parameters.keys()
        return SHIPPED if is_fit and not self._is_guarded(module, SHIPPED) else ""

    def _find_used(self) -> list[str]:
        """Functions of modules that are used as such decorators, with texts as values, the most used first."""
        definitions = self.sites.definitions
        found: Counter[str] = Counter()
        for place in definitions.decorated():
            scope = definitions.scope(place)
            code = definitions.scope((place[0], max(scope.parent, 0))).code
            if any(self._may_state(code[register]) for register in scope.decorators):
                for decorator in self.sites.resolution.decorators(*place):
                    if len(decorator.names) == 1 and self._states(decorator):
                        found[decorator.names[0]] += 1
        return sorted(filter(self._is_fit, found), key=lambda name: (-found[name], name))

    def _may_state(self, instruction: ir.Instruction) -> bool:
        return instruction[0] == ir.CALL and self._keywords <= {name for name, _ in instruction[3]}

    def _states(self, decorator: Decorator) -> bool:
        texts = {name for name, values in decorator.keywords if values and all(isinstance(v, Text) for v in values)}
        return self._keywords <= texts

    def _is_fit(self, name: str) -> bool:
        """Whether it can be imported, and asks for nothing but the classes."""
        definitions = self.sites.definitions
        place = definitions.find(name)
        if place is None or definitions.scope(place).parent != 0:
            return False
        return not definitions.asks_for_more(place, self._keywords)

    def _is_guarded(self, module: int, name: str) -> bool:
        """Whether a module tries to import what a decorator is from, and does without where that fails."""
        scope = self.sites.definitions.scope((module, 0))
        flow, absolute, origin = Flow(scope), self.sites.definitions.modules.absolute, name.rpartition(".")[0]
        return any(
            i[0] in (ir.IMPORT, ir.IMPORT_FROM)
            and absolute(module, i[1], i[2]) == origin
            and flow.handlers(flow.block_of(register))
            for register, i in enumerate(scope.code)
        )

    def _runs(self, start: int, wanted: int) -> bool:
        """Whether importing one module runs another, which must then not import the first."""
        pending, seen = [start], {start}
        while pending:
            for module in self._imported(pending.pop()):
                if module == wanted:
                    return True
                if module not in seen:
                    seen.add(module)
                    pending.append(module)
        return False

    def _imported(self, module: int) -> Iterator[int]:
        """Modules that the top level of a module imports, with the packages they are in."""
        program = self.sites.resolution.program
        for instruction in program.summaries[module].scopes[0].code:
            if instruction[0] not in (ir.IMPORT, ir.IMPORT_FROM, ir.IMPORT_STAR):
                continue
            whole = self.sites.definitions.modules.absolute(module, instruction[1], instruction[2]).split(".")
            if instruction[0] == ir.IMPORT_FROM:
                whole.append(instruction[3])
            names = (".".join(whole[:end]) for end in range(1, len(whole) + 1))
            yield from (program.modules[name] for name in names if name in program.modules)
