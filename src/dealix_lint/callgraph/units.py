"""Framework dispatch: units, registrations, and the calls that run them, all from `rules/frameworks`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from dealix_lint.callgraph import actors, calls, containers, importing, iteration, listings, parameters, wrapping
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.hierarchy import has_no_body
from dealix_lint.callgraph.registry import UnitTarget
from dealix_lint.callgraph.state import EdgeInfo
from dealix_lint.callgraph.values import (
    BOUND,
    CLASS,
    CONST,
    CONT,
    CORO,
    DECLARED_KEY,
    EMPTY,
    EXT,
    FUNC,
    INST,
    PARTIAL,
    UNIT,
    Value,
    Values,
)
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Argument, Dispatch, Unit
from dealix_lint.model.graph import HIGH
from dealix_lint.model.summary import KEYWORDS, POSITIONAL, POSITIONAL_ONLY, VARIADIC

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

SHARED = -1  # stands for the object that slots of the whole program are on
_DOTTED = re.compile(r"\w+(\.\w+)*[.:]\w+")
_RUNNABLE = (FUNC, BOUND, PARTIAL, UNIT)


# -- units --------------------------------------------------------------------------------------------------------


def register(m: Machine, frame: Frame, register: int, path: str, arguments: Arguments, targets: Values) -> Values:
    """A decorator (called with `arguments`) makes units of the targets; returns what the names are bound to."""
    result = targets
    for unit in m.state.rules.facts(path).units:
        rule = m.state.rules.frameworks.units.index(unit)
        bound = arguments.get(None, "bind")
        if any(m.table.kinds[v] == CONST and m.table.data[v][1] is True for v in bound):
            result = frozenset(b for v in targets for b in _bound(m, v, _receivers(m, unit, arguments)))
        for value in sorted(result):
            if m.table.kinds[value] in (FUNC, BOUND, CLASS):
                _add_unit(m, frame, register, rule, unit, arguments, value)
    return frozenset(
        dispatching for value in result for dispatching in unit_attribute(m, value, "__call__") or (value,)
    )


def _receivers(m: Machine, unit: Unit, arguments: Arguments) -> Values:
    """`self` of a task that is bound: of the base class that it names, else of the framework's."""
    named = arguments.get(None, "base")
    own = [m.state.declared(m.state.class_list[m.table.data[v][0]]) for v in named if m.table.kinds[v] == CLASS]
    return frozenset(own) or frozenset((m.table.external(f"{unit.framework}.Task()"),))


def _bound(m: Machine, value: Value, receivers: Values) -> Values:
    """A function with `self`, also where nothing analysed dispatches it."""
    if m.table.kinds[value] != FUNC:
        return frozenset((value,))
    parameters.hand_in(m, value, 0, receivers)
    return frozenset(m.bound(value, receiver) for receiver in receivers)


def register_call(
    m: Machine, frame: Frame, register_: int, path: str, arguments: Arguments, options: Arguments
) -> Values:
    """`app.task(f)`, `app.task(name="n")(f)` and `actor(Job())` written as calls; nothing where nothing that can be called is
    handed over."""
    handed = arguments.get(0, None)
    targets = frozenset(v for v in handed if m.table.kinds[v] in (FUNC, BOUND))
    objects = frozenset(v for v in m.instances(handed) if m.has_member(v, "__call__"))
    called = EMPTY.union(*[m.method_values(v, "__call__") for v in objects])
    if not targets and not called:
        return EMPTY
    return handed - targets - objects | register(m, frame, register_, path, options, targets | called)


def _add_unit(
    m: Machine, frame: Frame, register_: int, rule: int, unit: Unit, arguments: Arguments, value: Value
) -> None:
    function = m.table.function_of(value)
    site = m.state.site(frame.activation.index, frame.scope_index, register_)
    for name in _unit_names(m, frame, unit, arguments, value):
        if m.state.registry.add(UnitTarget(rule, name, value, function, site)):
            called = actors.class_of(m, value)
            if called is not None:
                m.state.registry.objects.setdefault(function, set()).add(called)
            m.state.add(m.state.slots["unit", unit.framework, name], frozenset((value,)))
            m.state.add(m.state.slots["unit-of", value], frozenset((m.table.constant(rule),)))
            m.state.add(m.state.slots["unit names", unit.framework, value], frozenset((m.table.constant(name),)))
            _hand_in(m, unit.hands, value)


def _hand_in(m: Machine, hands: tuple[tuple[str, str], ...], value: Value) -> None:
    """Give a function what its framework hands to its parameters, where nothing analysed calls it."""
    for index, (_, values) in _handed(m, hands, value).items():
        parameters.hand_in(m, _behind(m, value), index, values)


