"""Builtins and standard-library functions whose result depends on what they are given."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING

from dealix_lint.callgraph import (
    containers,
    conversions,
    guards,
    importing,
    iteration,
    named,
    parameters,
    scoping,
    singling,
    stdlib_calls,
    urls,
    widening,
)
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import (
    BOUND,
    CLASS,
    CLASSM,
    CONT,
    EMPTY,
    EXT,
    FUNC,
    INST,
    MODULE,
    PROP,
    STATICM,
    SUPER,
    VIEW,
    Value,
    Values,
)
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

FEWEST_PLUGINS, MOST_PLUGINS = 3, 200  # names of a module that `getattr` chooses classes from
PLUGIN_SHARE = 0.75  # of its classes belong to one hierarchy

Builtin = Callable[["Machine", "Frame", int, Arguments], Values]


def call(m: Machine, frame: Frame, register: int, path: str, arguments: Arguments) -> Values | None:
    """The result of a modelled function; None if the path is none of them."""
    handler = BUILTINS.get(path)
    return None if handler is None else handler(m, frame, register, arguments)


def _super(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    if len(a.positional) >= 2:
        owners = [m.table.data[v][0] for v in sorted(a.positional[0]) if m.table.kinds[v] == CLASS]
        return frozenset(
            m.table.make(SUPER, owner, receiver) for owner in owners for receiver in sorted(a.positional[1])
        )
    owner = scoping.enclosing_class(m.state, frame.module, frame.function.scope.parent)
    if owner is None:
        return EMPTY
    receivers = m.first_parameter(frame)
    return frozenset(
        m.table.make(SUPER, m.state.class_id(owner), receiver)
        for receiver in sorted(receivers)
        if m.table.kinds[receiver] in (INST, CLASS)
    )


def _getattr(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    if len(a.positional) < 2:
        return EMPTY
    default = a.positional[2] if len(a.positional) > 2 else EMPTY
    names = m.constants(a.positional[1]) or guards.options(m, frame, r, _argument(frame, r, 1))
    found = EMPTY.union(*(m.load(frame, r, a.positional[0], name) for name in names))
    if not names:
        found |= m.load_fitting(frame, r, a.positional[0], a.positional[1]) | _any_method(m, a.positional[0])
        found |= named.any_method(m, frame, r, a.positional[0], a.positional[1])
    if len(names) < max(len(a.positional[1]), 1):
        found = found.union(*[_plugins(m, frame, r, v) for v in sorted(a.positional[0]) if m.table.kinds[v] == MODULE])
    return found | default


def _argument(frame: Frame, r: int, position: int) -> int:
    """The register of what a call is handed at a position; -1 if that is not known."""
    instruction = frame.scope.code[r]
    given = instruction[2] if instruction[0] == ir.CALL else ()
    return int(given[position]) if len(given) > position and min(given) >= 0 else -1


def _plugins(m: Machine, frame: Frame, r: int, module: Value) -> Values:
    """`getattr(wallets, settings.WALLET)`: the classes of a module that is there for one hierarchy of classes."""
    index = m.state.program.modules.get(m.table.data[module][0])
    names = m.module_names(index) if index is not None else ()
    if not FEWEST_PLUGINS <= len(names) <= MOST_PLUGINS:
        return EMPTY
    held = EMPTY.union(*[m.load(frame, r, frozenset((module,)), name) for name in sorted(names)])
    classes = [v for v in sorted(held) if m.table.kinds[v] == CLASS]
    counts = widening.bases(m.state, classes)
    base, count = max(counts.items(), key=lambda item: (item[1], item[0]), default=((0, 0), 0))
    if count < FEWEST_PLUGINS or count < PLUGIN_SHARE * len(classes):
        return EMPTY
    infos = m.state.classes
    identities = {v: m.state.class_list[m.table.data[v][0]] for v in classes}
    return frozenset(
        v
        for v, c in identities.items()
        if base in infos.info(c).ancestry and c != base and not infos.info(c).is_abstract
    )


def _any_method(m: Machine, holders: Values) -> Values:
    """`getattr(client, verb)` of a tracked object, or of a module that has such functions: some method, written `client.[]`."""
    rules = m.state.rules
    paths = [(m.table.data[v][0], m.table.data[v][1]) for v in sorted(holders) if m.table.kinds[v] == EXT]
    known = [
        (path, root)
        for path, root in paths
        if (path.endswith("()") and rules.is_tracked(path[:-2])) or path in rules.choosable
    ]
    return EMPTY.union(*(m.external(f"{path}.[]", root) for path, root in known))


def _setattr(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`setattr(x, name, value)`. Where the name is one of several, a text is that of one of them, and nobody knows of which:
    `for name in ("url", "token_url"): setattr(self, name, rendered(getattr(self, name)))`."""
    if len(a.positional) == 3 and frame.function.scope.name != "__getattr__":  # which gives again what it keeps
        names = m.constants(a.positional[1])
        if len(names) > 1 and (together := _set_together(m, frame, r)):
            for keys, values in together:
                for name in m.constants(keys):
                    m.store(frame, r, a.positional[0], name, values)
            return EMPTY
        values = a.positional[2] if len(names) == 1 else m.state.without_texts(a.positional[2])
        for name in names:
            m.store(frame, r, a.positional[0], name, values)
    return EMPTY


