"""Calling what is not part of the analysed tree: builtins, libraries, frameworks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dealix_lint.callgraph import (
    builtin_calls,
    conversions,
    formatting,
    given,
    importing,
    options,
    preparing,
    providers,
    records,
    relations,
    splitting,
    stdlib_calls,
    texts,
    units,
    urls,
)
from dealix_lint.callgraph.arguments import arguments_of
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.rules import PathFacts
from dealix_lint.callgraph.state import EdgeInfo
from dealix_lint.callgraph.values import CLASS, EMPTY, EXT, INST, LONGEST_PATH, Value, Values
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Argument, Dispatch
from dealix_lint.model.graph import CALL_EDGE, MEDIUM

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

CALLBACK_EDGE: EdgeInfo = (CALL_EDGE, "", MEDIUM)
_NEVER_CALLING_BACK = (
    "<builtin>.", "functools.wraps", "functools.update_wrapper", "inspect.", "typing.", "logging.", "types.", "warnings.",
    "copy.", "pickle.", "json.", "weakref.", "unittest.mock.", "dataclasses.", "operator.", "hashlib.", "base64.", "binascii.",
    "struct.", "zlib.", "math.", "decimal.", "datetime.", "time.", "uuid.", "secrets.", "textwrap.", "html.escape", "shlex.",
    "urllib.parse.", "ipaddress.",
)  # fmt: skip
_INIT = ".__init__"
_TESTS = frozenset(("test", "tests"))
_ASKING = ("is_", "has_", "iscoroutine", "isgenerator", "isasync")
MOST_HANDED_OVER = 12  # as one argument of an unknown library; with more, nobody knows what it calls, if anything
NOT_PLAIN: tuple[Values, bool] = (EMPTY, False)
_FIELD_FACTORIES = frozenset(("field", "Field", "ib", "attrib", "PrivateAttr", "mapped_column"))


def call(m: Machine, frame: Frame, register: int, value: Value, arguments: Arguments, receiver: Values) -> Values:
    """Call an external path (on a first-party object: `receiver`)."""
    delegated = _delegated(m, frame, register, value, arguments)
    if delegated is not None:
        return delegated
    m.add_external(frame, register, value)
    instruction = frame.scope.code[register]
    if instruction[0] != ir.CALL or value not in frame.registers[instruction[1]]:
        m.indirect[frame.activation.index, frame.scope_index, register, value] = arguments
    if receiver and m.table.data[value][0].endswith(_INIT):
        m.created(receiver, arguments)
        for instance in m.instances(receiver):
            preparing.constructed(m, frame, register, instance, arguments)
        rules = _constructor_dispatches(m, m.table.data[value][0])
        return units.dispatch(m, frame, register, value, rules, arguments, receiver) if rules else EMPTY
    said = given.result(m, frame, register, m.table.data[value][0], receiver) if receiver else EMPTY
    if said:
        return said
    plain = _plain(m, value)
    if plain is not NOT_PLAIN:
        result, calls_back = plain
        if calls_back:
            _call_back(m, frame, register, arguments)
        return result | _looked_up(m, (value,), arguments)
    path, root = m.table.data[value]
    known = builtin_calls.call(m, frame, register, path, arguments)
    if known is not None:
        return known
    if path.startswith("contextvars.ContextVar"):
        return _context_variable(m, frame, register, path, root, arguments)
    if path in records.MAKERS:
        return records.made(m, frame, register, path, root, arguments)
    dispatches = _constructor_dispatches(m, path)
    if dispatches:
        return units.dispatch(m, frame, register, value, dispatches, _without_self(m, arguments), receiver)
    facts = m.state.rules.facts(path)
    if facts.provider:
        return providers.made(m, frame, register, value, facts.provider, arguments)
    if facts.is_variable:
        return builtin_calls.environment(m, arguments)
    if facts.options:
        options.note(m, value, facts.options, arguments)
    unit = _unit(m, frame, register, path, facts, arguments) if facts.units or facts.is_decorator else EMPTY
    if unit:
        remembering = tuple(rule for rule in facts.dispatches if rule.registers)
        if remembering:  # `signal.connect(f)` is `@signal.connect`
            units.dispatch(m, frame, register, value, remembering, arguments, receiver)
        return unit
    dispatched = (
        units.dispatch(m, frame, register, value, facts.dispatches, arguments, receiver) if facts.dispatches else None
    )
    returned = _returned(m, frame, register, path, root, facts, arguments)
    if returned is not None:
        return returned
    result = stdlib_calls.shaped(m, frame, register, path, dispatched or EMPTY)
    if dispatched is None and may_call_back(path):
        _call_back(m, frame, register, arguments)
    if path.rpartition(".")[2] in _FIELD_FACTORIES:
        result |= _field_value(m, frame, register, arguments)
    return result | _result(m, frame, register, path, root, facts, arguments)


def _delegated(m: Machine, frame: Frame, register: int, value: Value, arguments: Arguments) -> Values | None:
    """What an inherited method of a library gives that calls one which the object's class overrides; None where it does not."""
    path, root = m.table.data[value]
    if root >= 0 or m.table.kinds[-root] != INST:
        return None
    for rule in m.state.rules.facts(path).delegations:
        if m.has_member(-root, rule.method):
            override = m.load(frame, register, frozenset((-root,)), rule.method)
            name = frozenset((m.table.constant(path.rpartition(".")[2].upper()),))
            return m.call(frame, register, override, arguments.with_first(name) if rule.named else arguments)
    return None


