"""Standard-library objects that hold, wrap or fetch first-party values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dealix_lint.callgraph import containers, iteration, joining
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import (
    BOUND,
    CLASS,
    CLASSM,
    CONT,
    EMPTY,
    EXT,
    FUNC,
    PARTIAL,
    STATICM,
    UNIT,
    Value,
    Values,
)

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

Handler = Callable[["Machine", "Frame", int, Arguments], Values]

_CALLED = frozenset((FUNC, BOUND, CLASS, PARTIAL, STATICM, CLASSM, UNIT))


def partial(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`functools.partial(f, ...)`."""
    site = m.state.site(frame.activation.index, frame.scope_index, r)
    m.state.partials[site] = a.from_position(1)
    depth = frame.activation.depth
    return frozenset(
        v if _is_made_at(m, v, site) else m.table.make(PARTIAL, v, site, depth=max(depth, m.table.depths[v]))
        for v in a.get(0, None)
        if m.table.kinds[v] in _CALLED
        or m.is_external_value(v)
        or (m.is_instance_value(v) and m.has_member(v, "__call__"))
    )


def wrapper(m: Machine, frame: Frame, r: int, callers: Values, a: Arguments) -> Values:
    """`decorator.decorate(f, caller)`: a function that calls the caller with `f` and what it is given, its receiver first where
    it is a method; of the caller alone a decorator that makes such functions."""
    site = m.state.site(frame.activation.index, frame.scope_index, r)
    handed = [values for values in (*a.positional, *a.keywords.values()) if values != callers and m.callables(values)]
    (m.wrapper_partials if handed else m.decorator_partials).add(site)
    return partial(m, frame, r, Arguments([callers, *handed]))


def _is_made_at(m: Machine, value: Value, site: int) -> bool:
    """True for what this very call made before (`f = partial(f, x)` in a loop)."""
    while m.table.kinds[value] == PARTIAL:
        value, made_at = m.table.data[value]
        if made_at == site:
            return True
    return False