def _behind(m: Machine, value: Value) -> Value:
    """The function behind wrappers, also where it is bound to an object."""
    return wrapping.unwrapped(m, m.table.data[value][0] if m.table.kinds[value] == BOUND else value)


def _handed(m: Machine, hands: tuple[tuple[str, str], ...], value: Value) -> dict[int, tuple[str, Values]]:
    """What a framework hands to parameters of these names, `async def greet(message, say)`, or at these positions, after
    `self`, of the function behind its wrappers; not to those with an annotation."""
    number = m.table.function_of(_behind(m, value)) if hands else -1
    if number < 0:
        return {}
    given, found = dict(hands), dict[int, tuple[str, Values]]()
    function = m.state.functions[number]
    first = int(m.table.kinds[value] == BOUND or (function.owner is not None and not function.is_static))
    for index, parameter in enumerate(function.scope.parameters):
        position = str(index - first) if parameter.kind in (POSITIONAL_ONLY, POSITIONAL) else ""
        path = given.get(parameter.name) or given.get(position)
        if parameter.annotation is None and path and parameter.kind not in (VARIADIC, KEYWORDS):
            found[index] = parameter.name, m.external(path, 0)
    return found


def _unit_names(m: Machine, frame: Frame, unit: Unit, arguments: Arguments, value: Value) -> list[str]:
    for argument in unit.names:
        given = m.constants(arguments.get(argument.position, argument.keyword))
        if given:
            return given
    module, scope = m.definition_of(wrapping.unwrapped(m, value))
    program = m.state.program
    scopes = program.summaries[module].scopes
    owner = scopes[scope].parent
    called = actors.class_of(m, value)
    function = m.state.classes.info(called).name.rpartition(".")[2] if called else scopes[scope].name
    fields = {
        "module": program.sources[module].module,
        "file": program.sources[module].module.rpartition(".")[2],
        "function": function,
        "command": function.replace("_", "-"),
        "class": scopes[owner].name if owner >= 0 and scopes[owner].kind == "class" else scopes[scope].name,
    }
    return [unit.default_name.format_map(_Fields(fields))]