def _constructor_dispatches(m: Machine, path: str) -> tuple[Dispatch, ...]:
    """What the rules say of a class whose constructor a subclass calls: `Thread.__init__(self, target=f)`,
    `super().__init__(target=f)`."""
    return m.state.rules.facts(path.removesuffix(_INIT)).dispatches if path.endswith(_INIT) else ()


def _without_self(m: Machine, arguments: Arguments) -> Arguments:
    """The arguments of a constructor, which is handed the object where it is called by the name of its class."""
    is_explicit = arguments.positional and m.instances(arguments.positional[0])
    return arguments.from_position(1) if is_explicit else arguments


def _unit(m: Machine, frame: Frame, register: int, path: str, facts: PathFacts, arguments: Arguments) -> Values:
    """What a decorator that makes units gives where it is called: `app.task(f)`, `app.task(name="n")(f)`."""
    if not facts.is_decorator:
        return units.register_call(m, frame, register, path, arguments, arguments.from_position(1))
    instruction = frame.scope.code[register]
    made = frame.scope.code[instruction[1]] if instruction[0] == ir.CALL else instruction
    options = arguments_of(m, frame, made) if instruction[0] == made[0] == ir.CALL else Arguments()
    return units.register_call(m, frame, register, path.removesuffix("()"), arguments, options)


def call_plain(
    m: Machine, frame: Frame, register: int, callees: Values, arguments: Arguments
) -> tuple[Values, list[Value]]:
    """Call those of several values of which no rule speaks; gives what they give, and the other values."""
    known = m.plain_sets.get(callees)
    if known is None:
        known = m.plain_sets[callees] = _without_rules(m, callees)
    plain, result, calls_back, others = known
    instruction = frame.scope.code[register]
    if not plain or instruction[0] != ir.CALL or frame.registers[instruction[1]] is not callees:
        return EMPTY, sorted(callees)
    m.add_externals(frame, register, plain)
    if calls_back:
        _call_back(m, frame, register, arguments)
    return result | _looked_up(m, plain, arguments), others


def _looked_up(m: Machine, callees: Iterable[Value], arguments: Arguments) -> Values:
    """The address that a look-up in something unknown gives where it finds nothing: `config.get("url", "https://...")`."""
    if len(arguments.positional) < 2 and "default" not in arguments.keywords:
        return EMPTY
    found = urls.default_of(m, arguments)
    paths = [m.table.data[value][0] for value in callees] if found else []
    looks = any(path.rpartition(".")[2] in urls.LOOKING_UP and not m.state.rules.is_effect(path) for path in paths)
    return found if looks else EMPTY