def _set_together(m: Machine, frame: Frame, r: int) -> list[tuple[Values, Values]]:
    """Names and what is set under each: `for name, handler in HANDLERS.items(): setattr(self, name, handler)`."""
    instruction = frame.scope.code[r]
    if instruction[0] != ir.CALL or len(instruction[2]) != len(("x", "name", "value")) or min(instruction[2]) < 0:
        return []
    return singling.paired(m, frame, instruction[2][1], instruction[2][2])


def _first(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    return a.get(0, None)


def _duplicated(method: str) -> Builtin:
    """`copy.copy(x)`, `copy.deepcopy(x)`: the value itself, or what its class's own method makes."""

    def handle(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
        given = a.get(0, "x")
        own = [v for v in m.instances(given) if m.has_member(v, method)]
        made = [iteration.special(m, frame, r, v, method, EMPTY) or frozenset((v,)) for v in own]
        return given.difference(own).union(*made)

    return handle


def _dedented(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`textwrap.dedent("...")` of a constant."""
    texts = [(value, m.table.text_of(value)) for value in sorted(a.get(0, "text"))]
    return frozenset(value if text is None else m.table.constant(textwrap.dedent(text)) for value, text in texts)


def _next(step: str) -> Builtin:
    def handle(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
        found: set[int] = set()
        for value in sorted(a.get(0, None)):
            if m.table.kinds[value] == INST:
                found |= iteration.special(m, frame, r, value, step)
            else:
                found |= iteration.iterate(m, frame, r, frozenset((value,)), False)
        return frozenset(found) | a.get(1, "default")

    return handle


def _iter(start: str) -> Builtin:
    def handle(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
        if len(a.positional) > 1:  # `iter(queue.get, None)`: what the function gives, time and again
            return _map(m, frame, r, Arguments(a.positional[:1]))
        found: set[int] = set()
        for value in sorted(a.get(0, None)):
            if m.table.kinds[value] == INST and m.has_member(value, start):
                found |= iteration.special(m, frame, r, value, start)
            else:
                found.add(value)
        return frozenset(found)

    return handle


def _copied(kind: str, *, asks_length: bool = False) -> Builtin:
    def handle(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
        container = containers.new_container(m, kind, frame, r)
        for value in sorted(a.get(0, None)):
            if kind == "dict" and containers.is_mapping(m, value):
                containers.write_key(m, container, *conversions.items_of(m, frame, r, value))
            elif kind == "dict" and not containers.is_dict(m, value):
                _put_pairs(m, frame, r, value, container)
            elif m.table.kinds[value] == CONT and kind != "set":
                containers.copy_into(m, frame, value, container, a.keywords)
            else:
                containers.put(m, container, None, iteration.iterate(m, frame, r, frozenset((value,)), False))
        if asks_length:
            _LENGTH(m, frame, r, a)
        for name, values in a.keywords.items():
            if kind == "dict":
                containers.put(m, container, name, values)
        return frozenset((container,))

    return handle


def _put_pairs(m: Machine, frame: Frame, r: int, source: int, target: int) -> None:
    """`dict(pairs)`."""
    for pair in sorted(m.iterate(frame, r, frozenset((source,)), False)):
        one = frozenset((pair,))
        containers.write_key(m, target, iteration.item(m, frame, r, one, 0), iteration.item(m, frame, r, one, 1))


def _cast(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """The value itself, if it may be of the type, or is a function, of which a type says what it has; where nothing is known of
    it, or only a base of the type, an instance of the type."""
    values, types = a.get(1, "val"), a.get(0, "typ")
    if values and all(m.table.kinds[value] in (FUNC, BOUND) for value in values):
        return values
    if not m.all_passive(values):
        told = parameters.heirs_of(m, frame, values, types)
        return told.union(parameters.narrowed(m, frame, values, types, True)) or values
    named = [m.types.instances(frame.module, frame.scope_index, ("name", name)) for name in m.constants(types)]
    return EMPTY.union(values, parameters.instances_of(m, frame, types), *named)


def _reduced(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`max(xs, key=f)`, `min`: one of the elements (or of the arguments)."""
    given = a.positional[0] if len(a.positional) == 1 else EMPTY
    found = m.iterate(frame, r, given, False) if given else EMPTY.union(*a.positional)
    conversions.order(m, frame, r, found, a.get(None, "key"))
    return found


def _sorted(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    found = _copied("list", asks_length=True)(m, frame, r, a)
    keys = a.get(None, "key")
    elements = m.iterate(frame, r, a.get(0, None), False) if keys else conversions.iterated(m, frame, r, a.get(0, None))
    conversions.order(m, frame, r, elements, keys)
    return found


def _map(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    inputs = [m.iterate(frame, r, values, False) for values in a.positional[1:]]
    results = m.call(frame, r, a.get(0, None), Arguments(inputs))
    container = containers.new_container(m, "list", frame, r)
    containers.put(m, container, None, results)
    return frozenset((container,))


def _filter(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    inputs = m.iterate(frame, r, a.get(1, None), False)
    m.call(frame, r, a.get(0, None), Arguments([inputs]))
    container = containers.new_container(m, "list", frame, r)
    containers.put(m, container, None, inputs)
    return frozenset((container,))


def _tuples(m: Machine, frame: Frame, r: int, columns: list[Values]) -> Values:
    """An iterable of tuples with these columns."""
    row = m.table.make(CONT, "tuple", -m.state.site(frame.activation.index, frame.scope_index, r))
    for position, values in enumerate(columns):
        containers.put(m, row, position, values)
    container = containers.new_container(m, "list", frame, r)
    containers.put(m, container, None, frozenset((row,)))
    return frozenset((container,))


def _enumerate(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    return _tuples(m, frame, r, [EMPTY, m.iterate(frame, r, a.get(0, None), False)])


def _zip(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    return _tuples(m, frame, r, [m.iterate(frame, r, values, False) for values in a.positional])


def _wrapped(kind: int) -> Builtin:
    def handle(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
        return m.wrapped(kind, a.get(0, None))

    return handle


def _property(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    setters = sorted(a.get(1, "fset")) or [0]
    return frozenset(
        m.table.make(PROP, getter, setter, depth=m.table.depths[getter])
        for getter in a.get(0, "fget")
        for setter in setters[:1]
    )


def environment(m: Machine, a: Arguments) -> Values:
    """Reading an environment variable: the variable or the default."""
    names = m.constants(a.get(0, "key"))
    path = f"os.environ['{names[0]}']" if len(names) == 1 else "os.environ[]"
    return m.external(path, 0) | a.get(1, "default")


def _new_object(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`object.__new__(cls)`: an instance, not initialized yet."""
    return frozenset(m.state.instance(m.table.data[v][0], 0) for v in a.get(0, None) if m.table.kinds[v] == CLASS)


def _globals(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    container = containers.new_container(m, "dict", frame, r)
    for name in sorted(m.module_names(frame.module)):
        slot = m.state.slots["global", frame.module, name]
        containers.put(m, container, name, m.state.read(slot))
    return frozenset((container,))


def _isinstance(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    return EMPTY


def _type(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    if len(a.positional) == 3:
        return stdlib_calls.made_class(m, frame, r, a)
    return frozenset(m.table.make(CLASS, m.table.data[v][0]) for v in a.get(0, None) if m.table.kinds[v] == INST)


def _special(*names: str) -> Builtin:
    """A builtin that calls a special method of its argument (`len`, `str`, `repr`, ...)."""

    def handle(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
        found: set[int] = set()
        for value in m.instances(a.get(0, None)):
            for name in names:
                if m.has_member(value, name):
                    found |= iteration.special(m, frame, r, value, name)
                    break
        if names[0] == "__str__":
            found |= {v for v in a.get(0, None) if m.table.kinds[v] not in (INST, MODULE, VIEW)}
        elif names[0] == "__bytes__":  # `bytes(text, "utf-8")`
            found |= {v for v in a.get(0, "source") if m.is_text(v) or m.table.text_of(v) is not None}
        return frozenset(found)

    return handle


_LENGTH = _special("__len__")


def _sum(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    for value in m.instances(m.iterate(frame, r, a.get(0, None), False)):
        iteration.special(m, frame, r, value, "__add__", EMPTY)
    return EMPTY


BUILTINS: dict[str, Builtin] = {
    "<builtin>.super": _super,
    "<builtin>.getattr": _getattr,
    "<builtin>.setattr": _setattr,
    "<builtin>.object.__setattr__": _setattr,
    "<builtin>.object.__new__": _new_object,
    "<builtin>.next": _next("__next__"),
    "<builtin>.anext": _next("__anext__"),
    "<builtin>.iter": _iter("__iter__"),
    "<builtin>.aiter": _iter("__aiter__"),
    "<builtin>.list": _copied("list", asks_length=True),
    "<builtin>.tuple": _copied("tuple", asks_length=True),
    "<builtin>.set": _copied("set"),
    "<builtin>.frozenset": _copied("set"),
    "<builtin>.dict": _copied("dict"),
    "<builtin>.sorted": _sorted,
    "<builtin>.reversed": conversions.turned_round,
    "<builtin>.any": conversions.any_or_all,
    "<builtin>.all": conversions.any_or_all,
    "<builtin>.hasattr": conversions.has_attribute,
    "collections.OrderedDict": _copied("dict"),
    "types.MappingProxyType": _copied("dict"),
    "weakref.WeakKeyDictionary": _copied("dict"),
    "weakref.WeakValueDictionary": _copied("dict"),
    "weakref.WeakSet": _copied("set"),
    "collections.deque": _copied("list"),
    "itertools.chain.from_iterable": _first,
    "itertools.cycle": _first,
    "itertools.islice": _first,
    "copy.copy": _duplicated("__copy__"),
    "textwrap.dedent": _dedented,
    "inspect.cleandoc": _dedented,
    "copy.deepcopy": _duplicated("__deepcopy__"),
    "typing.cast": _cast,
    "typing_extensions.cast": _cast,
    "<builtin>.max": _reduced,
    "<builtin>.min": _reduced,
    "<builtin>.map": _map,
    "<builtin>.filter": _filter,
    "<builtin>.enumerate": _enumerate,
    "<builtin>.zip": _zip,
    "<builtin>.staticmethod": _wrapped(STATICM),
    "<builtin>.classmethod": _wrapped(CLASSM),
    "<builtin>.property": _property,
    "functools.cached_property": _property,
    "importlib.import_module": importing.import_module,
    "<builtin>.__import__": importing.import_module,
    "<builtin>.globals": _globals,
    "<builtin>.isinstance": _isinstance,
    "<builtin>.type": _type,
    "<builtin>.len": _LENGTH,
    "<builtin>.str": _special("__str__", "__repr__"),
    "<builtin>.repr": _special("__repr__"),
    "<builtin>.bool": _special("__bool__", "__len__"),
    "<builtin>.int": _special("__int__", "__index__"),
    "<builtin>.float": _special("__float__"),
    "<builtin>.hash": _special("__hash__"),
    "<builtin>.abs": _special("__abs__"),
    "<builtin>.print": _special("__str__", "__repr__"),
    "<builtin>.bytes": _special("__bytes__"),
    "<builtin>.format": _special("__format__"),
    "<builtin>.sum": _sum,
}
BUILTINS.update(stdlib_calls.HANDLERS)
BUILTINS.update(urls.HANDLERS)
