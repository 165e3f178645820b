"""The stage: all candidates of a program, and which of them are starts."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dealix_lint.entrypoints.arguments import Arguments
from dealix_lint.entrypoints.bases import Bases
from dealix_lint.entrypoints.candidate import Candidate
from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.commands import Installed, installed, with_commands, without_callers
from dealix_lint.entrypoints.cycles import Callers
from dealix_lint.entrypoints.details import Details
from dealix_lint.entrypoints.flows import flow_methods
from dealix_lint.entrypoints.groups import Groups
from dealix_lint.entrypoints.literals import Literals
from dealix_lint.entrypoints.prefixes import Prefixes
from dealix_lint.entrypoints.roots import imports, open_roots, scripts, stranded
from dealix_lint.entrypoints.routes import Routes
from dealix_lint.entrypoints.rules import Rules
from dealix_lint.entrypoints.scheduled import Names, Scheduled
from dealix_lint.entrypoints.survey import Survey
from dealix_lint.entrypoints.trials import functions_of_tests
from dealix_lint.entrypoints.units import Units
from dealix_lint.entrypoints.wrappers import Wrappers
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.frameworks import Frameworks
from dealix_lint.model.program import Program
from dealix_lint.model.resolved import Resolution
from dealix_lint.model.settings import FlowClass

MOST_DETAILS = 4
_COMMAND = "command "


def find(
    program: Program,
    resolution: Resolution,
    frameworks: Frameworks,
    flows: tuple[tuple[str, FlowClass], ...] = (),
    effect_nodes: Collection[int] | None = None,
    declared: Iterable[tuple[str, str]] = (),
) -> tuple[EntryPoint, ...]:
    """Where execution starts, sorted by id.

    A function that a framework runs is a start if it always is one (a route, something scheduled), or if nothing
    analysed outside its own cycle calls or dispatches it. Everything else that nothing analysed calls or refers to
    is an open root, and so is what is referred to where no other start leads to an effect. Tests are none. `effect_nodes` are the nodes
    with effects: a module is a start where importing it reaches one
    (None: where importing it calls anything). `declared`: installed commands, each with the function that it runs
    (`package.module:function`)."""
    code = Code(program, resolution)
    wrappers = Wrappers(code)
    rules = Rules(frameworks)
    commands = installed(code, declared)
    candidates = with_commands(_candidates(code, rules, flows, wrappers, commands), commands)
    known, tests = _functions(candidates), functions_of_tests(code, rules)
    callers = Callers(code, wrappers, known, tests)
    starts = _without_wound_up([candidate for candidate in candidates if _is_start(code, candidate, callers)])
    starts += open_roots(code, callers, known | tests)
    starts += without_callers(code, commands, scripts(code), effect_nodes)
    starts += imports(code, _import_targets(code, effect_nodes))
    starts += list(stranded(code, callers, starts, frozenset(effect_nodes or ())))
    return _merged(code, callers, (start for start in starts if start.function not in tests))


def _is_start(code: Code, candidate: Candidate, callers: Callers) -> bool:
    nodes = code.entered(candidate.function).get(candidate.on, ())
    if nodes:
        return candidate.start == "always" or any(map(code.resolution.is_entered, nodes)) or not callers.call_any(nodes)
    if candidate.start == "undispatched":
        return not callers.has_any(candidate.function) or code.is_entered(candidate.function)
    return candidate.start == "always"


def _without_wound_up(starts: list[Candidate]) -> list[Candidate]:
    """Leaves out hooks of the application that only set going what another decorator has made of the function: it is that
    which runs (`@app.on_event("startup")` above `@repeat_every(seconds=60)`)."""
    run: dict[FunctionId, set[str]] = {}
    for start in starts:
        if not start.bare:
            run.setdefault(start.function, set()).add(start.mechanism)
    return [start for start in starts if not (start.bare and run.get(start.function, set()) - {start.mechanism})]


def _candidates(
    code: Code, rules: Rules, flows: tuple[tuple[str, FlowClass], ...], wrappers: Wrappers, commands: Installed
) -> list[Candidate]:
    """Everything frameworks run, by all rules; what only a catch-all rule finds where nothing better does."""
    literals = Literals(code)
    arguments = Arguments(code, literals, rules)
    details = Details(code, rules, literals, arguments)
    survey = Survey(code, rules)
    groups = Groups(code, rules, details, commands)
    prefixes = Prefixes(code, rules, arguments, survey, groups)
    routes = Routes(code, rules, literals, arguments, details, prefixes, survey)
    units = Units(code, rules, details, prefixes, routes, Bases(code, literals), groups)
    found = list(units.all())
    found += units.registered(_functions(found))
    found += flow_methods(code, flows)
    always = _functions(candidate for candidate in found if candidate.start == "always")
    hooks = _functions(candidate for candidate in found if candidate.start == "undispatched") - always
    scheduled = Scheduled(code, rules, literals, arguments, details, prefixes, routes, _names(found), hooks, wrappers)
    found += scheduled.by_calls(survey)
    found += scheduled.by_data(survey)
    found += scheduled.by_values(_functions(found))
    least: dict[FunctionId, int] = {}
    for candidate in found:
        least[candidate.function] = min(candidate.vagueness, least.get(candidate.function, candidate.vagueness))
    return [candidate for candidate in found if candidate.vagueness == least[candidate.function]]


def _functions(candidates: Iterable[Candidate]) -> frozenset[FunctionId]:
    return frozenset(candidate.function for candidate in candidates)


def _names(candidates: Iterable[Candidate]) -> Names:
    names: Names = {}
    for candidate in candidates:
        if candidate.name:
            names.setdefault(candidate.framework, {}).setdefault(candidate.name, []).append(candidate.function)
    return names


def _import_targets(code: Code, effect_nodes: Collection[int] | None) -> frozenset[int]:
    if effect_nodes is not None:
        return code.resolution.graph.reaching(effect_nodes)
    calling = {call.node for call in code.resolution.graph.external}
    return frozenset(calling | {number for number, edges in enumerate(code.resolution.graph.out) if edges})


def _joined(details: tuple[str, ...]) -> str:
    """The first ways people know a start by, and how many more there are; of one command all names: `command pay or refund`."""
    more = len(details) - MOST_DETAILS
    if more <= 0 and all(detail.startswith(_COMMAND) for detail in details):
        return _COMMAND + " or ".join(detail.removeprefix(_COMMAND) for detail in details)
    return ", ".join(details[:MOST_DETAILS]) + (f" and {more} more" if more > 0 else "")


def _merged(code: Code, callers: Callers, starts: Iterable[Candidate]) -> tuple[EntryPoint, ...]:
    """One entry point per mechanism and function (and class, where a framework runs an inherited method on each), all ways
    people know it joined."""
    merged: dict[tuple[str, FunctionId, FunctionId | None], list[Candidate]] = {}
    for start in starts:
        entered = code.entered(start.function)
        if start.on in entered or start.on is None or not entered:
            key = start.mechanism, start.function, start.on if start.on in entered else None
            merged.setdefault(key, []).append(start)
    found = (_entry_point(code, callers, known, on) for (_, _, on), known in merged.items())
    return tuple(sorted(found, key=lambda entry: (entry.id, entry.nodes)))


def _entry_point(code: Code, callers: Callers, known: list[Candidate], on: FunctionId | None) -> EntryPoint:
    first = known[0]
    function = first.function
    name = code.name(function)
    details = tuple(dict.fromkeys(start.detail for start in known))
    handlers = tuple(dict.fromkeys((start.detail, start.handler) for start in known))
    return EntryPoint(
        id=f"{first.mechanism}:{name if on is None else f'{code.name(on)}.{code.scope(function).name}'}",
        function=name,
        mechanism=first.mechanism,
        detail=_joined(details),
        nodes=callers.starting_nodes(function) if on is None else tuple(code.entered(function)[on]),
        confidence=max(start.confidence for start in known),
        bare=all(start.bare for start in known),
        details=handlers if len(details) > 1 else (),
    )