def _without_rules(m: Machine, callees: Values) -> tuple[Values, Values, bool, list[Value]]:
    found = {value: _plain(m, value) for value in sorted(callees) if m.table.kinds[value] == EXT}
    plain = {value: known for value, known in found.items() if known is not NOT_PLAIN}
    methods = {value: m.table.data[value][0].rpartition(".")[2] for value in found}
    spoken_of = {methods[value] for value in found if value not in plain}  # what nobody knows is the same object
    return (
        callees if len(plain) == len(callees) else frozenset(plain) or EMPTY,
        EMPTY.union(*(result for result, _ in plain.values())) or EMPTY,
        any(calls_back and methods[value] not in spoken_of for value, (_, calls_back) in plain.items()),
        [value for value in sorted(callees) if value not in plain],
    )


def _plain(m: Machine, value: Value) -> tuple[Values, bool]:
    """What calling a path gives and whether it may call back, if nothing is known of the path; else NOT_PLAIN."""
    found = m.plain_calls.get(value)
    if found is None:
        path, root = m.table.data[value]
        is_special = (
            path in builtin_calls.BUILTINS
            or path.startswith("contextvars.ContextVar")
            or path in records.MAKERS
            or path.rpartition(".")[2] in _FIELD_FACTORIES
            or bool(_constructor_dispatches(m, path))
        )
        found = NOT_PLAIN
        if not is_special and m.state.rules.facts(path).is_plain:
            found = m.external(called(path), root), may_call_back(path) and not _is_for_tests(m, path)
        m.plain_calls[value] = found
    return found


def may_call_back(path: str) -> bool:
    """Whether a library may call what it is handed; what only asks something of it (`iscoroutinefunction(f)`) does not."""
    return not path.startswith(_NEVER_CALLING_BACK) and not path.rpartition(".")[2].startswith(_ASKING)


def _is_for_tests(m: Machine, path: str) -> bool:
    """Whether a path leads into the tests of a package of the project, which are left out: what is handed to these runs in
    tests."""
    package, *parts = path.split(".")
    return not _TESTS.isdisjoint(parts) and m.state.names.is_module(package)


def _context_variable(m: Machine, frame: Frame, register: int, path: str, root: int, arguments: Arguments) -> Values:
    if path == "contextvars.ContextVar":
        root = m.creation_site(frame, register, arguments)
        m.state.add(m.state.slots["context variable", root], arguments.get(None, "default"))
        return m.external(f"{path}()", root)
    return stdlib_calls.context_variable(m, frame, path.rpartition(".")[2], root, arguments)


def _result(
    m: Machine, frame: Frame, register: int, path: str, root: int, facts: PathFacts, arguments: Arguments
) -> Values:
    if facts.is_factory:
        keyword = m.state.rules.constant_factories[path]
        given = arguments.get(None, keyword) if keyword else arguments.get(0, "service_name")
        constants = m.constants(given) or (_members(m, given) if keyword else [])
        if len(constants) == 1:
            constant = f"{keyword}='{constants[0]}'" if keyword else f"'{constants[0]}'"
            return m.external(f"{path}({constant})", m.creation_site(frame, register, arguments))
    if facts.is_tracked or facts.injections:
        made = m.creation_site(frame, register, arguments)
        names = m.constants(arguments.get(0, "name")) if facts.is_shared else []
        root = m.shared.setdefault((path, root, names[0]), made) if len(names) == 1 else made
        result = m.external(f"{path}()", root)
        # Annotations refer to the register (`Annotated[T, Depends(f)]`).
        m.state.add(m.state.slots["register", frame.module, frame.scope_index, register], result)
        return result
    return m.external(called(path), root)


def _members(m: Machine, values: Values) -> list[str]:
    """The names of a library's enum members among values: `typing` of `ActivityTypes.typing`."""
    paths = (m.table.data[value][0] for value in values if m.table.kinds[value] == EXT)
    return sorted({path.rpartition(".")[2] for path in paths if path[-1] not in ")]"})


def called(path: str) -> str:
    """The path of what calling a path gives. A method called again on what it gave back (`query.where().order_by().where()`,
    as in a loop) gives what it gave the first time: paths do not grow without end. `projects.get().issues.get()` is another
    one's method."""
    if path.endswith("()()"):
        return path
    step = path[path.rfind(")") + 1 :]
    before = path.find(f"{step}().") if step.startswith(".") else -1
    return f"{path}()" if before < 0 else path[: before + len(step) + 2]


