"""Lists, tuples, sets and dicts: elements by constant key, merged where the key is unknown."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from dealix_lint.callgraph import merging
from dealix_lint.callgraph.codefacts import operands
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import (
    CLASS,
    CONST,
    CONT,
    EMPTY,
    EXT,
    FUNC,
    INST,
    PASSIVE_KINDS,
    VIEW,
    Slot,
    Value,
    Values,
)
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

Key = str | int | tuple[int]
"""A constant, or the number of a class, alone."""


def new_container(m: Machine, kind: str, frame: Frame, register: int) -> Value:
    """The container made by an instruction (one per activation)."""
    return m.table.make(CONT, kind, m.state.site(frame.activation.index, frame.scope_index, register, frame.single))


def is_dict(m: Machine, value: Value) -> bool:
    """True for dicts."""
    return m.table.kinds[value] == CONT and m.table.data[value][0] == "dict"


def is_mapping(m: Machine, value: Value) -> bool:
    """True for objects of the project that `dict(x)`, `**x` and `update(x)` ask for their keys."""
    return m.table.kinds[value] == INST and m.has_member(value, "keys")


def put(m: Machine, container: Value, key: Key | None, values: Values) -> None:
    """Store under a constant key, or under an unknown one (None)."""
    m.state.add(place(m, container, key), values)


def place(m: Machine, container: Value, key: Key | None) -> Slot:
    """The slot of what is stored under a constant key, or under an unknown one (None)."""
    return merging.place(m.state, container, key)


def get(m: Machine, frame: Frame, container: Value, key: Key | None) -> Values:
    """Elements under a constant key, or all of them (None)."""
    state = m.state
    if key is None:
        return state.read(state.slots["all", container])
    if isinstance(key, int) and key < 0 and m.table.data[container][0] != "dict":
        length = known_length(m, container)
        if length is None:
            return state.read(state.slots["all", container])
        key += length
    # What was stored under this very key wins over what was stored under an unknown one.
    found = state.read(state.slots["key", container, key])
    if not found and isinstance(key, tuple):
        found = _under_subclasses(m, frame, container, key)
    return found or state.read(state.slots["element", container])


def _under_subclasses(m: Machine, frame: Frame, container: Value, key: tuple[int]) -> Values:
    """What is stored under subclasses of a class: `type(event)` where only the base of an event is known."""
    classes = m.state.class_list
    subclasses = m.state.classes.subclasses.get(classes[key[0]], ())
    below = (k for k in known_keys(m, frame, container) if isinstance(k, tuple) and classes[k[0]] in subclasses)
    return EMPTY.union(*[m.state.read(m.state.slots["key", container, k]) for k in below])


def known_length(m: Machine, container: Value) -> int | None:
    """How long a list is that was written down and has grown by nothing since; None where that is not known."""
    length = m.lengths.get(container)
    return None if length is None or m.state.read(m.state.slots["element", container]) else length


def is_sequence(m: Machine, value: Value) -> bool:
    """True for lists and tuples."""
    return m.table.kinds[value] == CONT and m.table.data[value][0] in ("list", "tuple", "record")


def attribute(m: Machine, frame: Frame, container: Value, name: str) -> Values:
    """An attribute of a namespace or a named tuple, or of a class made by `type()` (functions seen through it are methods)."""
    found = get(m, frame, container, name)
    if m.table.data[container][0] == "class":
        return frozenset(m.bound(v, container) if m.table.kinds[v] == FUNC else v for v in found)
    return found


def known_keys(m: Machine, frame: Frame, container: Value) -> list[Key]:
    """Constant keys and classes stored under so far, in a fixed order."""
    values = m.state.read(m.state.slots["keys", container])
    kinds, data = m.table.kinds, m.table.data
    return [data[v] if kinds[v] == CLASS else data[v][1] for v in sorted(values) if kinds[v] in (CLASS, CONST)]


def constant_keys(m: Machine, keys: Values) -> list[Key] | None:
    """The constants and classes that key values are, or None if the key may be anything."""
    found: list[Key] = []
    for value in sorted(keys):
        kind, data = m.table.kinds[value], m.table.data[value]
        if kind == CLASS:
            found.append(data)
        elif kind == CONST and data[0] in ("str", "int"):
            found.append(data[1])
        else:
            return None
    return found or None


def read_key(m: Machine, frame: Frame, container: Value, keys: Values) -> Values:
    """`container[key]` for possible keys."""
    constants = constant_keys(m, keys)
    if container in m.default_factories:
        return _read_default(m, frame, container, constants)
    if constants is None:
        return get(m, frame, container, None)
    return EMPTY.union(*(get(m, frame, container, key) for key in constants))


_FRESH = {f"<builtin>.{kind}": kind for kind in ("list", "dict", "set")} | {"collections.deque": "list"}


def _read_default(m: Machine, frame: Frame, container: Value, keys: list[Key] | None) -> Values:
    """`d[key]` of a `defaultdict`: what was stored, and what the factory makes (one container per constant key)."""
    found: set[Value] = set()
    wanted: list[Key | None] = [*keys] if keys else [None]
    for key in wanted:
        shown: set[Value] = set()
        for factory in sorted(m.default_factories[container]):
            fresh = _FRESH.get(m.table.data[factory][0]) if m.table.kinds[factory] == EXT else None
            if fresh is not None:
                shown.add(_made_under(m, container, key, fresh))
        found |= get(m, frame, container, key)
        if key is not None:
            found |= m.state.read(m.state.slots["element", container]) - shown
    return frozenset(found)


def _made_under(m: Machine, container: Value, key: Key | None, kind: str) -> Value:
    """Let a `defaultdict` make a container under a key. It holds what is put into the one under unknown keys, too, which then
    need not be read beside it: what is put into it does not show there. (Of dicts, whose keys count, both are read.) Gives the
    one that need not be read."""
    unknown = m.table.make(CONT, kind, f"{container}[None]")
    made = unknown if key is None else m.table.make(CONT, kind, f"{container}[{key!r}]")
    if key is None or kind == "dict":
        put(m, container, key, frozenset((made,)))
        return made
    if made not in m.state.slots["key", container, key].values:
        put(m, container, key, frozenset((made,)))
        m.state.link(place(m, unknown, None), place(m, made, None))
    return unknown


_DISPLAYS = {ir.LIST: "list", ir.SET: "set", ir.DICT: "dict"}


def kept_under(m: Machine, frame: Frame, register: int, container: Value, keys: Values, operand: int) -> Values:
    """What an instruction puts under a key: an empty container that is written down for that alone (`hooks[name] = []`) is
    one and the same, whoever runs the instruction."""
    values, made = frame.registers[operand], frame.scope.code[operand]
    if made[0] not in _DISPLAYS or made[1]:
        return values
    users = m.state.users(frame.module, frame.scope_index)[operand]  # next to those that read it under that key
    if any(user != register and operand in operands(frame.scope.code[user]) for user in users):
        return values
    constants = constant_keys(m, keys)
    if constants is None or len(constants) > 1:
        return values
    if frame.single >= 0:
        values = frozenset((new_container(m, _DISPLAYS[made[0]], frame, operand),))
    kept = m.kept_under.setdefault((container, constants[0], made[0]), values)
    if frame.single < 0:
        frame.registers[operand] = kept  # what reads it under that key compares, see `memo`
    return kept


def write_key(m: Machine, container: Value, keys: Values, values: Values) -> None:
    """`container[key] = values` for possible keys."""
    constants = constant_keys(m, keys)
    if constants is None or len(constants) > 1:
        put(m, container, None, values)
        kinds = m.table.kinds
        kept = keys if constants is not None else frozenset(v for v in keys if kinds[v] not in PASSIVE_KINDS)
        m.state.add(m.state.slots["keys", container], kept)
    else:
        put(m, container, constants[0], values)


def elements(m: Machine, frame: Frame, container: Value) -> Values:
    """What iterating gives: keys of a dict, elements of the others."""
    if m.table.data[container][0] == "dict":
        return m.state.read(m.state.slots["keys", container])
    return get(m, frame, container, None)


def view_elements(m: Machine, frame: Frame, view: Value) -> Values:
    """What iterating `.items()`, `.keys()`, `.values()` of a dict gives."""
    container, kind = m.table.data[view]
    if kind == "items":
        return frozenset((m.table.make(VIEW, container, "pair"),))
    if kind == "keys":
        return m.state.read(m.state.slots["keys", container])
    return get(m, frame, container, None)


def items(m: Machine, container: Value) -> list[Value]:
    """The items of a dict: one for each key, where these are known, else one for all."""
    keys = sorted(m.state.read(m.state.slots["keys", container]))
    is_known = keys and not m.state.read(m.state.slots["element", container])
    return [m.table.make(VIEW, container, key) for key in keys] if is_known else [m.table.make(VIEW, container, "pair")]


def pair_item(m: Machine, frame: Frame, pair: Value, index: int) -> Values:
    """Key (0) or value (1) of one of a dict's items."""
    container, key = m.table.data[pair]
    keys = m.state.read(m.state.slots["keys", container]) if key == "pair" else frozenset((key,))
    if index == 0:
        return keys
    return get(m, frame, container, None) if key == "pair" else read_key(m, frame, container, keys)


