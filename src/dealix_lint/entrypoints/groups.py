"""Functions that a decorator makes a command or a group of commands, and what decorates them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dealix_lint.entrypoints.candidate import CLI
from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.commands import Installed
from dealix_lint.entrypoints.details import Details
from dealix_lint.entrypoints.rules import Rules
from dealix_lint.model import ir
from dealix_lint.model.graph import Place


@dataclass(frozen=True, slots=True)
class Group:
    """A command or group: its name, the decorator that makes it one, and, of a program, the name where nothing is around
    it: what it is installed as, or none."""

    name: str
    decorator: Place
    alone: str | None


class Groups:
    """Reads decorators, also those that another decorator gives a function: `@users.command()`."""

    def __init__(self, code: Code, rules: Rules, details: Details, installed: Installed) -> None:
        self._code = code
        self._rules = rules
        self._details = details
        self._installed = installed

    def of(self, place: Place) -> Group | None:
        """The command or group that the decorated function at a place is."""
        for definition in self._code.denoted(place):
            function = definition.module, definition.scope
            for decorator, path in self.decorators(function) if definition.kind == "function" else ():
                for unit in self._rules.by_decorator.find(path)[:1]:
                    if unit.offers:
                        name = self._details.name(unit, function, decorator, self._details.fields(function))
                        is_program = unit.mechanism == CLI and "()." not in path and not any(self.paths(decorator))
                        installed = next(iter(self._installed.get(function, ())), "")
                        return Group(name, decorator, installed if is_program else None)
        return None

    def decorators(self, function: FunctionId) -> Iterator[tuple[Place, str]]:
        """The decorators of a function or class, each with its canonical path."""
        for decorator in self._code.resolution.decorators(*function):
            for name in decorator.names or self.paths(decorator.place):
                yield decorator.place, self._rules.canonical(name)

    def paths(self, place: Place) -> Iterator[str]:
        """What a call or decorator is on a function that a decorator made a group: `click.group().command`."""
        register = place.register
        if self._code.instruction(place)[0] == ir.CALL:
            register = self._code.instruction(place)[1]
        callee = self._code.instruction(Place(place.module, place.scope, register))
        found = self._code.denoted(Place(place.module, place.scope, callee[1])) if callee[0] == ir.ATTR else ()
        for item in found:
            if item.kind == "function" and self._code.scope((item.module, item.scope)).decorators:
                for _, path in self.decorators((item.module, item.scope)):
                    yield f"{path}().{callee[2]}"
