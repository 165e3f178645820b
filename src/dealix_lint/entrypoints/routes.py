"""Routes of views that are classes: `path("pay/", Pay.as_view())`, `add_resource(Pay, "/pay")`, `register("pay", PaySet)`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dealix_lint.entrypoints.arguments import Arguments
from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.details import Details
from dealix_lint.entrypoints.literals import Literals
from dealix_lint.entrypoints.prefixes import Prefixes, as_path
from dealix_lint.entrypoints.rules import Rules
from dealix_lint.entrypoints.survey import Survey
from dealix_lint.model import ir
from dealix_lint.model.frameworks import View
from dealix_lint.model.graph import Place

DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Route:
    """A route of a class, and the HTTP verbs it answers (none: those its methods are named after). `actions`: where the
    route says it, the verb that runs a method."""

    path: str
    verbs: tuple[str, ...] = ()
    actions: tuple[tuple[str, str], ...] = ()


class Routes:
    """Which routes lead to a class."""

    def __init__(
        self,
        code: Code,
        rules: Rules,
        literals: Literals,
        arguments: Arguments,
        details: Details,
        prefixes: Prefixes,
        survey: Survey,
    ) -> None:
        self._code = code
        self._rules = rules
        self._literals = literals
        self._arguments = arguments
        self._details = details
        self._prefixes = prefixes
        self._routes: dict[FunctionId, dict[Route, None]] = {}
        for call in survey.calls if rules.frameworks.views else ():
            for path in arguments.callees(call) if survey.is_view_call(call) else ():
                for view in rules.views.find(path)[:1]:
                    self._note(view, call)

    def of(self, cls: FunctionId) -> tuple[Route, ...]:
        """The routes of a class, in the order of the code."""
        return tuple(self._routes.get(cls, ()))

    def leading_to(self, owner: FunctionId, method: FunctionId) -> tuple[Route, ...]:
        """The routes of a class; of a method (`owner` is itself) those of its class and of the subclasses that have it."""
        if owner != method:
            return self.of(owner)
        own = (method[0], self._code.scope(method).parent)
        heirs = [heir for heir in self._code.classes.subclasses.get(own, ()) if self._has(heir, method)]
        return tuple(dict.fromkeys(route for cls in (own, *heirs) for route in self.of(cls)))

    def is_inherited_by_a_routed_one(self, cls: FunctionId, function: FunctionId) -> bool:
        """True for a method of a class without routes that a subclass with one has from it."""
        heirs = self._code.classes.subclasses.get(cls, ()) if cls not in self._routes else ()
        return any(heir in self._routes and self._has(heir, function) for heir in heirs)

    def _has(self, cls: FunctionId, method: FunctionId) -> bool:
        return any(function == method for _, function in self._code.methods(cls))

    def _note(self, view: View, call: Place) -> None:
        texts = [self._literals.text(place) for place in self._arguments.places(call, view.route)]
        known = [text for text in texts if text is not None]
        paths = [as_path(path) for text in known for path in self._prefixes.all_before(call, text)]
        verbs = self._details.given(call)
        for place in self._arguments.places(call, view.view):
            for cls, actions in self._classes(place):
                found = self._routes.setdefault(cls, {})
                found.update(dict.fromkeys(Route(path, verbs, actions) for path in paths))

    def _classes(self, place: Place, depth: int = 0) -> Iterator[tuple[FunctionId, tuple[tuple[str, str], ...]]]:
        """The classes that a view is made of, also behind decorators: `csrf_exempt(Pay.as_view())`. With each the verbs of its
        methods, where the call says them (`PaySet.as_view({"post": "create"})`)."""
        for definition in self._code.denoted(place):
            if definition.kind == "class":
                yield (definition.module, definition.scope), ()
        for origin in self._code.origins.of(place) if depth < DEEPEST else ():
            instruction = self._code.instruction(origin)
            if instruction[0] != ir.CALL:
                continue
            given = [Place(origin.module, origin.scope, r) for r in instruction[2] if r >= 0]
            callee = self._code.instruction(Place(origin.module, origin.scope, instruction[1]))
            if callee[0] == ir.ATTR:
                actions = tuple(entry for argument in given[:1] for entry in self._actions(argument))
                for definition in self._code.denoted(Place(origin.module, origin.scope, callee[1])):
                    if definition.kind == "class":
                        yield (definition.module, definition.scope), actions
            for argument in given:
                yield from self._classes(argument, depth + 1)

    def _actions(self, place: Place) -> Iterator[tuple[str, str]]:
        for verb, method in self._literals.entries(place):
            name = self._literals.text(method)
            if verb and name:
                yield name, verb.upper()
