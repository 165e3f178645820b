"""Methods on receivers of which nothing is known: by name, where few classes can be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import attributes, descriptors
from dealix_lint.callgraph.state import LOCAL_MASK
from dealix_lint.callgraph.values import EMPTY, EXT, FUNC, HOLE, Value, Values
from dealix_lint.link import ClassId

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

MOST_CANDIDATES = 3
MOST_TO_COMPARE = 25  # classes defining a method of that name; beyond, the name says nothing
BUILTIN_ATTRIBUTES = frozenset(
    name for kind in (str, bytes, list, dict, set, tuple, int, float, type(None)) for name in dir(kind)
) | frozenset(("read", "write", "close", "open", "flush", "send", "put", "run", "start", "stop", "wait", "next", "info", "debug",
               "error", "warning", "exception", "execute", "commit", "rollback", "delete", "save", "create", "filter", "all",
               "first", "submit", "result", "cancel", "done", "acquire", "release", "match", "search", "group", "name",
               "process", "render", "load", "loads", "dump", "dumps", "parse", "compile", "generate", "subscribe",
               "filter_by", "distinct", "order_by", "exclude", "annotate", "aggregate", "exists", "limit", "offset", "scalar",
               "one", "find_all", "status", "id", "type", "columns", "params"))  # fmt: skip


_LOWER_CASE_CLASSES = frozenset(("date", "timedelta", "deque", "defaultdict", "local", "memoryview"))


def may_be_guessed(m: Machine, name: str) -> bool:
    """False for names that say nothing of the receiver: no class defines such a method, or too many do."""
    found = m.guessable.get(name)
    if found is None:
        says_nothing = name in BUILTIN_ATTRIBUTES or name.startswith("__")
        found = m.guessable[name] = not says_nothing and 0 < len(_roots(m, name)) <= MOST_TO_COMPARE
    return found


def guess_methods(m: Machine, frame: Frame, register: int, name: str, receiver: int) -> Values:
    """`x.name` where x is unknown: methods of the classes that define it, if at most a few do and no builtin type does."""
    if not may_be_guessed(m, name):
        return EMPTY
    candidates = _candidates(m, frame, name, receiver)
    if not candidates or len(candidates) > MOST_CANDIDATES:
        return EMPTY
    found: set[Value] = set()
    for identity in candidates:
        value = m.state.declared(identity)
        members = descriptors.class_member(m, identity, name)
        if any(m.table.kinds[v] == FUNC for v in members) or members:
            found |= attributes.instance_attribute(m, frame, register, value, name)
    frame.guessed.add(register)
    return frozenset(found)


def _candidates(m: Machine, frame: Frame, name: str, receiver: int) -> list[ClassId]:
    classes, roots = m.state.classes, _roots(m, name)
    if len(roots) <= 1:
        return roots
    used = m.attribute_names(frame.module, frame.scope_index).get(receiver, frozenset())
    return [c for c in roots if all(classes.definer(c, other) or m.has_data(c, other) for other in used)]


def _roots(m: Machine, name: str) -> list[ClassId]:
    """Classes that define a method of that name, without those that override it."""
    roots = m.method_roots.get(name)
    if roots is None:
        classes = m.state.classes
        defining = [c for c in classes.by_member.get(name, ()) if m.hierarchy.is_method(c, name)]
        roots = [c for c in defining if not any(base in defining for base in classes.info(c).ancestry[1:])]
        m.method_roots[name] = roots
    return roots


def guess_on_results(m: Machine, frame: Frame, register: int, holders: Values, name: str, found: Values) -> Values:
    """`manager.get(...).name`: the result of an external call may be a first-party object (an ORM's)."""
    if not may_be_guessed(m, name):
        return found
    kinds, data = m.table.kinds, m.table.data
    if not m.state.guessing:
        if any(kinds[v] in (EXT, HOLE) for v in holders):
            frame.activation.unknown.add(m.state.point & LOCAL_MASK)
        return found
    for holder in holders:
        if kinds[holder] == HOLE:
            continue
        if kinds[holder] != EXT or not _is_result(data[holder][0]):
            return found
    guessed = guess_methods(m, frame, register, name, -1)
    return found | guessed


def _is_result(path: str) -> bool:
    """True for what an external function (not a class) gave back."""
    if not path.endswith(("()", "[]")):
        return False
    before, _, last = path.rstrip("()[]").rpartition(".")
    if before.rpartition(".")[2] == last or last in _LOWER_CASE_CLASSES:
        return False
    return last[:1].islower() and "." in path and not path.startswith("<builtin>")
