"""Subscripts: elements of containers, of objects, of classes and of what a library gave."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dealix_lint.callgraph import (
    attributes,
    containers,
    enums,
    guards,
    iteration,
    memo,
    providers,
    supplies,
    units,
)
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import CLASS, CONT, DECLARED_KEY, EMPTY, EXT, FUNC, HOLE, INST, LONGEST_PATH, Values
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Supply

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_CLASS = re.compile(r"\.[A-Z]\w*[a-z]\w*$")  # as classes are called, in an access path
_SLICE = (ir.LOGIC, "slice")
MOST_SUBSCRIPTS = 3  # in a row that an access path tells apart


def subscript(m: Machine, frame: Frame, i: ir.Instruction, r: int) -> Values:
    """`holder[key]` is read."""
    found: set[int] = set()
    keys = frame.registers[i[2]]
    for value in sorted(frame.registers[i[1]]):
        kind = m.table.kinds[value]
        if kind == CONT:
            key = frame.scope.code[i[2]]
            is_slice = key[:2] == _SLICE and m.table.data[value][0] != "dict"
            known = EMPTY if _is_only_default(m, frame, key) else keys
            is_table = m.table.data[value][0] == "dict" and not m.constants(keys)
            names = guards.options(m, frame, r, i[2]) if is_table else []
            if names:
                found = found.union(*(containers.get(m, frame, value, name) for name in names))
            else:
                found |= _sliced(m, frame, r, value, key) if is_slice else containers.read_key(m, frame, value, known)
        elif kind == INST:
            found |= iteration.special(m, frame, r, value, "__getitem__", keys)
        elif kind == EXT and (marker := _marker(m, frame, r, value, keys)):
            found |= marker
        elif kind == EXT:
            asked = any(rule.value == "instance" for rule in m.state.rules.facts(f"{m.table.data[value][0]}[]").returns)
            found |= m.types.named_instances(frame, keys) if asked else _external_element(m, value, keys)
        elif kind == HOLE:
            found.add(_named_element(m, value, keys))
        elif kind == CLASS:
            found |= _class_element(m, frame, r, value, keys)
        else:
            found |= iteration.iterate(m, frame, r, frozenset((value,)), False)
    return memo.own(m, frame, r, frozenset(found))


def _is_only_default(m: Machine, frame: Frame, key: ir.Instruction) -> bool:
    """True for a field of an object that a library fills (`settings.provider` of a model): what the class says is its default,
    and not what it holds."""
    holders = frame.registers[key[1]] if key[0] == ir.ATTR else EMPTY
    kinds, data = m.table.kinds, m.table.data
    unseen = [data[value][0] for value in holders if kinds[value] == INST and data[value][1] == DECLARED_KEY]
    return any(m.hierarchy.is_filled(m.state.class_list[index], key[2]) for index in unseen)


def _marker(m: Machine, frame: Frame, r: int, value: int, keys: Values) -> Values:
    """`Provide[Container.crm]`, `Provide["crm"]`: a mark that stands for what a provider gives."""
    path = f"{m.table.data[value][0]}[]"
    rules = m.state.rules.facts(path).injections
    if not rules:
        return EMPTY
    factories = providers.named(m, frame, r, rules[0].named_in, keys)
    if rules[0].itself:
        factories = providers.holding(m, frame, r, factories)
    return m.external(path, m.creation_site(frame, r, Arguments([factories])))


def _sliced(m: Machine, frame: Frame, r: int, value: int, key: ir.Instruction) -> Values:
    """`xs[1:]`: a list of what comes then; other slices are as good as the list itself."""
    if len(key) < len((*_SLICE, (), 1)):
        return frozenset((value,))
    container = containers.new_container(m, "list", frame, r)
    containers.shift_into(m, frame, value, container, key[3])
    return frozenset((container,))


def _class_element(m: Machine, frame: Frame, r: int, value: int, keys: Values) -> Values:
    """`Class[key]`: what `__class_getitem__` gives, a member of an enumeration, else the class itself (`Repository[User]`)."""
    if m.state.classes.definer(m.state.class_list[m.table.data[value][0]], "__class_getitem__") is not None:
        getter = attributes.class_attribute(m, frame, r, value, "__class_getitem__")
        bound = frozenset(m.bound(v, value) if m.table.kinds[v] == FUNC else v for v in getter)
        found = m.call(frame, r, bound, Arguments([keys]))
        is_alias = all(m.table.kinds[v] == EXT for v in found)  # what a base outside makes of it stands for the class
        return found | {value} if is_alias else found
    names = m.constants(keys)
    if names and len(names) == len(keys) and enums.is_enum(m, m.state.class_list[m.table.data[value][0]]):
        return EMPTY.union(*(attributes.class_attribute(m, frame, r, value, name) for name in names))
    return iteration.iterate(m, frame, r, frozenset((value,)), False) or frozenset((value,))


def _external_element(m: Machine, value: int, keys: Values) -> Values:
    path, root = m.table.data[value]
    if len(path) > LONGEST_PATH:
        return EMPTY
    constants = m.constants(keys)
    framework = m.state.rules.table_of_units(path)
    if framework:
        return EMPTY.union(*(units.named(m, framework, constant) for constant in constants)) or m.external(
            f"{path}[]", 0
        )
    shared = m.state.rules.store(path)
    kept_under = _key(m, keys) if shared is not None else ""
    stored = m.state.read(m.state.slots["store", shared, kept_under]) if kept_under else EMPTY
    if stored:
        return stored
    step = f"['{constants[0]}']" if len(constants) == 1 else "[]"
    if _CLASS.search(path):  # `Celery[Task]("app")`
        return frozenset((value,))
    if path.endswith(step) or _depth(path) >= MOST_SUBSCRIPTS:  # `data = data[key]`, round a loop
        return frozenset((value,))
    owner = m.owner_of(f"{path}{step}", root)
    return owner | {value} if owner else m.external(f"{path}{step}", root)  # one of them, or, of a slice, several


def _named_element(m: Machine, value: int, keys: Values) -> int:
    """What something unknown of which the name is known has under a key: `Sender.config['slack']['url']`."""
    origin, constants = m.table.data[value][0], m.constants(keys)
    if not origin or len(constants) != 1 or len(origin) > LONGEST_PATH or _depth(origin) >= MOST_SUBSCRIPTS:
        return value
    step = f"['{constants[0]}']"
    return value if origin.endswith(step) else m.table.make(HOLE, f"{origin}{step}")


def store(m: Machine, frame: Frame, value: int, keys: Values, values: Values) -> None:
    """`app["mailer"] = Mailer()` on an object that is one wherever it is read; `container[Client] = make_client`."""
    for rule in m.state.rules.dependencies.find(f"{m.table.data[value][0]}[]"):
        if isinstance(rule, Supply):
            supplies.note(m, frame, rule, values)
    shared = m.state.rules.store(m.table.data[value][0])
    kept_under = _key(m, keys) if shared is not None else ""
    if kept_under:
        m.state.add(m.state.slots["store", shared, kept_under], values)


def _key(m: Machine, keys: Values) -> str:
    """A key as the name of what is kept under it: a text, or an object that is one (`MAILER = web.AppKey("mailer", Mailer)`)."""
    constants = m.constants(keys)
    if len(constants) == 1:
        return f"[{constants[0]!r}]"
    roots = [m.table.data[key][1] for key in keys if m.table.kinds[key] == EXT]
    return f"[{roots[0]}]" if len(keys) == len(roots) == 1 and roots[0] > 0 else ""


def _depth(path: str) -> int:
    """How many subscripts in a row an access path ends with."""
    depth = 0
    while path.endswith("]"):
        depth += 1
        path = path[: path.rindex("[")]
    return depth