def _partial_method(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    m.method_partials.add(m.state.site(frame.activation.index, frame.scope_index, r))
    return partial(m, frame, r, a)


def _remembering(path: str) -> Handler:
    """A callable that is called later with what it is made with in front: `operator.methodcaller("run")`."""

    def handle(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
        site = m.state.site(frame.activation.index, frame.scope_index, r)
        m.state.partials[site] = a
        target = next(iter(m.external(path, 0)))
        return frozenset((m.table.make(PARTIAL, target, site, depth=frame.activation.depth),))

    return handle


def _call_by_name(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`methodcaller(name, *arguments)(x)`."""
    found = EMPTY
    for name in m.constants(a.get(0, None)):
        methods = m.load(frame, r, a.get(-1, None), name)
        found |= m.call(frame, r, methods, Arguments(a.positional[1:-1], keywords=a.keywords))
    return found


def _attribute_by_name(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    found = EMPTY
    for name in (name for values in a.positional[:-1] for name in m.constants(values)):
        values = a.get(-1, None)
        for part in name.split("."):
            values = m.load(frame, r, values, part)
        found |= values
    return found


def _item_by_key(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    found = EMPTY
    for values in a.positional[:-1]:
        for holder in sorted(a.get(-1, None)):
            if m.table.kinds[holder] == CONT:
                found |= containers.read_key(m, frame, holder, values)
    return found


def _first(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    return a.get(0, None)


def _replaced(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`dataclasses.replace(order, paid=True)`: the class of the object is called again with its fields, but for those that are
    given anew."""
    found = EMPTY
    for value in sorted(a.get(0, "obj")):
        if not m.is_instance_value(value):
            found |= {value}
            continue
        class_index = m.table.data[value][0]
        fields = m.hierarchy.field_names(m.state.class_list[class_index])
        kept = {name: m.load(frame, r, frozenset((value,)), name) for name in fields if name not in a.keywords}
        found |= m.call(frame, r, frozenset((m.table.make(CLASS, class_index),)), Arguments(keywords=kept | a.keywords))
    return found


def _gathered(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`asyncio.gather(...)`: results in order."""
    container = containers.new_container(m, "tuple", frame, r)
    for position, values in enumerate(a.positional):
        containers.put(m, container, position, iteration.awaited(m, frame, r, values))
    if a.rest:
        containers.put(m, container, None, iteration.awaited(m, frame, r, a.rest))
    return frozenset((container,))


def _waited(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`wait(futures)`: what is done and what is not."""
    container = containers.new_container(m, "tuple", frame, r)
    for position in (0, 1):
        containers.put(m, container, position, a.get(0, "fs"))
    return frozenset((container,))


def _chained(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    container = containers.new_container(m, "list", frame, r)
    elements = [m.iterate(frame, r, values, False) for values in (*a.positional, a.rest)]
    containers.put(m, container, None, EMPTY.union(*elements))
    return frozenset((container,))


def _namespace(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    container = containers.new_container(m, "namespace", frame, r)
    for name, values in a.keywords.items():
        containers.put(m, container, name, values)
    return frozenset((container,))


def made_class(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`type(name, bases, members)`: a container of the members, which remembers the bases of the project."""
    container = containers.new_container(m, "class", frame, r)
    bases = m.iterate(frame, r, a.positional[1], False)
    m.state.add(m.state.slots["bases", container], frozenset(v for v in bases if m.table.kinds[v] == CLASS))
    for members in sorted(a.positional[2]):
        if m.table.kinds[members] == CONT:
            containers.copy_into(m, frame, members, container)
    return frozenset((container,))


def _queue(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """A queue within the process: what is put into it comes out of it."""
    return frozenset((containers.new_container(m, "list", frame, r),))


def _default_dict(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    container = containers.new_container(m, "dict", frame, r)
    factories = a.get(0, None)
    m.default_factories[container] = frozenset(v for v in factories if m.table.kinds[v] == EXT)
    made = frozenset(v for v in factories if m.table.kinds[v] != EXT)
    if made:
        containers.put(m, container, None, m.call(frame, r, made, Arguments()))
    for value in sorted(a.get(1, None)):
        if m.table.kinds[value] == CONT:
            containers.copy_into(m, frame, value, container)
    return frozenset((container,))


def _entered(is_async: bool) -> Handler:
    def handle(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
        return iteration.enter(m, frame, r, a.get(0, "cm"), is_async)

    return handle


def context_variable(m: Machine, frame: Frame, method: str, root: int, a: Arguments) -> Values:
    """`ContextVar(...).set(value)` and `.get(default)`."""
    slot = m.state.slots["context variable", root]
    if method == "set":
        m.state.add(slot, a.get(0, "value"))
        return EMPTY
    return m.state.read(slot) | a.get(0, "default") if method == "get" else EMPTY


def shaped(m: Machine, frame: Frame, r: int, path: str, results: Values) -> Values:
    """What an executor gives back for the results of what it ran: a future, or an iterable; what `reduce` puts together."""
    if path == "functools.reduce":
        return joining.reduced(m, frame, r) or results
    method = path.rpartition(".")[2]
    kind = "future" if method in _FUTURES else "list" if method in _MAPS else ""
    if not kind or not results or m.all_passive(results):
        return results
    container = containers.new_container(m, kind, frame, r)
    containers.put(m, container, None, results)
    return frozenset((container,))


_FUTURES = frozenset(("submit", "run_coroutine_threadsafe", "apply_async", "map_async"))
_MAPS = frozenset(("map", "imap", "imap_unordered", "starmap"))

HANDLERS: dict[str, Handler] = {
    "functools.partial": partial,
    "functools.partialmethod": _partial_method,
    "types.MethodType": partial,
    "dataclasses.replace": _replaced,
    "copy.replace": _replaced,
    "operator.methodcaller": _remembering("operator.methodcaller()"),
    "operator.methodcaller()": _call_by_name,
    "operator.attrgetter": _remembering("operator.attrgetter()"),
    "operator.attrgetter()": _attribute_by_name,
    "operator.itemgetter": _remembering("operator.itemgetter()"),
    "operator.itemgetter()": _item_by_key,
    "weakref.ref": _remembering("weakref.ref()"),
    "weakref.WeakMethod": _remembering("weakref.ref()"),
    "weakref.ref()": _first,
    "weakref.proxy": _first,
    "asyncio.gather": _gathered,
    "asyncio.wait": _waited,
    "asyncio.as_completed": _first,
    "concurrent.futures.as_completed": _first,
    "concurrent.futures.wait": _waited,
    "itertools.chain": _chained,
    "types.SimpleNamespace": _namespace,
    "threading.local": _namespace,
    "collections.defaultdict": _default_dict,
    **dict.fromkeys(
        (
            *("queue.Queue", "queue.LifoQueue", "queue.PriorityQueue", "queue.SimpleQueue"),
            *("asyncio.Queue", "asyncio.LifoQueue", "asyncio.PriorityQueue"),
            *("multiprocessing.Queue", "multiprocessing.SimpleQueue", "multiprocessing.JoinableQueue"),
        ),
        _queue,
    ),
    "contextlib.ExitStack().enter_context": _entered(False),
    "contextlib.AsyncExitStack().enter_context": _entered(False),
    "contextlib.AsyncExitStack().enter_async_context": _entered(True),
}
