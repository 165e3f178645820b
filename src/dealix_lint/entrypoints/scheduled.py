"""Functions that a registration call or a piece of schedule data names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cached_property

from dealix_lint.entrypoints.arguments import Arguments
from dealix_lint.entrypoints.candidate import CLI, Candidate
from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.details import Details
from dealix_lint.entrypoints.handlers import Handlers
from dealix_lint.entrypoints.inner import is_only_called
from dealix_lint.entrypoints.literals import Literals
from dealix_lint.entrypoints.prefixes import Prefixes, as_words
from dealix_lint.entrypoints.routes import Routes
from dealix_lint.entrypoints.rules import Rules
from dealix_lint.entrypoints.survey import Survey
from dealix_lint.entrypoints.told import Told
from dealix_lint.entrypoints.wrappers import Wrappers
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Schedule
from dealix_lint.model.graph import Place
from dealix_lint.model.patterns import expand

Names = dict[str, dict[str, list[FunctionId]]]
"""framework -> name of a unit -> its functions"""


class Scheduled:
    """Finds candidates by registration and schedule."""

    def __init__(
        self,
        code: Code,
        rules: Rules,
        literals: Literals,
        arguments: Arguments,
        details: Details,
        prefixes: Prefixes,
        routes: Routes,
        names: Names,
        hooks: frozenset[FunctionId],
        wrappers: Wrappers,
    ) -> None:
        self._code = code
        self._rules = rules
        self._literals = literals
        self._arguments = arguments
        self._details = details
        self._prefixes = prefixes
        self._routes = routes
        self._names = names
        self._hooks = hooks
        self._handlers = Handlers(code)
        self._told = Told(code, literals, arguments)
        self._wrappers = wrappers
        self._spelled: dict[Place, dict[FunctionId, None]] = {}  # call -> what it registers, as it is written

    def by_calls(self, survey: Survey) -> Iterator[Candidate]:
        """Candidates that calls register: `add_api_route(path, f)`, `cron(f)`, `add_node(name, f)`."""
        for call in survey.calls:
            for path in self._paths(call):
                for schedule in self._rules.by_call.find(path):
                    yield from self._registered(schedule, call, path)

    def by_values(self, known: frozenset[FunctionId]) -> Iterator[Candidate]:
        """Candidates that values tell and the spelling does not: `for name, f in NODES: graph.add_node(name, f)`."""
        for registration in self._code.resolution.registrations():
            function = self._code.by_name.get(registration.function)
            if registration.slot == "unit" or function is None or known.issuperset(self._runnable(function)):
                continue
            if any(
                self._wrappers.is_made_for(function, spelled) for spelled in self._spelled.get(registration.place, ())
            ):
                continue  # what a decorator put around a function that is known by its own name
            paths = self._arguments.callees(registration.place) if self._is_call(registration.place) else []
            paths = paths if self._outliving((function,), registration.place) else []
            schedules = {schedule: path for path in paths for schedule in self._rules.by_call.find(path)}
            unnamed: list[dict[str, str]] = [] if self._wrappers.has_around(function) else [{}]
            for schedule, path in schedules.items():
                for fields in self._said(schedule, function, registration.place, path) or unnamed:
                    yield from self._candidates(self._timed(schedule, registration.place), function, fields)

    def _is_call(self, place: Place) -> bool:
        return place.register >= 0 and self._code.instruction(place)[0] == ir.CALL

    def _paths(self, call: Place) -> list[str]:
        found = self._arguments.callees(call, only_spelled=not self._arguments.hand_over(call))
        if found:
            return found
        # `sender.add_periodic_task(...)`: the receiver is unknown, but nothing else spells a registration like that.
        callee = self._code.instruction(Place(call.module, call.scope, self._code.instruction(call)[1]))
        return ["celery.Celery().add_periodic_task"] if callee[-1] == "add_periodic_task" else []

    def _registered(self, schedule: Schedule, call: Place, path: str) -> Iterator[Candidate]:
        find = self._arguments.name if "{name}" in schedule.detail else self._arguments.text
        name = find(call, schedule.names)
        if name is None and schedule.mechanism == CLI and not schedule.names:
            name = self._prefixes.of_receiver(call) or None
        schedule = self._timed(schedule, call)
        for argument in schedule.targets:
            for place in self._arguments.places(call, argument):
                functions = self._arguments.functions(place, self._names.get(schedule.framework, {}))
                if schedule.methods and not functions:
                    functions = self._arguments.classes(place)
                self._spelled.setdefault(call, {}).update(dict.fromkeys(functions))
                are_several = len(functions) > 1
                told_apart = self._arguments.named_apart(call, argument, schedule.names) if are_several else {}
                is_unclear = are_several and self._arguments.has_several_texts(call, schedule.names)
                for function in functions if len(functions) == 1 else self._outliving(functions, call):
                    said = self._said(schedule, function, call, path)
                    for own in () if said else told_apart.get(function, (None if is_unclear else name,)):
                        named = {} if own is None else self._named(schedule, call, own)
                        if named or not self._wrappers.has_around(function):
                            said.append({"method": self._details.method(call, path, function)} | named)
                    for fields in said:
                        for candidate in self._candidates(schedule, function, fields):
                            yield from self._on_its_objects(candidate, call)

    def _outliving(self, functions: Iterable[FunctionId], call: Place) -> list[FunctionId]:
        """The functions but those inside others that are only called there, and not given to the call by a decorator."""
        code, wrappers = self._code, self._wrappers
        return [f for f in functions if not is_only_called(code, f) or wrappers.registers(call, f)]

    def _said(self, schedule: Schedule, function: FunctionId, call: Place, path: str) -> list[dict[str, str]]:
        """The fields of the template that a function's own decorators tell, in one of which a call stands."""
        told = self._told.of(function, call, schedule.names)
        method = self._details.method
        return [self._named(schedule, call, n) | {"method": verbs or method(call, path, function)} for n, verbs in told]

    def _named(self, schedule: Schedule, call: Place, name: str) -> dict[str, str]:
        """The fields of the template that a name tells."""
        return {
            "name": self._before(schedule, call, name) if schedule.names else name,
            "route": self._prefixes.route(call, name),
        }

    def _before(self, schedule: Schedule, call: Place, name: str) -> str:
        """A name behind the prefixes of what it is registered on, which are words of a command and else parts of a path."""
        before = self._prefixes.before(call, name)
        return as_words(before) or name if schedule.mechanism == CLI else before

    def _on_its_objects(self, candidate: Candidate, call: Place) -> Iterator[Candidate]:
        """The candidate, for each of the classes on whose objects a call runs a method that several inherit."""
        graph, code = self._code.resolution.graph, self._code
        entered = code.entered(candidate.function)
        around = code.nodes.get((call.module, call.scope), ()) if entered else ()
        run = {edge.target for node in around for edge in graph.out[node] if edge.place == call}
        classes = [on for on, nodes in entered.items() if not run.isdisjoint(nodes)]
        yield from (replace(candidate, on=on) for on in classes or (None,))

    def _timed(self, schedule: Schedule, call: Place) -> Schedule:
        """The schedule, or, where the call has its targets run a single time, for whoever called it, what only registers them."""
        if schedule.trigger is None:
            return schedule
        places = list(self._arguments.places(call, schedule.trigger))
        made = [source for place in places for source in self._code.origins.of(place) if self._is_call(source)]
        said = {self._literals.text(place) for place in places}.union(*map(self._arguments.callees, made))
        return replace(schedule, start=False) if not places or not said.isdisjoint(schedule.once) else schedule

    def by_data(self, survey: Survey) -> Iterator[Candidate]:
        """Candidates that data names: `beat_schedule = {...}`, `CELERY_BEAT_SCHEDULE`, `WorkerSettings.functions`."""
        for schedule in self._rules.frameworks.schedules:
            places = self._data(schedule, survey)
            for place in places:
                if schedule.fields:
                    yield from self._under(schedule, place)
                else:
                    yield from self._listed(schedule, place) if schedule.key else self._elements(schedule, place)

    def _data(self, schedule: Schedule, survey: Survey) -> list[Place]:
        if schedule.attribute:
            last = schedule.attribute.rpartition(".")[2]
            return [place for name, place in survey.data if name == last]
        if schedule.variables:
            modules = range(len(self._code.program.summaries))
            return [
                Place(module, 0, register)
                for module in modules
                for name in schedule.variables
                for register in self._code.symbols.exports(module).get(name, ())
            ]
        return list(self._class_data(schedule))

    def _class_data(self, schedule: Schedule) -> Iterator[Place]:
        patterns = [plain.partition(".") for pattern in schedule.class_attributes for plain in expand(pattern)]
        if not patterns:
            return
        for identity, scope in self._code.scopes():
            if scope.kind != "class":
                continue
            for owner, _, attribute in patterns:
                if fnmatchcase(scope.name, owner):
                    for register in self._code.symbols.exports(*identity).get(attribute, ()):
                        yield Place(*identity, register)

    def _listed(self, schedule: Schedule, place: Place) -> Iterator[Candidate]:
        """Entries of a dict of dicts, the unit of each under `schedule.key`."""
        names = self._names.get(schedule.framework, {})
        for key, entry in self._literals.entries(place):
            for field, value in self._literals.entries(entry):
                if field == schedule.key:
                    for function in self._arguments.functions(value, names):
                        yield from self._candidates(schedule, function, {"name": key})

    def _under(self, schedule: Schedule, place: Place) -> Iterator[Candidate]:
        """What a dictionary lists under the last of some keys, all of which it has."""
        entries = dict(self._literals.entries(place))
        if entries.keys() >= {*schedule.fields}:
            for element in self._literals.elements(entries[schedule.fields[-1]]):
                yield from self._elements(schedule, element)  # one may be a pair of a name and a function

    def _elements(self, schedule: Schedule, place: Place) -> Iterator[Candidate]:
        names = self._names.get(schedule.framework, {})
        for element in tuple(self._literals.elements(place)) or (place,):
            for function in self._arguments.functions(element, names):
                yield from self._candidates(schedule, function, {})

    def _candidates(self, schedule: Schedule, target: FunctionId, given: dict[str, str]) -> Iterator[Candidate]:
        """`given`: fields of the template that the call or the data tells."""
        for function in self._chosen(target, schedule.methods) or self._runnable(target):
            is_class = self._code.scope(target).kind == "class"
            if is_class and self._routes.of(target) and function in self._units:
                continue  # known by the routes of the class
            fields = {"method": "", **self._details.fields(function)}
            own = self._code.scope(target).name if is_class else fields["function"]
            fields |= {"name": own, "route": own, **({"class": own} if is_class else {}), **given}
            has_own_verb = is_class and bool(schedule.methods)  # each of its methods answers one
            if has_own_verb:
                fields["method"] = self._details.method(None, "", function)
            fields["verb"] = self._details.verb(function) if "{verb}" in schedule.detail else ""
            detail = self._details.fill(schedule.detail, fields)
            if is_class and not has_own_verb and "name" in given and "{class}" not in schedule.detail:
                detail += f" {own}"
            may_be_called = is_class and function in self._hooks  # by another method of the class
            start = "always" if schedule.start and not may_be_called else "undispatched"
            yield Candidate(
                function,
                schedule.mechanism,
                detail,
                start,
                framework=schedule.framework,
                bare=schedule.bare,
                handler=own if is_class else "",
            )

    def _chosen(self, target: FunctionId, globs: tuple[str, ...]) -> list[FunctionId]:
        """The methods of a class that fit one of the globs."""
        if not globs or self._code.scope(target).kind != "class":
            return []
        return [f for name, f in self._code.methods(target) if any(fnmatchcase(name, glob) for glob in globs)]

    def _runnable(self, target: FunctionId) -> list[FunctionId]:
        """The function itself; of a class, the method that is a unit (`run`), what calling its instance runs, or what a
        closure around it calls."""
        if self._code.scope(target).kind != "class":
            return [target]
        methods = dict(self._code.methods(target))
        units = [function for function in methods.values() if function in self._units]
        return units or [methods[name] for name in ("__call__",) if name in methods] or self._handlers.methods(target)

    @cached_property
    def _units(self) -> frozenset[FunctionId]:
        return frozenset(f for functions in self._names.values() for listed in functions.values() for f in listed)