def _returned(
    m: Machine, frame: Frame, register: int, path: str, root: int, facts: PathFacts, arguments: Arguments
) -> Values | None:
    for rule in facts.returns:
        given = arguments.get(rule.argument.position, rule.argument.keyword)
        if rule.value == "argument":
            if _makes_decorator(m, path, rule.argument, given, arguments):
                continue
            return given
        if rule.value == "awaited":
            return m.awaited(frame, register, given)
        if rule.value == "element":
            return m.iterate(frame, register, given, False)
        if rule.value == "result":
            return m.call(frame, register, given, Arguments())
        if rule.value == "wrapper":
            return stdlib_calls.wrapper(m, frame, register, given, arguments)
        if rule.value == "instance":
            found = m.types.named_instances(frame, given)
            if frame.scope.kind == "class":
                relations.note(m, frame, register, found)
            return found
        if rule.value == "class":
            named = given or arguments.get(rule.default.position, rule.default.keyword)
            found = m.types.named_instances(frame, named)
            return frozenset(m.table.make(CLASS, m.table.data[v][0]) for v in m.instances(found)) or None
        if rule.value == "named":
            return importing.named(m, frame, register, given) or None
        if rule.value == "item":
            return _item(m, path, root, given) | arguments.get(rule.default.position, rule.default.keyword)
        if rule.value == "receiver":
            return m.external(path.rpartition(".")[0], root)
        if rule.value == "owner":
            return m.owner_of(path, root) or None
        is_owned = m.state.rules.is_owned(rule.value)
        asked = given if is_owned and len(arguments.positional) == 1 else EMPTY  # rows of several are tuples
        classes = [value for value in sorted(asked) if m.table.kinds[value] == CLASS]
        if classes:  # `session.query(Order)`
            return EMPTY.union(*(m.external(rule.value, -value) for value in classes))
        if frame.scope.kind == "class" and is_owned:
            root = -m.table.make(CLASS, m.state.class_id((frame.module, frame.scope_index)))
        return m.external(
            rule.value, m.creation_site(frame, register, arguments) if rule.value.endswith("()") else root
        )
    return None


def _makes_decorator(m: Machine, path: str, place: Argument, given: Values, arguments: Arguments) -> bool:
    """Whether a decorator that may be called first (`@retry`, `@retry(stop=...)`) is handed its options, not what it decorates."""
    if not any(rule.value == "argument" for rule in m.state.rules.facts(f"{path}()").returns):
        return False
    is_given = place.keyword in arguments.keywords or len(arguments.positional) > (place.position or 0)
    return not is_given or (bool(given) and m.all_passive(given))


def _item(m: Machine, path: str, root: int, keys: Values) -> Values:
    """`config.get("PAY_URL")` is `config["PAY_URL"]`."""
    constants = m.constants(keys)
    if len(constants) != 1 or len(path) > LONGEST_PATH:
        return m.external(called(path), root)
    return m.external(f"{path.rpartition('.')[0]}['{constants[0]}']", root)


def _call_back(m: Machine, frame: Frame, register: int, arguments: Arguments) -> None:
    """An unknown library may call what it is handed; it is called from the place that handed it over. What a name alone
    suggests (`response.status`) is too little for that, and what a framework starts by itself (`group.add_command(cmd)`) is
    registered. Partials of library functions that are handed further partials
    (`f = partial(wrap, f)`, many times) lead here again: each callable is called once."""
    if _is_decoration(frame, register):
        return
    is_outermost = not m.called_back
    guesses: Values | None = None
    for values in (*arguments.positional, arguments.rest, *arguments.keywords.values(), arguments.others):
        callables = m.callables(values) if values else ()
        if not callables or len(callables) > MOST_HANDED_OVER:
            continue
        for handed in callables:
            if guesses is None:
                guesses = _guessed_operands(frame, register)
            if handed not in guesses and handed not in m.called_back and not units.is_started(m, handed):
                m.called_back.add(handed)
                m.call(frame, register, frozenset((handed,)), Arguments(), CALLBACK_EDGE)
    if is_outermost:
        m.called_back.clear()


def _is_decoration(frame: Frame, register: int) -> bool:
    """Whether a module or class names what a library makes of one function: `view = login_required(view)`. What is said of the
    function there, `governed(approval_class="A2")(pay)`, counts where it is called."""
    code = frame.scope.code
    if frame.scope.kind == "function" or register < 0 or code[register][0] != ir.CALL:
        return False
    _, callee, positional, keywords = code[register]
    says = code[callee][0] == ir.CALL and code[callee][3]
    return (
        len(positional) == 1
        and not keywords
        and not says
        and any(register in bound for _, bound in frame.scope.exports)
    )


