"""Methods on receivers of which nothing is known: by name, where few classes can be meant, or many that are alike."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from dealix_lint.callgraph import attributes, descriptors
from dealix_lint.callgraph.spelling import NAMELESS, element, is_called_after
from dealix_lint.callgraph.values import CALLABLE_KINDS, EMPTY, EXT, FUNC, HOLE, INST, PROP, Value, Values
from dealix_lint.callgraph.widening import MOST_VALUES
from dealix_lint.link import ClassId
from dealix_lint.link.signatures import takes
from dealix_lint.model import ir
from dealix_lint.model.summary import Scope

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

MOST_CANDIDATES = 3
MOST_TO_COMPARE = 25  # classes defining a method of that name; beyond, the name alone says nothing
MOST_ALIKE = 100  # classes whose methods of that name are alike: plug-ins without a common base
FEWEST_PARAMETERS = 2  # that methods have to share to be alike, next to `self`
SHARE_ALIKE = 0.75  # of the classes that define such a method
BUILTIN_ATTRIBUTES = frozenset(
    name
    for kind in (str, bytes, list, dict, set, tuple, int, float, type(None), datetime, timedelta, BytesIO)
    for name in dir(kind)
) | frozenset(("read", "write", "close", "open", "flush", "send", "put", "run", "start", "stop", "wait", "next", "info", "debug",
               "error", "warning", "exception", "execute", "commit", "rollback", "delete", "save", "create", "filter", "all",
               "first", "submit", "result", "cancel", "done", "acquire", "release", "match", "search", "group", "name",
               "process", "render", "load", "loads", "dump", "dumps", "parse", "compile", "generate", "subscribe",
               "filter_by", "distinct", "order_by", "exclude", "annotate", "aggregate", "exists", "limit", "offset", "scalar",
               "one", "find_all", "status", "id", "type", "columns", "params"))  # fmt: skip


_KEEPERS = (
    "sys.", "os.", "importlib.", "contextvars.", "queue.", "asyncio.", "concurrent.", "multiprocessing.", "threading.", "weakref.",
    "functools.", "copy.", "pickle.", "shelve.", "operator.", "itertools.", "collections.", "pkg_resources.", "stevedore.", "pluggy.",
    "injector.", "dependency_injector.", "punq.", "kink.", "lagom.", "svcs.", "zope.", "flask.", "werkzeug.", "starlette.", "fastapi.",
)  # fmt: skip
_MAKERS = (
    "asyncio.create_subprocess_", "asyncio.open_", "asyncio.start_", "asyncio.get_event_loop", "asyncio.get_running_loop",
    "asyncio.new_event_loop", "multiprocessing.get_", "os.popen", "os.scandir",
)  # fmt: skip
"""Of these the functions that make things of their own."""
_LOADED = ("importlib.import_module()", "importlib.util.module_from_spec()", "<builtin>.__import__()")
_TRUTH = ((ir.LOGIC, "not"), (ir.LOGIC, "bool"))
_LOWER_CASE_CLASSES = frozenset(("date", "timedelta", "deque", "defaultdict", "local", "memoryview"))


def may_be_guessed(m: Machine, name: str) -> bool:
    """False for names that say nothing of the receiver: no class defines such a method, or too many do."""
    found = m.guessable.get(name)
    if found is None:
        found = m.guessable[name] = is_telling(name) and 0 < len(roots_of(m, name)) <= MOST_ALIKE
    return found or bool(_attached(m, name))


def is_telling(name: str) -> bool:
    """True for a name that objects of the types that Python brings along do not have."""
    return name not in BUILTIN_ATTRIBUTES and not name.startswith("__")


def calls_on(m: Machine, module: int, scope: int, register: int) -> list[tuple[str, ir.Instruction]]:
    """The calls of methods of what is in a register, with their names."""
    code, users = m.state.program.summaries[module].scopes[scope].code, m.state.users(module, scope)
    loads = [user for user in users[register] if code[user][0] == ir.ATTR]
    return [
        (code[load][2], code[user])
        for load in loads
        for user in users[load]
        if code[user][0] == ir.CALL and code[user][1] == load
    ]


def takes_call(m: Machine, identity: ClassId, name: str, call: ir.Instruction) -> bool:
    """Whether what objects of a class have of a name can be called like that."""
    return takes_arguments(m, m.state.classes.definer(identity, name) or identity, name, call)


def _attached(m: Machine, name: str) -> list[ClassId]:
    """Classes that are given a member of that name, where no class has it and what they are given is one function."""
    slot = m.state.slots.get(("attached", name))
    if slot is None or not slot.values or name in BUILTIN_ATTRIBUTES or roots_of(m, name):
        return []
    owners = [m.state.class_list[m.table.data[owner][0]] for owner in sorted(slot.values)]
    members = EMPTY.union(*[m.state.slots["class", owner, name].values for owner in owners])
    functions = {m.table.data[member][0] for member in members if m.table.kinds[member] == FUNC}
    return owners if len(functions) == 1 and len(owners) <= MOST_ALIKE else []


def guess_methods(
    m: Machine, frame: Frame, register: int, name: str, receiver: int, paths: tuple[str, ...] = ()
) -> Values:
    """`x.name` where x is unknown: methods of the classes that define it, if at most a few do and no builtin type does. `paths`:
    what external functions gave x back, if any did."""
    if not may_be_guessed(m, name):
        return EMPTY
    candidates = _candidates(m, frame, register, name, receiver)
    if paths and not any(_may_be_anything(m, path) for path in paths):
        candidates = [c for c in candidates if m.state.classes.is_of_library(c)] if not _all_standard(paths) else []
    elif paths and not any(_is_kept(path) or _is_named(m, path) for path in paths) and not _calls(m, frame, register):
        candidates = [c for c in candidates if m.state.classes.is_of_library(c)]  # else it is data: `fetchone().ttl`
    if candidates and not _calls(m, frame, register) and _is_read_on(m, frame, register):
        candidates = [c for c in candidates if _method(m, c, name) is None]
    if candidates:
        frame.guessed |= {register}  # before the properties among them are read
    found: set[Value] = set()
    for identity in candidates:
        value = m.state.declared(identity)
        if descriptors.class_member(m, m.state.classes.definer(identity, name) or identity, name):
            found |= attributes.instance_attribute(m, frame, register, value, name)
    return frozenset(found)


def _candidates(m: Machine, frame: Frame, register: int, name: str, receiver: int) -> list[ClassId]:
    """The class that the receiver is called after, else the few that can be meant, or those of which the methods of that name
    are alike. A function that asks something else for what is called as itself passes on what the other says."""
    classes, calls = m.state.classes, _calls(m, frame, register)
    own = frame.function.owner if frame.function.scope.name == name else None
    word = element(frame.scope, frame.scope.code[register][1]) if register >= 0 else NAMELESS
    namesakes = _namesakes(m, name, word, own, calls)
    if namesakes or (not calls and m.hierarchy.is_data(name)):
        return namesakes
    fitting = [c for c in roots_of(m, name) if c != own and all(takes_arguments(m, c, name, call) for call in calls)]
    used = m.attribute_names(frame.module, frame.scope_index).get(receiver, frozenset()) if len(fitting) > 1 else ()
    found = [c for c in fitting if all(classes.definer(c, other) or m.has_data(c, other) for other in used)]
    if not fitting:
        return _attached(m, name)
    meant = [c for c in found if is_called_after(word, classes.info(c).name.rpartition(".")[2])]
    if 0 < len(meant) <= MOST_CANDIDATES:
        return meant
    if len(found) <= MOST_CANDIDATES:
        return found if len(roots_of(m, name)) <= MOST_TO_COMPARE else []
    return (_alike(m, name, found) or _akin(m, name, found, own)) if calls else []


def _namesakes(m: Machine, name: str, word: str, own: ClassId | None, calls: list[ir.Instruction]) -> list[ClassId]:
    """Classes with the name of a variable, if they have the method or inherit it: `abstract.log()` is one of Abstract."""
    definers = {c: m.state.classes.definer(c, name) for c in m.state.classes.named_like(word)}
    found = [
        identity
        for identity, definer in definers.items()
        if definer not in (None, own) and m.hierarchy.is_method(definer, name)
        if all(takes_arguments(m, definer, name, call) for call in calls)
    ]
    return found if len(found) <= MOST_CANDIDATES else []


def _akin(m: Machine, name: str, candidates: list[ClassId], own: ClassId | None) -> list[ClassId]:
    """Classes of one hierarchy, if nearly all candidates belong to it: backends, of which the base lacks the method."""
    classes = m.state.classes
    if len(candidates) > MOST_TO_COMPARE:
        return []
    counts = Counter(base for identity in candidates for base in classes.info(identity).ancestry[1:])
    base, count = max(counts.items(), key=lambda item: (item[1], item[0]), default=((0, 0), 0))
    if count < SHARE_ALIKE * len([identity for identity in roots_of(m, name) if identity != own]):
        return []
    return [identity for identity in candidates if base in classes.info(identity).ancestry]


def _calls(m: Machine, frame: Frame, register: int) -> list[ir.Instruction]:
    """The calls of the attribute in a register."""
    code = frame.scope.code
    users = m.state.users(frame.module, frame.scope_index)[register] if register >= 0 else ()
    return [code[user] for user in users if code[user][0] == ir.CALL and code[user][1] == register]


def _is_read_on(m: Machine, frame: Frame, register: int) -> bool:
    """Whether an attribute is used as data, not as a method: `request.identity and request.identity.name`."""
    code = frame.scope.code
    users = m.state.users(frame.module, frame.scope_index)[register] if register >= 0 else ()
    return any(
        (code[user][0] == ir.ATTR and not code[user][2].startswith("__"))
        or (code[user][0] in (ir.SUBSCRIPT, ir.ITERATE, ir.ITEM) and code[user][1] == register)
        or code[user][0] == ir.BINARY
        or code[user][:2] in _TRUTH
        or (code[user][0] == ir.PHI and code[user][2:] == ("and",) and code[user][1][-1] != register)
        for user in users
    )


def takes_arguments(m: Machine, identity: ClassId, name: str, call: ir.Instruction) -> bool:
    """False for a method that cannot take the arguments of a call, and for a property: what it gives is called."""
    scope = _method(m, identity, name)
    return takes(scope, call, given=1) if scope is not None else not _is_read(m, identity, name)


def _is_read(m: Machine, identity: ClassId, name: str) -> bool:
    """True for properties that give nothing of the project that can be called."""
    kinds, data = m.table.kinds, m.table.data
    members = m.state.slots["class", identity, name].values
    getters = [data[member][0] for member in members if kinds[member] == PROP]
    if not getters or len(getters) < len(members):
        return False
    functions = [m.state.functions[data[getter][0]] for getter in getters if kinds[getter] == FUNC]
    contexts = [m.state.activations[index] for function in functions for index in function.contexts.values()]
    return not any(_can_be_called(m, v) for context in contexts for v in context.result.values)


def _can_be_called(m: Machine, value: Value) -> bool:
    kind = m.table.kinds[value]
    return kind in CALLABLE_KINDS or (kind == INST and m.has_member(value, "__call__"))


def _method(m: Machine, identity: ClassId, name: str) -> Scope | None:
    """The method that a class defines, if it is as it is written: not decorated, and there once."""
    found = [d for d in m.state.symbols.class_member(identity, name) if d.kind == "function"]
    scope = m.state.program.summaries[found[0].module].scopes[found[0].scope] if len(found) == 1 else None
    return None if scope is None or scope.decorators else scope


def _alike(m: Machine, name: str, candidates: list[ClassId]) -> list[ClassId]:
    """Classes whose methods have the same parameters, if nearly all candidates have these: an interface that is written down
    nowhere."""
    shapes: dict[tuple[str, ...], list[ClassId]] = {}
    for identity in candidates:
        scope = _method(m, identity, name)
        if scope is not None and len(scope.parameters) > FEWEST_PARAMETERS:
            shapes.setdefault(tuple(parameter.name for parameter in scope.parameters), []).append(identity)
    largest = max(shapes.values(), key=len, default=[])
    return largest if len(largest) >= SHARE_ALIKE * len(roots_of(m, name)) else []


def roots_of(m: Machine, name: str) -> list[ClassId]:
    """Classes that define a method of that name, without those that override it."""
    roots = m.method_roots.get(name)
    if roots is None:
        classes = m.state.classes
        owners = [c for c in classes.by_member.get(name, ()) if c not in m.interfaces.implementers]
        defining = [c for c in owners if m.hierarchy.is_method(c, name)]
        roots = [c for c in defining if not any(base in defining for base in classes.info(c).ancestry[1:])]
        m.method_roots[name] = roots
    return roots


def guess_on_results(m: Machine, frame: Frame, register: int, holders: Values, name: str, found: Values) -> Values:
    """`manager.get(...).name`: the result of an external call may be a first-party object (an ORM's), and what comes out of a
    place that cannot hold all that goes into it is something else where nothing that it holds has that attribute."""
    if not may_be_guessed(m, name):
        return found
    kinds, data = m.table.kinds, m.table.data
    if not m.state.guessing:
        if any(kinds[v] in (EXT, HOLE) for v in holders) or _is_lacking(m, holders, found):
            m.state.unknown.add(m.state.point)
        return found
    for holder in holders:
        if kinds[holder] == HOLE or holder == m.none() or (kinds[holder] == INST and _is_lacking(m, holders, found)):
            continue
        if kinds[holder] != EXT or not _is_result(data[holder][0]):
            return found
    paths = tuple(data[holder][0] for holder in holders if kinds[holder] == EXT)
    return found | guess_methods(m, frame, register, name, -1, paths)


def _may_be_anything(m: Machine, path: str) -> bool:
    """True for what was put away somewhere before (a queue, a registry, a context variable) or is known by a name that
    something else says (`import_string(name)()`), for what a function of the project's own packages gave back that is not among
    the analysed code, and for what a method gave back of a thing that may itself be the project's, as libraries give it back
    that it inherits from: `view.get_object().f()`."""
    holder = path.rstrip("()[]").rpartition(".")[0]
    library = path.partition(".")[0]
    is_of_library = _is_result(holder) and library in m.state.classes.libraries
    return _is_kept(path) or is_of_library or _is_named(m, path) or m.state.names.is_module(library)


def _is_kept(path: str) -> bool:
    """True for what was put away somewhere before."""
    return path.startswith(_KEEPERS) and not path.startswith(_MAKERS)


def _all_standard(paths: tuple[str, ...]) -> bool:
    """True where only the standard library gave it back: it makes no objects of classes that other libraries know."""
    return all(path.partition(".")[0] in sys.stdlib_module_names for path in paths)


def may_be_own(m: Machine, path: str) -> bool:
    """True where the object of a method known by its external path may be the project's: what was loaded by a name that
    something else says; where no type of a library has such a method, what an external function gave back that may be
    anything, and an attribute of an object of which the project defines the class."""
    holder, _, name = path.rpartition(".")
    if holder.startswith(_LOADED) or _is_named(m, holder):
        return True
    if name in BUILTIN_ATTRIBUTES:
        return False
    if holder[-1:] in (")", "]"):
        return _is_result(holder) and _may_be_anything(m, holder)
    return "()." in holder and holder.partition(".")[0] in m.state.classes.libraries


def may_be_own_class(m: Machine, path: str) -> bool:
    """The same of a method of classes, whatever its name is: objects of known types have methods that are called `create`, but
    what a registry of a library gives back may be the project's class."""
    return may_be_own(m, path) or _is_result(path.rpartition(".")[0])


def _is_named(m: Machine, path: str) -> bool:
    """True for what a name stands for that something else says, and what that gives back: `import_string(name)()`."""
    return any(rule.value == "named" for rule in m.state.rules.facts(path.partition("(")[0]).returns)


def _is_lacking(m: Machine, holders: Values, found: Values) -> bool:
    """True for what loading an attribute gives where many are known that it may be loaded from, and none has it."""
    return len(holders) > MOST_VALUES and all(m.table.kinds[value] == HOLE for value in found)


def _is_result(path: str) -> bool:
    """True for what an external function (not a class) gave back."""
    if not path.endswith(("()", "[]")):
        return False
    before, _, last = path.rstrip("()[]").rpartition(".")
    if before.rpartition(".")[2] == last or last in _LOWER_CASE_CLASSES:
        return False
    return last[:1].islower() and "." in path and not path.startswith("<builtin>")
