"""What a web framework runs before a route: its dependencies, and request hooks and middleware of its router, of the
routers that one is mounted on, and of the application."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.code import call_operands
from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.listed import symbols
from dealix_lint.facts.permissions import Permissions
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.facts.wrappers import Wrappers
from dealix_lint.model import ir
from dealix_lint.model.graph import Place
from dealix_lint.model.ir import Instruction
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import RequestNames

_NAMING = frozenset({ir.NAME, ir.FREE, ir.IMPORT_FROM})


class Prerequisites:
    """Nodes that have run, or are running, when a function begins that a framework calls."""

    __slots__ = (
        "_answering",
        "_filling",
        "_hooked",
        "_is_surveyed",
        "_known",
        "_mounts",
        "_names",
        "_scheduled",
        "_wrappers",
        "permissions",
        "sites",
    )

    def __init__(self, sites: Sites, names: RequestNames) -> None:
        self.sites = sites
        self._names = names
        self.permissions = Permissions(sites, names)
        self._wrappers = Wrappers(sites, names)
        self._is_surveyed = False
        self._answering: set[str] = set()
        self._filling: dict[int, tuple[int, ...]] = {}
        self._known: dict[ScopeId, tuple[str, ...]] = {}
        self._scheduled: dict[Place, tuple[str, ...]] = {}
        self._hooked: dict[Place, tuple[str, ...]] = {}
        self._mounts: dict[Place, list[tuple[Place, Place]]] = {}

    def of(self, node: int) -> tuple[int, ...]:
        """What fills the parameters of a node's function, and what is scheduled before it, in that order."""
        filling = self._filling.get(node)
        if filling is None:
            code = self.sites.code(node).scope.code
            filling = self._filling[node] = tuple(
                edge.target
                for register, edges in self.sites.edges(node).items()
                if register != NO_SITE and code[register][0] == ir.PARAM
                for edge in edges
            )
        return (*filling, *(n for name in self._scheduled_for(node) for n in self.sites.nodes_of(name)))

    def following(self, node: int) -> tuple[int, ...]:
        """What a framework runs after the node's function has succeeded."""
        names = self._wrappers.after(self.sites.scope_of(node))
        return tuple(target for name in names for target in self.sites.nodes_of(name))

    def _scheduled_for(self, node: int) -> tuple[str, ...]:
        place = self.sites.scope_of(node)
        known = self._known.get(place)
        if known is None:
            scope = self.sites.definitions.scope(place)
            decorators = [Place(place[0], scope.parent, register) for register in scope.decorators]
            found = [*self._around(decorators), *self._wrappers.of(place)] if scope.parent >= 0 else []
            known = self._known[place] = tuple(dict.fromkeys(found))
        return known

    def _around(self, decorators: list[Place]) -> Iterator[str]:
        if not decorators:
            return
        if not self._is_surveyed:
            self._is_surveyed = True
            self._survey()
        if not self._scheduled and not self._hooked:
            return
        for decorator in decorators:
            yield from self._handed(decorator)
            for router in self._receivers(decorator):
                yield from self._of_router(router, ())

    def _of_router(self, router: Place, seen: tuple[Place, ...]) -> list[str]:
        """What runs before all routes of a router, wherever it is mounted."""
        own = [*self._handed(router), *self._hooked.get(router, ())]
        if router in seen:
            return own
        mounted = [
            [*self._handed(call), *self._of_router(parent, (*seen, router))]
            for call, parent in self._mounts.get(router, ())
        ]
        return own + [name for name in mounted[0] if all(name in other for other in mounted)] if mounted else own

    def _handed(self, call: Place) -> Iterator[str]:
        """Functions that a call is handed to run first, in lists and variables, too."""
        instruction = self.sites.instruction(call)
        if instruction[0] != ir.CALL:
            return
        operands = [Place(call.module, call.scope, register) for register in sorted(call_operands(instruction))]
        for place in self.sites.made_of(operands, _NAMING):
            yield from self._scheduled.get(place, ())

    def _receivers(self, place: Place) -> list[Place]:
        """Where the object was made whose method a call, a call of what that gives, or a decorator without arguments, is."""
        instruction: Instruction = self.sites.instruction(place)
        while instruction[0] == ir.CALL:
            instruction = self.sites.instruction(Place(place.module, place.scope, instruction[1]))
        if instruction[0] != ir.ATTR:
            return []
        return list(self.sites.origins(Place(place.module, place.scope, instruction[1])))

    def may_answer(self, node: int) -> bool:
        """Whether what the function gives back is the answer to the request, so that the route does not run."""
        return self.sites.graph.nodes[node].function in self._answering

    def passing(self, node: int) -> tuple[int, ...]:
        """Calls by which middleware, or the wrapper in a decorator, goes on to what it is around."""
        code, handed = self.sites.code(node), self._calls_of_handed(node)
        return tuple(
            register
            for register, instruction in enumerate(code.scope.code)
            if instruction[0] == ir.CALL
            and (register in handed or not set(code.identifiers(instruction[1])).isdisjoint(self._names.passing))
        )

    def is_wrapper(self, node: int) -> bool:
        """Whether the function is what a decorator puts around others."""
        return self.sites.resolution.wrapped(node) is not None or bool(self._calls_of_handed(node))

    def _calls_of_handed(self, node: int) -> frozenset[int]:
        """Calls of what the function around was handed."""
        module, _ = self.sites.scope_of(node)
        code = self.sites.code(node)
        outer = self.sites.definitions.scope((module, max(code.scope.parent, 0)))
        handed = {(ir.FREE, parameter.name, code.scope.parent) for parameter in outer.parameters}
        calls = ((r, i) for r, i in enumerate(code.scope.code) if i[0] == ir.CALL)
        return frozenset(register for register, call in calls if code.scope.code[call[1]] in handed)

    # -- what is registered where -------------------------------------------------------------------------------

    def _survey(self) -> None:
        for entry in self.sites.resolution.registrations():
            if entry.slot == "scheduled":
                self._scheduled[entry.place] = (*self._scheduled.get(entry.place, ()), entry.function)
        self._survey_calls()
        hooks, answering = _index(self._names.hooks), _index(self._names.answering)
        definitions = self.sites.definitions
        for place in definitions.decorated():
            for decorator in definitions.resolution.decorators(*place):
                may_answer = any(answering.find(name) for name in decorator.names)
                if may_answer or any(hooks.find(name) for name in decorator.names):
                    self._hook(decorator.place, (definitions.name(place),), may_answer)

    def _survey_calls(self) -> None:
        names = self._names
        mounts, hooks, answering = map(_index, (names.mounts, names.hooks, names.answering))
        every = _index((*names.mounts, *names.hooks, *names.answering, *names.middleware))
        for call in self.sites.resolution.external_calls(lambda path: bool(every.find(path))):
            values = [*call.arguments, *(value for _, value in call.keywords)]
            named = tuple(name for group in values for name in symbols(group))
            if mounts.find(call.path):
                self._mount(call.place)
            elif hooks.find(call.path) or answering.find(call.path):
                self._hook(call.place, tuple(map(self._run_of, named)), bool(answering.find(call.path)))
            else:
                self._scheduled[call.place] = tuple(map(self._run_of, named))

    def _mount(self, call: Place) -> None:
        for child in call_operands(self.sites.instruction(call)):
            for origin in self.sites.origins(Place(call.module, call.scope, child)):
                for parent in self._receivers(call):
                    self._mounts.setdefault(origin, []).append((call, parent))

    def _hook(self, place: Place, functions: tuple[str, ...], may_answer: bool) -> None:
        self._answering.update(functions if may_answer else ())
        for router in self._receivers(place):
            self._hooked[router] = (*self._hooked.get(router, ()), *functions)

    def _run_of(self, name: str) -> str:
        """What runs of a class of middleware."""
        methods = (f"{name}.{method}" for method in self._names.methods)
        return next((method for method in methods if self.sites.nodes_of(method)), name)


def _index(patterns: tuple[str, ...]) -> PatternIndex[bool]:
    return PatternIndex((pattern, True) for pattern in patterns)