def _guessed_operands(frame: Frame, register: int) -> Values:
    """Values of the attributes among a call's arguments that were found by their name alone."""
    instruction = frame.scope.code[register]
    if not frame.guessed or instruction[0] != ir.CALL:
        return EMPTY
    operands = (*instruction[2], *(operand for _, operand in instruction[3]))
    guesses = [operand for operand in operands if operand in frame.guessed and frame.scope.code[operand][0] == ir.ATTR]
    return EMPTY.union(*(frame.registers[operand] for operand in guesses))


def _field_value(m: Machine, frame: Frame, register: int, arguments: Arguments) -> Values:
    """`field(default=..., default_factory=...)` of dataclasses, attrs and pydantic."""
    factory = arguments.keywords.get("default_factory", EMPTY) | arguments.keywords.get("factory", EMPTY)
    if frame.scope.kind == "class" and any(m.table.kinds[v] != EXT for v in factory):
        for name, registers in frame.scope.exports:
            if any(register in frame.scope.code[r][1:] for r in registers if frame.scope.code[r][0] == ir.DECLARED):
                owner = (frame.module, frame.scope_index)
                m.state.add(m.state.slots["factory fields", owner], frozenset((m.table.constant(name),)))
                m.state.add(m.state.slots["factory", owner, name], factory)
                return arguments.get(0, "default")
    found = m.call(frame, register, factory, Arguments()) if factory else EMPTY
    return found | arguments.get(0, "default")


def call_text_method(m: Machine, frame: Frame, register: int, holder: Value, name: str, arguments: Arguments) -> Values:
    """Methods of texts that keep what is known of them."""
    if name in texts.TRIMMING:
        return frozenset((texts.trimmed(m, frame, register, holder, name),))
    if name in ("encode", "decode") or name in texts.READING:
        return frozenset((holder,))
    if name in ("lower", "upper"):
        text = m.table.text_of(holder)
        return (
            EMPTY if text is None else frozenset((m.table.constant(text.lower() if name == "lower" else text.upper()),))
        )
    if name == "format":
        template = texts.text_parts(m, holder)
        conversions.format_with(m, frame, register, template)
        instruction = frame.scope.code[register]
        if instruction[0] == ir.CALL and all(operand >= 0 for operand in instruction[2]):
            return formatting.brace_format(m, frame, template, instruction)
    if name == "format_map" and m.table.text_of(holder) is not None:
        return formatting.map_format(m, frame, m.table.text_of(holder) or "", arguments.get(0, "mapping"))
    if name in urls.UNCHANGING:
        return frozenset((holder,))
    if name in urls.MOVING or (name == "join" and urls.is_url(m, holder)):
        return urls.moved(m, frame, register, holder, name)
    if name == "join":
        _iterate_operands(m, frame, register)
        return formatting.joined(m, frame, register, holder)
    if name == "replace":
        return texts.replaced(m, frame, register, holder)
    if name in ("render", "substitute", "safe_substitute"):
        return texts.filled(m, holder, name)
    return splitting.parts(m, frame, register, holder, name) if name in splitting.METHODS else EMPTY


def _iterate_operands(m: Machine, frame: Frame, register: int) -> None:
    instruction = frame.scope.code[register]
    for operand in instruction[2] if instruction[0] == ir.CALL else ():
        if operand >= 0:
            conversions.iterated(m, frame, register, frame.registers[operand])


def store(m: Machine, frame: Frame, register: int, holder: Value, name: str, values: Values) -> None:
    """An attribute of an external object is assigned: remembered for its readers and for schedules."""
    path, root = m.table.data[holder]
    shared = m.state.rules.store(path)
    if shared is not None:
        m.state.add(m.state.slots["store", shared, name], values)
    preparing.stored(m, frame, register, holder, name, values)
    if path in m.state.rules.option_holders:
        options.keep(m, holder, name, values)
    if f"{path}.{name}" in m.state.rules.assigned:
        m.state.add(m.state.slots["outside", f"{path}.{name}", root], values)
