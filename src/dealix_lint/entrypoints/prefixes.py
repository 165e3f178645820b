"""Path prefixes of routes: constructors of routers, mounts and lists of routes, joined from the application down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dealix_lint.entrypoints.arguments import Arguments, says_something
from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.givers import Givers
from dealix_lint.entrypoints.groups import Groups
from dealix_lint.entrypoints.rules import Rules
from dealix_lint.entrypoints.survey import Survey
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Argument, Prefix
from dealix_lint.model.graph import Place

MOST_MOUNTS = 3
_SLASHES: Final = re.compile("//+")
DEEPEST = 8


class Prefixes:
    """Which prefixes stand before the route that a decorator or call makes."""

    def __init__(self, code: Code, rules: Rules, arguments: Arguments, survey: Survey, groups: Groups) -> None:
        self._code = code
        self._rules = rules
        self._arguments = arguments
        self._groups = groups
        self._givers = Givers(code)
        self._own: dict[Place, str] = {}
        self._mounts: dict[Place, dict[tuple[Place, str], None]] = {}  # what is mounted -> on what, behind which prefix
        self._replaced: set[tuple[Place, Place, str]] = set()  # of these: where the prefix takes the place of its own
        self._alone: dict[Place, str] = {}  # what is known by another name, or none, where it is mounted on nothing
        self._placed: dict[FunctionId, Place] = {}  # commands and groups that calls put somewhere
        for call in survey.calls:
            for path in self._called(call) if survey.is_prefix_call(call) else ():
                for rule in rules.prefixes.find(path)[:1]:
                    self._note(rule, call, is_method="()." in path)

    def _called(self, call: Place) -> list[str]:
        """What a call may be to, with the methods that a decorator gives a function (`group.add_command`)."""
        arguments = self._arguments
        return [*arguments.callees(call), *arguments.bases(call), *map(self._rules.canonical, self._groups.paths(call))]

    def _note(self, rule: Prefix, call: Place, is_method: bool) -> None:
        stated = self._stated(call, (rule.prefix,)) if rule.prefix else None
        prefix = stated or rule.fixed
        if is_method and rule.is_own:
            self._own[call] = prefix
            parents, receivers = [(call, "")], [(parent, "") for parent in self._receivers(call)]
            self._mounts.setdefault(call, {}).update(dict.fromkeys(receivers))
        elif is_method:
            parents = [(parent, prefix) for parent in self._receivers(call)]
        else:
            self._own[call] = prefix
            parents = [(call, "")]
            if rule.is_inner:
                self._alone[call] = ""
        children = [child for place in self._places(call, rule.child) for child in self._mounted(place, rule.wrapped)]
        children += [route for place in self._places(call, rule.routes) for route in self._listed(place, rule.variable)]
        for child in children:
            self._know(child)
            self._placed.update(((f.module, f.scope), child) for f in self._code.denoted(child) if f.kind == "function")
            around = [(parent, prefix) for parent, prefix in parents if parent != child]
            self._mounts.setdefault(child, {}).update(dict.fromkeys(around))
            if rule.replaces and stated is not None:
                self._replaced.update((child, parent, prefix) for parent, prefix in parents)
        for place in self._places(call, rule.parent):
            self._mounts.setdefault(call, {}).update(dict.fromkeys((p, "") for p in self._givers.origins(place)))

    def _stated(self, call: Place, argument: tuple[Argument]) -> str | None:
        """The prefix that a call is given, or that the constructor of the project's own class of routers states."""
        inner = (c for c in self._arguments.handed_on(call) if not self._arguments.has_several_texts(c, argument))
        texts = (self._arguments.text(given, argument) for given in (call, *inner))
        return next((text for text in texts if text is not None), None)

    def _mounted(self, place: Place, wrapped: Argument | None, depth: int = 0) -> Iterator[Place]:
        """Where what is mounted is made, which may be given by its dotted name, or be what something else is put around."""
        for origin in self._givers.origins(place):
            opcode, *operands = self._code.instruction(origin)
            if opcode == ir.CONST and isinstance(operands[0], str):
                module, _, name = operands[0].rpartition(".")
                yield from (made for found in self._variable(module, name) for made in self._givers.origins(found))
            else:
                yield origin
                is_around = opcode == ir.CALL and wrapped is not None and depth < DEEPEST
                for inner in self._places(origin, wrapped) if is_around else ():
                    yield from self._mounted(inner, wrapped, depth + 1)

    def _places(self, call: Place, argument: Argument | None) -> list[Place]:
        return list(self._arguments.places(call, argument)) if argument else []

    def _listed(self, place: Place, variable: str, depth: int = 0) -> Iterator[Place]:
        """The calls that make the routes of a list, and the routers that it or one of its routes is made from:
        `include("shop.urls")`, `include((patterns, "shop"))`, `[*patterns, path(...)]`, `router.urls`."""
        if depth > DEEPEST:
            return
        inner: list[Place] = []
        for definition in self._code.denoted(place):
            if definition.kind == "module":
                inner += self._variable(definition.name, variable)
        for origin in self._givers.origins(place):
            instruction = self._code.instruction(origin)
            opcode = instruction[0]
            registers: list[int] = []
            if opcode in (ir.TUPLE, ir.LIST, ir.SET):
                registers = list(instruction[1])
            elif opcode == ir.BINARY:
                registers = list(instruction[2:4])
            elif opcode == ir.ATTR:
                registers = [instruction[1]]
            elif opcode == ir.CONST and isinstance(instruction[1], str):
                inner += self._variable(instruction[1], variable)
            elif opcode == ir.CALL:
                yield origin
                registers = [] if self._is_route(origin) else list(instruction[2])
            inner += [Place(origin.module, origin.scope, r if r >= 0 else -r - 1) for r in registers]
        for found in inner:
            yield from self._listed(found, variable, depth + 1)

    def _variable(self, module: str, name: str) -> list[Place]:
        index = self._code.program.modules.get(module)
        if index is None or not name:
            return []
        return [Place(index, 0, register) for register in self._code.symbols.exports(index).get(name, ())]

    def _is_route(self, call: Place) -> bool:
        """True for a call that makes a route: what it is given is not routed by what is around it."""
        rules = self._rules
        return any(rules.by_call.find(path) or rules.prefixes.find(path) for path in self._arguments.callees(call))

    def _receivers(self, call: Place) -> list[Place]:
        """Where the object was made whose method a call is."""
        instruction = self._code.instruction(call)
        if instruction[0] == ir.CALL:
            instruction = self._code.instruction(Place(call.module, call.scope, instruction[1]))
        if instruction[0] != ir.ATTR:
            return []
        return list(self._givers.origins(Place(call.module, call.scope, instruction[1])))

    def before(self, call: Place, name: str) -> str:
        """The name of a route with the prefixes of its router; unchanged where it has none."""
        return ", ".join(self.all_before(call, name)[:MOST_MOUNTS])

    def of_receiver(self, call: Place) -> str:
        """The names around what a method of some router registers, which are all that people know it by: a sub-command's."""
        return " ".join(self.before(call, "").split("/"))

    def route(self, call: Place, name: str) -> str:
        """The same as a path, which begins with a slash."""
        return ", ".join(map(as_path, self.all_before(call, name)[:MOST_MOUNTS]))

    def all_before(self, call: Place, name: str) -> list[str]:
        """The names of a route, one for each place that its router is mounted at."""
        found = {prefix for router in self._receivers(call) for prefix in self._all(router, ())}
        found.update(above for above, _ in self._above(call, ()))
        return [joined(prefix, name) for prefix in sorted(found) if prefix] or [name]

    def words(self, call: Place, function: FunctionId, name: str) -> list[str]:
        """The names of a command with those of the groups around it, as far as anything is known of them, one for each place that
        it is put at."""
        place = self._placed.get(function)
        names = self.all_before(call, name) if place is None else sorted(set(self._all(place, ())))
        return list(dict.fromkeys(as_words(each) or name for each in names))

    def _know(self, place: Place) -> None:
        """Notes what a decorator makes of a function: a command or a group, by its name."""
        if place in self._own or self._code.instruction(place)[0] != ir.DECORATE:
            return
        self._own[place] = ""
        found = self._groups.of(place)
        if found is not None:
            self._own[place] = found.name
            if found.alone is not None:
                self._alone[place] = found.alone
            else:
                receivers = self._receivers(found.decorator)
                self._mounts.setdefault(place, {}).update(dict.fromkeys((receiver, "") for receiver in receivers))

    def _all(self, router: Place, seen: tuple[Place, ...]) -> list[str]:
        """The prefixes of what a router, a group or a route that mounts others, holds."""
        self._know(router)
        own = self._own.get(router, "")
        if router in seen:
            return [own]
        around = [joined(above, "" if is_replaced else own) for above, is_replaced in self._above(router, seen)]
        return around or [self._alone.get(router, own)]

    def _above(self, mounted: Place, seen: tuple[Place, ...]) -> list[tuple[str, bool]]:
        """What stands before what is mounted, and whether it takes the place of its own prefix."""
        return [
            (joined(above, prefix), (mounted, parent, prefix) in self._replaced)
            for parent, prefix in self._mounts.get(mounted, ())
            for above in self._all(parent, (*seen, mounted))
        ]


def joined(prefix: str, name: str) -> str:
    """A route behind a prefix, with one slash between them."""
    name = name.removeprefix("^")
    if not prefix or not name:
        return prefix or name
    return f"{prefix.removesuffix('$').rstrip('/')}/{name.lstrip('/')}"


def as_words(name: str) -> str:
    """A command as people type it, without the words of which nothing is known."""
    return " ".join(filter(says_something, name.split("/")))


def as_path(name: str) -> str:
    """A route as people write it: with a slash in front, one between any two parts, and without the anchors of a
    regular expression."""
    plain = _SLASHES.sub("/", name.removeprefix("^").removesuffix("$"))
    return plain if plain.startswith(("/", "{", "*")) else f"/{plain}"
