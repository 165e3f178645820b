"""Named tuples of which an element may be called: `Handler = namedtuple("Handler", ["topic", "run"])`, `Handler("paid", pay)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import containers
from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import BOUND, FUNC, INST, PARTIAL, Value, Values

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_FACTORY = "collections.namedtuple"
_CLASS = f"{_FACTORY}()"
MAKERS = frozenset((_FACTORY, _CLASS))
REPLACE = "_replace"


def made(m: Machine, frame: Frame, register: int, path: str, root: int, arguments: Arguments) -> Values:
    """What `namedtuple(...)` gives, which remembers its fields, and what calling that gives: the values by position and by
    name, where one of them runs something when it is called; of what only holds data nothing is kept."""
    if path == _FACTORY:
        return m.external(_CLASS, m.creation_site(frame, register, arguments))
    given: Arguments | None = m.state.creations.get(root)
    names = _field_names(m, frame, given) if given is not None else []
    fields = [(name, arguments.get(position, name)) for position, name in enumerate(names)]
    if not any(_runs(m, value) for _, values in fields for value in values):
        return m.external(f"{_CLASS}()", 0)
    container = containers.new_container(m, "record", frame, register)
    for position, (name, values) in enumerate(fields):
        containers.put(m, container, name, values)
        containers.put(m, container, position, values)
    m.lengths[container] = len(names)
    return frozenset((container,))


def _runs(m: Machine, value: Value) -> bool:
    """True for functions, but for lambdas, which only compute, and for objects that can be called."""
    kind, data = m.table.kinds[value], m.table.data[value]
    if kind == FUNC:
        return bool(m.state.functions[data[0]].scope.kind != "lambda")
    return kind in (BOUND, PARTIAL) or (kind == INST and m.has_member(value, "__call__"))


def _field_names(m: Machine, frame: Frame, arguments: Arguments) -> list[str]:
    """The fields of a named tuple: one text, or a list of texts."""
    for value in sorted(arguments.get(1, "field_names")):
        text = m.table.text_of(value)
        if text is not None:
            return text.replace(",", " ").split()
        if containers.is_sequence(m, value):
            length = containers.known_length(m, value) or 0
            parts = (m.constants(containers.get(m, frame, value, n)) for n in range(length))
            return [text for texts in parts for text in texts[:1]]
    return []
