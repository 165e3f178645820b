"""Functions that a framework runs because of a decorator or a base class."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from dealix_lint.entrypoints.bases import Bases
from dealix_lint.entrypoints.candidate import CLI, Candidate
from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.details import VERBS, Details
from dealix_lint.entrypoints.groups import Groups
from dealix_lint.entrypoints.prefixes import Prefixes, joined
from dealix_lint.entrypoints.routes import Routes
from dealix_lint.entrypoints.rules import Rules
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Unit
from dealix_lint.model.graph import Place
from dealix_lint.model.patterns import PatternIndex, expand


class Units:
    """Finds candidates by decorators and bases."""

    def __init__(
        self,
        code: Code,
        rules: Rules,
        details: Details,
        prefixes: Prefixes,
        routes: Routes,
        bases: Bases,
        groups: Groups,
    ) -> None:
        self._code = code
        self._rules = rules
        self._details = details
        self._prefixes = prefixes
        self._routes = routes
        self._bases = bases
        self._groups = groups

    def all(self) -> Iterator[Candidate]:
        """Candidates in scope order."""
        for identity, scope in self._code.scopes():
            if scope.kind == "class":
                yield from self._of_class(identity, bool(scope.decorators))
            elif scope.decorators:
                yield from self._of_function(identity)

    def registered(self, known: frozenset[FunctionId]) -> Iterator[Candidate]:
        """Units that values tell and the spelling does not: `charge = app.task(name="charge")(plain)`."""
        for registration in self._code.resolution.registrations():
            function = self._code.by_name.get(registration.function)
            if registration.slot != "unit" or function is None or function in known:
                continue
            if self._is_decorator(registration.place):
                continue  # the wrapper that another decorator put around a unit known by its own name
            unit = self._rules.frameworks.units[registration.rule]
            if self._code.scope(function).kind == "function":
                fields = self._details.fields(function) | {"name": registration.name, "method": ""}
                detail = self._details.fill(unit.detail, fields)
                on = next((cls for cls in self._code.entered(function) if cls == registration.on), None)
                yield Candidate(
                    function, unit.mechanism, detail, unit.start, 0, unit.framework, registration.name, on=on
                )

    def _is_decorator(self, place: Place) -> bool:
        if place.register < 0 or self._code.instruction(place)[0] == ir.DECORATE:
            return True
        code = self._code.scope((place.module, place.scope)).code
        return any(instruction[:2] == (ir.DECORATE, place.register) for instruction in code)

    def _of_function(self, function: FunctionId) -> Iterator[Candidate]:
        for place, path in self._groups.decorators(function):
            for unit in self._rules.by_decorator.find(path)[:1]:
                yield from self._candidates(unit, function, function, place, path)

    def _of_class(self, cls: FunctionId, is_decorated: bool) -> Iterator[Candidate]:
        if is_decorated:
            for place, path in self._groups.decorators(cls):
                for unit in self._rules.by_class_decorator.find(path)[:1]:
                    for function in self._methods(cls, unit):
                        yield from self._candidates(unit, cls, function, place, path)
        units: dict[Unit, None] = {}
        for base in self._code.classes.info(cls).external:
            units.update(dict.fromkeys(self._rules.by_base.find(self._rules.canonical(base))))
        for unit in units:
            for function in self._methods(cls, unit):
                yield from self._candidates(unit, cls, function, None, "")

    def _methods(self, cls: FunctionId, unit: Unit) -> Iterator[FunctionId]:
        for name, function in self._code.methods(cls):
            if any(self._is_meant(pattern, name, function) for pattern in unit.methods):
                yield function

    def _is_meant(self, pattern: str, name: str, function: FunctionId) -> bool:
        if pattern.startswith("@"):
            wanted: PatternIndex[bool] = PatternIndex([(pattern[1:], True)])
            return any(wanted.find(path) for _, path in self._groups.decorators(function))
        if pattern == "*" and name.startswith("__"):
            return False
        return any(fnmatchcase(name, plain) for plain in expand(pattern))

    def _candidates(
        self, unit: Unit, owner: FunctionId, function: FunctionId, place: Place | None, path: str
    ) -> Iterator[Candidate]:
        fields = self._details.fields(function)
        if owner != function:
            fields["class"] = self._code.scope(owner).name
            fields["module"] = self._code.program.sources[owner[0]].module
            fields["file"] = fields["module"].rpartition(".")[2]
        name = self._details.name(unit, owner, place, fields)
        names = [name]
        fields |= {"name": name, "route": name, "method": self._details.method(place, path, function)}
        fields["verb"] = self._details.verb(function) if "{verb}" in unit.detail else ""
        if place is not None:
            is_command = unit.mechanism == CLI or bool(unit.offers)
            names = self._prefixes.words(place, function, name) if is_command else [self._prefixes.before(place, name)]
            fields["route"] = self._prefixes.route(place, name)
        if unit.before:
            names = [", ".join(joined(base, name) for base in self._bases.before(function, unit.before))]
        routed = list(self._routed(unit, owner, function, fields | {"name": name, "item": self._details.item(place)}))
        vagueness = 2 if unit.methods == ("*",) else 0
        if unit.vague or (not routed and unit.routed and self._routes.is_inherited_by_a_routed_one(owner, function)):
            vagueness = max(vagueness, 1)
        on = owner if unit.registered_by else None
        for detail in routed or [self._details.fill(unit.detail, fields | {"name": each}) for each in names]:
            yield Candidate(
                function,
                unit.mechanism,
                detail,
                unit.start,
                vagueness,
                unit.framework,
                name,
                bare=unit.bare,
                on=on,
                handler=fields["class"],
            )

    def _routed(self, unit: Unit, owner: FunctionId, function: FunctionId, fields: dict[str, str]) -> Iterator[str]:
        """How people know a method of a class by the routes of the class, as far as they lead to it."""
        name = fields["function"]
        for route in self._routes.leading_to(owner, function) if unit.routed else ():
            verb = dict(route.actions).get(name)
            own = {"route": route.path}
            if route.verbs and name not in VERBS:
                own["method"] = "|".join(route.verbs)
            if verb is not None:
                yield f"{verb} {route.path}"
            elif not route.actions and (not route.verbs or name not in VERBS or name.upper() in route.verbs):
                yield self._details.fill(unit.routed, fields | own).replace("//", "/")