class _Fields(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def is_started(m: Machine, value: Value) -> bool:
    """Whether a framework runs a function without anyone dispatching it: a route, a command."""
    slot = ("unit-of", value)
    rules = m.state.rules.frameworks.units
    return slot in m.state.slots and any(
        rules[m.table.data[v][1]].start == "always" for v in m.state.slots[slot].values
    )


def unit_attribute(m: Machine, value: Value, name: str) -> Values:
    """`task.delay`, and the decorator `group.command`: the attributes that a unit's framework gives it."""
    rules = m.state.rules.attributes.get(name, ())
    if not (rules or name in m.state.rules.offered) or m.table.kinds[value] not in (FUNC, BOUND, CLASS):
        return EMPTY
    made = [m.state.rules.frameworks.units[m.table.data[v][1]] for v in m.state.slots["unit-of", value].values]
    frameworks = {unit.framework for unit in made}
    dispatching = frozenset(m.table.make(UNIT, value, index) for index, rule in rules if rule.framework in frameworks)
    offered = (m.external(path, 0) for unit in made for attribute, path in unit.offers if attribute == name)
    return dispatching.union(*offered)


def class_unit_attribute(m: Machine, instance: Value, external: tuple[str, ...], name: str) -> Values:
    """`MyTask().delay`: the same for instances of classes that are units by their base class."""
    found: set[Value] = set()
    for index, rule in m.state.rules.attributes.get(name, ()):
        for unit in m.state.rules.frameworks.units:
            if unit.framework == rule.framework and m.matches_any(unit.bases, external):
                for method in unit.methods:
                    found |= {m.table.make(UNIT, v, index) for v in m.method_values(instance, method)}
    return frozenset(found)


def call_unit(m: Machine, frame: Frame, register_: int, data: tuple[Value, int], arguments: Arguments) -> Values:
    """`task.delay(...)` and its relatives."""
    value, index = data
    rule = m.state.rules.frameworks.attributes[index]
    if rule.edge == "itself":
        return frozenset((value,))
    mechanism = next(
        (u.mechanism for u in m.state.rules.frameworks.units if u.framework == rule.framework and u.mechanism),
        rule.framework,
    )
    if rule.packed:
        arguments = _packed(m, frame, arguments, Argument(0, "args"), Argument(1, "kwargs"))
    edge: EdgeInfo = (rule.edge, mechanism if rule.edge == "dispatch" else "", HIGH)
    result = m.call(frame, register_, frozenset((value,)), arguments, edge)
    if rule.edge == "dispatch" and _is_registered(m, frame, register_):
        frame.activation.edges.pop((frame.scope_index, register_), None)
    return result if rule.edge == "call" else m.external(f"{rule.framework}.Signature()", 0)


def _is_registered(m: Machine, frame: Frame, register_: int) -> bool:
    """Whether a signature is made for a call that runs nothing now: `app.add_periodic_task(3600, report.s())`."""
    users = m.state.users(frame.module, frame.scope_index)[register_] if register_ >= 0 else ()
    callers = [frame.scope.code[user] for user in users]
    if not callers or any(caller[0] != ir.CALL for caller in callers):
        return False
    kinds, data = m.table.kinds, m.table.data
    callees = [[data[v][0] for v in frame.registers[caller[1]] if kinds[v] == EXT] for caller in callers]
    return all(paths and all(_only_registers(m, path) for path in paths) for paths in callees)


def _only_registers(m: Machine, path: str) -> bool:
    rules = m.state.rules.facts(path).dispatches
    return bool(rules) and all(rule.registers for rule in rules)


def _packed(
    m: Machine, frame: Frame, arguments: Arguments, positional: Argument | None, keywords: Argument | None
) -> Arguments:
    """Arguments that travel as a list and a dict."""
    result = Arguments()
    for value in sorted(arguments.get(positional.position, positional.keyword)) if positional else ():
        if m.table.kinds[value] == CONT and m.table.data[value][0] != "dict":
            keys = [key for key in containers.known_keys(m, frame, value) if isinstance(key, int)]
            result.positional = [containers.get(m, frame, value, position) for position in range(len(keys))]
        elif m.table.kinds[value] != CONT:
            result.positional = [frozenset((value,))]
    for value in sorted(arguments.get(keywords.position, keywords.keyword)) if keywords else ():
        if m.table.kinds[value] == CONT:
            for key in containers.known_keys(m, frame, value):
                if isinstance(key, str):
                    result.keywords[key] = containers.get(m, frame, value, key)
    return result


# -- dispatch -----------------------------------------------------------------------------------------------------


def dispatch(
    m: Machine,
    frame: Frame,
    register_: int,
    value: Value,
    rules: tuple[Dispatch, ...],
    arguments: Arguments,
    receiver: Values = EMPTY,
) -> Values:
    """Apply the dispatch rules of an external call (on a first-party object: `receiver`)."""
    path, root = m.table.data[value]
    result: set[Value] = set()
    for rule in rules:
        result |= _apply(m, frame, register_, path, root, rule, arguments, receiver)
    return frozenset(result)


def _apply(
    m: Machine,
    frame: Frame,
    register_: int,
    path: str,
    root: int,
    rule: Dispatch,
    arguments: Arguments,
    receiver: Values,
) -> Values:
    if rule.by_name and not rule.targets:
        targets = named(m, rule.by_name, path.rpartition(".")[2])
    else:
        targets = _targets(m, frame, register_, rule, arguments, receiver, root)
    if rule.shared:
        root = SHARED
    if rule.keyed is not None:
        holders = _classes(m, arguments.get(rule.keyed.position, rule.keyed.keyword))
        if rule.runs:
            targets = EMPTY.union(*(registered(m, frame, holder, rule.runs, set()) for holder in holders))
        else:
            for holder in holders:
                m.state.add(m.state.slots["registered", holder, rule.registers], targets)
                m.note_registration(frame, register_, rule, targets)
            return EMPTY
    if rule.registers:
        made = [] if root else _identities(m, receiver)  # `super().__init__(tools=[self.pay])`
        for holder in made or [root or (0 if "()." in path else m.creation_site(frame, register_, arguments))]:
            for owner in _remembered(m, frame, holder, rule.on) if rule.on else (holder,):
                m.state.add(m.state.slots["registered", owner, rule.registers], targets)
        if targets:
            m.note_registration(frame, register_, rule, targets)
            listings.name(m, rule.framework, targets)
        for target in sorted(targets) if rule.hands else ():
            _hand_in(m, rule.hands, target)
        return EMPTY
    if rule.runs and rule.keyed is None:
        holders = _identities(m, targets) if rule.targets else [root]
        targets = EMPTY.union(*(registered(m, frame, holder, rule.runs, set()) for holder in holders))
    if rule.gives == "targets":
        return _listed(m, frame, register_, targets)
    given = _handed_over(m, frame, rule, arguments)
    edge: EdgeInfo = (rule.edge, rule.mechanism if rule.edge == "dispatch" else "", HIGH)
    result: set[Value] = set()
    for target in sorted(targets):
        more = dict(_handed(m, rule.hands, target).values())
        handed = replace(given, keywords=more | given.keywords) if more else given
        result |= run(m, frame, register_, target, rule, handed, edge)
    if rule.scheduled:
        m.note_registration(frame, register_, rule, targets)
        if frame.scope_index == 0 or _recurs(m, rule, arguments):
            frame.activation.edges.pop((frame.scope_index, register_), None)
    if rule.gives == "list":
        listed = containers.new_container(m, "list", frame, register_)
        containers.put(m, listed, None, frozenset(result))
        return frozenset((listed, *result))
    if rule.gives == "pairs":
        return _paired(m, frame, register_, targets, frozenset(result))
    return frozenset(result) if rule.edge == "call" else EMPTY


def _recurs(m: Machine, rule: Dispatch, arguments: Arguments) -> bool:
    """Whether the clock runs the targets again and again, as everything says that the trigger may be."""
    if rule.trigger is None:
        return False
    kinds, data = m.table.kinds, m.table.data
    values = arguments.get(rule.trigger.position, rule.trigger.keyword)
    said = [data[v][0].removesuffix("()") if kinds[v] == EXT else m.table.text_of(v) for v in values]
    return bool(said) and not any(text is None or text in rule.once for text in said)


def _listed(m: Machine, frame: Frame, register_: int, targets: Values) -> Values:
    """A list of the targets that is also a tuple of such lists: which of the two depends on the library's version."""
    listed = containers.new_container(m, "list", frame, register_)
    inner = m.table.make(CONT, "list", f"{listed}[]")
    containers.put(m, inner, None, targets)
    containers.put(m, listed, None, targets | {inner})
    return frozenset((listed,))


def _paired(m: Machine, frame: Frame, register_: int, targets: Values, results: Values) -> Values:
    """A list of (target, result)."""
    listed = containers.new_container(m, "list", frame, register_)
    pair = m.table.make(CONT, "tuple", f"{listed}[]")
    containers.put(m, pair, 0, targets)
    containers.put(m, pair, 1, results)
    containers.put(m, listed, None, frozenset((pair,)))
    return frozenset((listed,))


def _remembered(m: Machine, frame: Frame, holder: int, slot: str) -> list[int]:
    """The external objects that an object remembers, instances of subclasses included."""
    return _identities(m, m.state.read(m.state.slots["registered", holder, slot]))


def _identities(m: Machine, values: Values) -> list[int]:
    """The objects among values on which something may be remembered, instances of subclasses included."""
    kinds, data = m.table.kinds, m.table.data
    return sorted({data[v][1] if kinds[v] == EXT else -v for v in values if kinds[v] == INST or kinds[v] == EXT} - {0})


def _classes(m: Machine, values: Values) -> list[int]:
    """The classes among values, and those of the objects among them, as what things are registered on."""
    kinds, data = m.table.kinds, m.table.data
    return sorted({-m.table.make(CLASS, data[v][0]) for v in values if kinds[v] == CLASS or kinds[v] == INST})


def decorate(m: Machine, frame: Frame, register_: int, value: Value, targets: Values) -> None:
    """A decorator that remembers the decorated function on an object: `@paid.connect`, `@receiver(paid)`."""
    rules = tuple(rule for rule in m.state.rules.facts(m.table.data[value][0]).dispatches if rule.registers)
    if rules and m.table.data[value][1]:
        dispatch(m, frame, register_, value, rules, Arguments([targets]))


def registered(m: Machine, frame: Frame, root: int, slot: str, seen: set[int]) -> Values:
    """Everything remembered on an object, and on objects remembered there (tools of a ToolNode that is a node)."""
    if root in seen:
        return EMPTY
    seen.add(root)
    found = m.state.read(m.state.slots["registered", root, slot]) if root else EMPTY
    nested: set[Value] = set()
    for value in sorted(found):
        for holder in _identities(m, frozenset((value,))):
            for inner in m.registration_slots:
                nested |= registered(m, frame, holder, inner, set(seen))
    return found | nested


def _targets(
    m: Machine, frame: Frame, register_: int, rule: Dispatch, arguments: Arguments, receiver: Values, root: int
) -> Values:
    found: set[Value] = set()
    for argument in rule.targets:
        if argument.position == -1:
            found |= receiver | _owner(m, root)
            continue
        values = arguments.get(argument.position, argument.keyword)
        if argument.position is not None and argument.each and argument.keyword is None:
            values = EMPTY.union(*arguments.positional[argument.position :], arguments.rest)
        found |= values
        if argument.each:
            found |= _elements(m, frame, values)
        if rule.by_name:
            for name in (*m.constants(values), *_names_of_stubs(m, rule.by_name, values)):
                found |= named(m, rule.by_name, name) or listings.listed(m, frame, rule.by_name, name)
        else:  # `queue.enqueue("app.jobs.push", 1)`
            dotted = frozenset(v for v in values if _DOTTED.fullmatch(m.table.text_of(v) or ""))
            found |= importing.named(m, frame, register_, dotted) if dotted else EMPTY
    return frozenset(found)


def named(m: Machine, framework: str, name: str) -> Values:
    """The units of a framework that are registered under a name."""
    return m.state.read(m.state.slots["unit", framework, name])


def _names_of_stubs(m: Machine, framework: str, values: Values) -> list[str]:
    """The names of units among values that do nothing themselves: what is registered under the same name runs, as with
    `execute_activity(Payments.refund)` of an interface."""
    names: dict[str, None] = {}
    for value in sorted(values):
        function = m.table.function_of(value)
        if function >= 0 and has_no_body(m.state.functions[function].scope.code):
            plain = m.table.data[value][0] if m.table.kinds[value] == BOUND else value
            names |= dict.fromkeys(m.constants(m.state.read(m.state.slots["unit names", framework, plain])))
    return list(names)


def _owner(m: Machine, root: int) -> Values:
    """An object of the class on which an attribute that knows its class was read: `Order.objects`."""
    if root >= 0 or m.table.kinds[-root] != CLASS:
        return EMPTY
    return frozenset((m.state.instance(m.table.data[-root][0], 0),))


def _elements(m: Machine, frame: Frame, values: Values) -> Values:
    """What stands in lists, and in pairs in them: `[("mail", send_mail)]`."""
    listed = [v for v in sorted(values) if m.table.kinds[v] == CONT]
    found = EMPTY.union(*(containers.get(m, frame, value, None) for value in listed))
    pairs = [v for v in sorted(found) if m.table.kinds[v] == CONT and m.table.data[v][0] == "tuple"]
    return found.union(*(containers.get(m, frame, pair, None) for pair in pairs))


def _handed_over(m: Machine, frame: Frame, rule: Dispatch, arguments: Arguments) -> Arguments:
    if rule.arguments is not None or rule.keywords is not None:
        packed = _packed(m, frame, arguments, rule.arguments, rule.keywords)
        if packed.positional or packed.keywords or rule.rest_from is None:
            return packed
    if rule.rest_from is not None:
        rest = arguments.from_position(rule.rest_from)
        keywords = {} if rule.by_name and not rule.spreads else rest.keywords
        return Arguments(rest.positional, rest.rest, keywords, EMPTY, rest.has_rest)
    return Arguments()


def run(
    m: Machine, frame: Frame, register_: int, target: Value, rule: Dispatch, given: Arguments, edge: EdgeInfo
) -> Values:
    """Run one target of a dispatch."""
    kind = m.table.kinds[target]
    if kind == CORO:
        activation, site = m.table.data[target]
        if edge[0] == "dispatch":
            m.coroutine_edges[site, activation] = edge
        return iteration.awaited(m, frame, register_, frozenset((target,)))
    if kind == CLASS:
        return _run_class(m, frame, register_, target, rule, given, edge)
    if kind == INST:
        methods = m.method_values(target, rule.method or "__call__")
        return m.call(frame, register_, methods, given, edge)
    if kind in _RUNNABLE:
        return m.call(frame, register_, frozenset((calls.as_target(m, target),)), given, edge)
    if kind == EXT and not rule.method and (rule.rest_from is not None or rule.arguments is not None):
        return m.call(frame, register_, frozenset((target,)), given, edge)  # `to_thread(requests.post, url)`
    return EMPTY


def _run_class(
    m: Machine, frame: Frame, register_: int, target: Value, rule: Dispatch, given: Arguments, edge: EdgeInfo
) -> Values:
    instance = m.table.make(INST, m.table.data[target][0], DECLARED_KEY)
    if not rule.method:
        return m.call(frame, register_, frozenset((target,)), given, edge)
    m.call(frame, register_, frozenset((target,)), Arguments(), edge)
    return m.call(frame, register_, m.method_values(instance, rule.method), given, edge)