def copy_into(m: Machine, frame: Frame, source: Value, target: Value, replaced: Collection[Key] = frozenset()) -> None:
    """Let everything in one container flow into another, keys kept, but for those that are given another value."""
    m.copied.setdefault(target, set()).add(source)
    for key in known_keys(m, frame, source):
        if key not in replaced:
            put(m, target, key, m.state.read(m.state.slots["key", source, key]))
    put(m, target, None, m.state.read(m.state.slots["element", source]))


def shift_into(m: Machine, frame: Frame, source: Value, target: Value, start: int) -> None:
    """Let what a list holds from one place on flow into another that begins there."""
    for key in known_keys(m, frame, source):
        if isinstance(key, int) and key >= start:
            put(m, target, key - start, m.state.read(m.state.slots["key", source, key]))
    put(m, target, None, m.state.read(m.state.slots["element", source]))


def call_method(
    m: Machine,
    frame: Frame,
    register: int,
    container: Value,
    name: str,
    arguments: list[Values],
    keywords: dict[str, Values],
) -> Values:
    """A method of a builtin container."""
    first = arguments[0] if arguments else EMPTY
    second = arguments[1] if len(arguments) > 1 else EMPTY
    kind = m.table.data[container][0]
    if kind == "future":
        if name == "add_done_callback":
            m.call(frame, register, first, Arguments([frozenset((container,))]))
        return get(m, frame, container, None) if name in ("result", "get") else EMPTY
    if name == "__setitem__":
        write_key(m, container, first, second)
    elif name == "__getitem__":
        return read_key(m, frame, container, first)
    elif name in ("append", "add", "appendleft", "push", "put", "put_nowait"):
        put(m, container, None, first)
    elif name == "insert":
        put(m, container, None, second)
    elif name in ("extend", "update", "union"):
        _extend(m, frame, container, first, keywords)
    elif name in ("get", "pop", "setdefault") and kind == "dict":
        if name == "setdefault":
            call = frame.scope.code[register]
            if call[0] == ir.CALL and len(call[2]) == len(arguments) > 1 and min(call[2]) >= 0:
                second = kept_under(m, frame, register, container, first, call[2][1])
            write_key(m, container, first, second)
        return read_key(m, frame, container, first) | second
    elif name in ("items", "keys", "values"):
        return frozenset((m.table.make(VIEW, container, name),))
    elif name in ("pop", "popleft", "get", "popitem", "get_nowait"):
        return get(m, frame, container, None)
    elif name == "_replace" and kind == "record":
        for key, values in keywords.items():
            put(m, container, key, values)
        return frozenset((container,))
    if name in ("copy", "union", "__enter__", "__iter__"):
        return frozenset((container,))
    return EMPTY


def _extend(m: Machine, frame: Frame, container: Value, source: Values, keywords: dict[str, Values]) -> None:
    for value in sorted(source):
        if m.table.kinds[value] == CONT and m.table.data[value][0] == m.table.data[container][0] == "dict":
            copy_into(m, frame, value, container)
        elif not is_mapping(m, value):
            put(m, container, None, m.iterate(frame, -1, frozenset((value,)), False))
    for key, values in keywords.items():
        put(m, container, key, values)
