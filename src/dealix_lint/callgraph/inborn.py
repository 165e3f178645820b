"""Objects of classes that extend a builtin container (`class Registry(dict)`), made once: what the base keeps in them is a
container of their own. And what every class has from `type`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealix_lint.callgraph import containers
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import CLASS, CONT, EMPTY, METHOD, Value, Values
from dealix_lint.link import ClassId

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_KINDS: Final = {
    "<builtin>.dict": "dict",
    "collections.OrderedDict": "dict",
    "collections.UserDict": "dict",
    "collections.defaultdict": "dict",
    "<builtin>.list": "list",
    "collections.UserList": "list",
    "<builtin>.set": "set",
}
_TYPES: Final = {"dict": dict, "list": list, "set": set}


def kind_of(m: Machine, identity: ClassId) -> str:
    """The kind of container that a class extends; "" for most."""
    return next((_KINDS[base] for base in m.state.classes.info(identity).external if base in _KINDS), "")


def container(m: Machine, value: Value) -> Value:
    """The container inside an object that is made once, as its module is imported; 0 where there is none. What others hold (the
    fields of each message) is data, and would be one for all of them."""
    if value not in m.state.identities:
        return 0
    kind = kind_of(m, m.state.class_list[m.table.data[value][0]])
    return m.table.make(CONT, kind, f"inside {value}") if kind else 0


def method(m: Machine, value: Value, name: str) -> Values:
    """A method that an object has from its builtin base."""
    held = container(m, value)
    if not held or not hasattr(_TYPES[m.table.data[held][0]], name):
        return EMPTY
    return frozenset((m.table.make(METHOD, held, name),))


def fill(m: Machine, frame: Frame, value: Value, arguments: Arguments) -> None:
    """Put what the constructor is handed into the object."""
    held = container(m, value)
    if held and (arguments.positional or arguments.keywords):
        given = arguments.positional[-1:] if arguments.positional else [EMPTY]
        containers.call_method(m, frame, -1, held, "update", given, arguments.keywords)


def subclasses(m: Machine, frame: Frame, register: int, value: Value) -> Values:
    """The list that `Base.__subclasses__()` gives: the classes that name the class as a base."""
    found = containers.new_container(m, "list", frame, register)
    heirs = m.state.classes.direct_subclasses(m.state.class_list[m.table.data[value][0]])
    containers.put(m, found, None, frozenset(m.table.make(CLASS, m.state.class_id(heir)) for heir in heirs))
    return frozenset((found,))
