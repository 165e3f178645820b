"""The inner side of `verify_catalog.py`: reads access paths (a JSON list) and prints those that the installed libraries
have. Runs with nothing but the libraries on its path and imports nothing of ours."""

from __future__ import annotations

import abc
import ast
import contextlib
import enum
import functools
import importlib
import inspect
import json
import pkgutil
import re
import sys
import textwrap
import types
import typing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

DEEPEST = 4  # attributes that `**` stands for at most
REALLY_CALLED = {"boto3", "botocore", "googleapiclient"}  # whose objects are made from data, without a network
MOST = 4000  # objects looked at for one pattern


@dataclass(frozen=True)
class Instance:
    """An object of a class, of which there is only the class."""

    cls: Any

    def __hash__(self) -> int:
        return id(self.cls)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instance) and other.cls is self.cls


@dataclass(frozen=True)
class Anything:
    """What cannot be told: everything may be there."""


UNKNOWN = Anything()


def identity(value: Any) -> tuple[bool, int]:
    """What tells values apart, of which many have no equality."""
    return (True, id(value.cls)) if isinstance(value, Instance) else (False, id(value))


def remembered(make_default: Callable[[], Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Remembers results; a question that comes up again while it is being answered gets the default. What such a default
    has led to is nothing yet: if that is all there is, it is asked again another time."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        known: dict[tuple[Any, ...], Any] = {}
        kept: list[Any] = []  # so that no id is given twice

        def ask(*arguments: Any) -> Any:
            key = tuple(a if isinstance(a, str | tuple) else identity(a) for a in arguments)
            mine = (id(known), key)
            if mine in ASKED:
                UNSURE.update(list(ASKED)[ASKED[mine] + 1 :])
            if key in known:
                return known[key]
            known[key] = make_default()
            kept.append(arguments)
            ASKED[mine] = len(ASKED)
            try:
                known[key] = answer = function(*arguments)
            finally:
                del ASKED[mine]
            if mine in UNSURE:
                UNSURE.discard(mine)
                if not answer:
                    del known[key]
            return answer

        return ask

    return decorate


ASKED: dict[tuple[int, tuple[Any, ...]], int] = {}  # and how many were being asked before
UNSURE: set[tuple[int, tuple[Any, ...]]] = set()


def segments(path: str) -> list[str]:
    """`a.b('x.y').c` at its dots outside brackets and quotes."""
    return re.findall(r"(?:[^.('\"\[]|\([^)]*\)|\[[^\]]*\])+", path)


def attribute(holder: Any, name: str) -> list[Any]:
    """What an attribute of a value may be; [] where there is none."""
    if isinstance(holder, Anything):
        return [UNKNOWN]
    if isinstance(holder, Instance):
        return of_instance(holder.cls, name)
    if isinstance(holder, types.ModuleType):
        return of_module(holder, name)
    try:
        return [getattr(holder, name)]
    except BaseException:
        return []


def of_module(module: types.ModuleType, name: str) -> list[Any]:
    full = f"{module.__name__}.{name}"
    found: list[Any] = []
    with contextlib.suppress(BaseException):
        found.append(getattr(module, name))
    if found == [None]:
        found = [UNKNOWN]  # a function of the library puts something there when it is called
    elif found and not name.startswith("_") and (isinstance(found[0], types.ModuleType) or name not in inside(module)):
        return found
    try:
        return [*found, importlib.import_module(full)]  # a module that a variable of the same name hides counts, too
    except ModuleNotFoundError as error:
        return found if error.name == full or not hasattr(module, "__path__") else [*found, UNKNOWN]
    except BaseException:  # it is there, and needs something that is not
        return [*found, UNKNOWN]


@remembered(set)
def inside(module: types.ModuleType) -> set[str]:
    """The modules of a package."""
    return {info.name for info in pkgutil.iter_modules(getattr(module, "__path__", ()))}


@remembered(list)
def of_instance(cls: Any, name: str) -> list[Any]:
    for base in getattr(cls, "__mro__", (cls,)):
        members = vars(base) if hasattr(base, "__dict__") else {}
        if name in members:
            return member(base, members[name], cls)
        if name in assigned(base):
            return assigned(base)[name]
        annotation = annotations(base).get(name)
        if annotation is not None:
            return typed(annotation, base) or [UNKNOWN]
    if is_dynamic(cls):
        return by_getattr(cls)
    return [v for one in entered(cls) for v in attribute(one, name)]


def entered(cls: Any) -> list[Any]:
    """What `with` makes of instances, where that is not themselves."""
    enters = [getattr(cls, name) for name in ("__enter__", "__aenter__") if hasattr(cls, name)]
    return [v for enter in enters for v in returned(enter, cls) or [UNKNOWN] if v != Instance(cls)]


@remembered(bool)
def is_dynamic(cls: Any) -> bool:
    """Whether instances may have attributes that no source shows."""
    bases = [base for base in getattr(cls, "__mro__", ()) if base is not object]
    return any("__getattr__" in vars(base) or sets_attributes(base) for base in bases)


@remembered(bool)
def sets_attributes(cls: Any) -> bool:
    """Whether methods of a class give `self`, or the class, attributes by computed names."""
    members = [f.__func__ if isinstance(f, classmethod) else f for f in vars(cls).values()]
    functions = [f for f in members if inspect.isfunction(f)]
    for node in (node for f in functions for node in ast.walk(tree_of(f))):
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) == "setattr":
            if ast.unparse(node.args[0]) in ("self", "cls"):
                return True
        elif isinstance(node, ast.Assign) and any(ast.unparse(t).startswith("self.__dict__[") for t in node.targets):
            return True
    return False


def annotations(value: Any) -> dict[str, Any]:
    found = vars(value).get("__annotations__") if hasattr(value, "__dict__") else None
    return found if isinstance(found, dict) else {}


def by_getattr(cls: Any) -> list[Any]:
    function = next((vars(base)["__getattr__"] for base in cls.__mro__ if "__getattr__" in vars(base)), None)
    return (returned(function, cls) if function is not None else []) or [UNKNOWN]


def member(owner: Any, value: Any, cls: Any) -> list[Any]:
    if isinstance(value, staticmethod):
        return [value.__func__]
    if isinstance(value, classmethod):
        return [value.__get__(None, cls)]
    if isinstance(value, property):
        return returned(value.fget, owner) or [UNKNOWN]
    if isinstance(value, functools.cached_property):
        return returned(value.func, owner) or [UNKNOWN]
    if inspect.isfunction(value) or inspect.isclass(value):
        return [value]
    if hasattr(type(value), "__get__"):
        wrapped = next(
            (getattr(value, n) for n in ("fget", "f_get", "func", "function", "wrapped") if hasattr(value, n)), None
        )
        return (returned(wrapped, owner) if inspect.isfunction(wrapped) else []) or [UNKNOWN]
    return [value] if hasattr(value, "__dict__") else [UNKNOWN]


@remembered(dict)
def assigned(cls: Any) -> dict[str, list[Any]]:
    """Attributes that the methods of a class assign to `self`."""
    found: dict[str, list[Any]] = {}
    for value in vars(cls).values() if hasattr(cls, "__dict__") else ():
        function = value.fget if isinstance(value, property) else value
        if not inspect.isfunction(function):
            continue
        for name, node in assignments(tree_of(function)):
            values = evaluated(node.value, function, cls) if node.value is not None else []
            if isinstance(node, ast.AnnAssign) and not values:
                values = typed(ast.unparse(node.annotation), cls)
            is_none = isinstance(node.value, ast.Constant) and node.value.value is None
            found.setdefault(name, []).extend(values or ([] if is_none else [UNKNOWN]))
    return {name: values or [UNKNOWN] for name, values in found.items()}


def assignments(tree: ast.AST) -> Iterator[tuple[str, ast.Assign | ast.AnnAssign]]:
    """Attribute and statement of each assignment to an attribute of `self`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self":
                    yield target.attr, node


@remembered(lambda: ast.Module(body=[], type_ignores=[]))
def tree_of(function: Any) -> ast.AST:
    if getattr(function, "__name__", "") == "<lambda>":
        return ast.Module(body=[], type_ignores=[])  # its source is that of the statement around it
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except Exception:
        return ast.Module(body=[], type_ignores=[])


@remembered(list)
def evaluated(node: ast.AST, function: Any, cls: Any) -> list[Any]:
    """What an expression in a function may be, as far as names and calls tell."""
    scope = getattr(inspect.unwrap(function), "__globals__", {})
    if isinstance(node, ast.Name):
        if node.id == "self":
            return [Instance(cls)] if cls is not None else []
        if node.id in scope:
            return [scope[node.id]]
        annotation = getattr(function, "__annotations__", {}).get(node.id)
        local = [v for found in local_values(function).get(node.id, ()) for v in evaluated(found, function, cls)]
        return local or (typed(annotation, function) if annotation is not None else [])
    if isinstance(node, ast.Attribute):
        return [v for holder in evaluated(node.value, function, cls) for v in attribute(holder, node.attr)]
    if isinstance(node, ast.Call):
        return [v for callee in evaluated(node.func, function, cls) for v in called(callee)]
    if isinstance(node, ast.IfExp | ast.BoolOp):
        parts = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
        return [v for part in parts for v in evaluated(part, function, cls)]
    if isinstance(node, ast.Await):
        return evaluated(node.value, function, cls)
    return []


@remembered(dict)
def local_values(function: Any) -> dict[str, list[ast.AST]]:
    found: dict[str, list[ast.AST]] = {}
    for node in ast.walk(tree_of(function)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if not any(isinstance(n, ast.Name) and n.id == node.targets[0].id for n in ast.walk(node.value)):
                found.setdefault(node.targets[0].id, []).append(node.value)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found.setdefault(alias.asname or alias.name, []).append(imported(node, alias.name, function))
    return found


def imported(node: ast.ImportFrom, name: str, function: Any) -> ast.AST:
    """`from x import y` inside a function, as an expression that `evaluated` can look up."""
    scope = inspect.unwrap(function).__globals__
    try:
        module = importlib.import_module("." * node.level + (node.module or ""), scope.get("__package__"))
        key = f"@{module.__name__}.{name}"
        scope.setdefault(key, getattr(module, name))
        return ast.Name(key)
    except BaseException:
        return ast.Name("?")


def typed(annotation: Any, where: Any) -> list[Any]:
    """Instances of what an annotation names."""
    if isinstance(annotation, str):
        module = sys.modules.get(getattr(where, "__module__", ""), None)
        scope = {**vars(typing), **(vars(module) if module else {})}
        try:
            annotation = eval(annotation, scope)  # of a library that was imported already
        except Exception:
            return by_name(annotation)
    if isinstance(annotation, typing.ForwardRef):
        return typed(annotation.__forward_arg__, where)
    arguments = typing.get_args(annotation)
    if arguments and typing.get_origin(annotation) is not type:
        inner = [v for argument in arguments for v in typed(argument, where)] if not is_class(annotation) else []
        origin = typing.get_origin(annotation)
        own = (
            [Instance(origin)]
            if inspect.isclass(origin) and origin.__module__ not in ("builtins", "types", "typing", "collections.abc")
            else []
        )
        return own + inner
    if annotation in (typing.Any, object):
        return [UNKNOWN]
    if inspect.isclass(annotation) and annotation is not type(None):
        return [Instance(annotation)]
    return []


def is_class(annotation: Any) -> bool:
    return inspect.isclass(annotation) and not typing.get_args(annotation)


def by_name(text: str) -> list[Any]:
    """Classes whose name an annotation gives that cannot be evaluated (imported for type checkers only)."""
    names = set(re.findall(r"[A-Za-z_]\w*", text))
    return [Instance(cls) for cls in classes() if cls.__name__ in names]


def classes() -> tuple[Any, ...]:
    return all_classes(len(sys.modules))


@functools.cache
def all_classes(modules: int) -> tuple[Any, ...]:
    found = {}
    for module in [m for name, m in list(sys.modules.items()) if name.partition(".")[0] in ROOTS]:
        for value in list(vars(module).values()):
            if inspect.isclass(value) and value.__module__.partition(".")[0] in ROOTS:
                found[id(value)] = value
    return tuple(found.values())


@remembered(list)
def called_class_or_function(value: Any) -> list[Any]:
    if inspect.isclass(value):
        new = vars(value).get("__new__")
        if type(value) not in (type, abc.ABCMeta, enum.EnumMeta):
            return [Instance(value), UNKNOWN]  # its metaclass may make something else
        return [Instance(value), *(returned(new.__func__, value) if isinstance(new, staticmethod) else [])]
    owner = value.__self__ if inspect.ismethod(value) and inspect.isclass(value.__self__) else None
    return returned(value, owner) or ([UNKNOWN] if may_return(value) else [])


def may_return(function: Any) -> bool:
    """Whether a function, as far as its source is there, gives something back."""
    nodes = list(ast.walk(tree_of(inspect.unwrap(function))))
    return len(nodes) == 1 or any(isinstance(n, ast.Return | ast.Yield) and n.value is not None for n in nodes)


def called(value: Any) -> list[Any]:
    """What calling a value may give back."""
    if isinstance(value, Anything):
        return [UNKNOWN]
    if isinstance(value, Instance):
        return [v for function in of_instance(value.cls, "__call__") for v in called(function)]
    if inspect.ismethod(value) and type(value.__self__).__module__.partition(".")[0] in REALLY_CALLED:
        try:
            return [value()]
        except Exception:
            return [UNKNOWN]
    if inspect.isclass(value) or inspect.isroutine(value):
        try:
            return called_class_or_function(value)
        except TypeError:
            return [UNKNOWN]
    return called(type(value).__call__) if callable(value) and not isinstance(value, type) else []


@remembered(list)
def returned(function: Any, owner: Any) -> list[Any]:
    """What a function gives back: by its annotation, else by its `return` statements."""
    plain = inspect.unwrap(function)
    annotation = getattr(plain, "__annotations__", {}).get("return")
    if annotation is not None and "Self" not in str(annotation):
        found = typed(annotation, plain)
        if found:
            return found
    found = []
    for node in ast.walk(tree_of(plain)):
        if isinstance(node, ast.Return) and node.value is not None:
            found += evaluated(node.value, plain, owner)
    if annotation is not None and "Self" in str(annotation) and owner is not None:
        found.append(Instance(owner))
    return found


def names_of(value: Any) -> Iterable[str]:
    """Public attributes of a value."""
    if isinstance(value, Anything):
        return ()
    if isinstance(value, Instance):
        mro = getattr(value.cls, "__mro__", ())
        inner = [
            name
            for base in mro
            if base is not object
            for name in (*vars(base), *assigned(base), *getattr(base, "__annotations__", ()))
        ]
        return sorted({name for name in inner if not name.startswith("_")})
    names = {name for name in dir(value) if not name.startswith("_")}
    if isinstance(value, types.ModuleType) and hasattr(value, "__path__"):
        names |= inside(value)
    return sorted(names)


def real_call(value: Any, constants: list[str]) -> list[Any]:
    """A call with constants, really made: clients that are built from data need no network."""
    name = constants[0].rstrip("*")
    if getattr(value, "__name__", "") == "build":
        for number in ("v1", "v2", "v3", "v4"):
            try:
                return [value(name, number, developerKey="x", static_discovery=True)]
            except Exception:
                continue
        return []
    names = [name]
    if str(getattr(value, "__module__", "")).startswith("boto3"):
        import boto3

        services = boto3.session.Session().get_available_services()
        names = [
            service for service in services if service == name or (constants[0] != name and service.startswith(name))
        ]
    made = []
    for one in names:
        try:
            made.append(value(one))
        except Exception:
            made += called(value)
    return made


def step(values: list[Any], segment: str) -> Iterator[Any]:
    """The values one segment further."""
    if segment in ("<read>", "<write>"):
        segment = "*"
    if segment.endswith("]"):
        yield from elements(step(values, segment.partition("[")[0]))
        return
    name, bracket, inner = segment.partition("(")
    wanted = re.compile("[^.]*".join(map(re.escape, name.split("*"))) + r"\Z")
    constants = re.findall(r"'([^']*)'", inner)
    for value in values:
        if isinstance(value, Anything):
            yield UNKNOWN
            continue
        if "*" in name and isinstance(value, Instance):
            if is_dynamic(value.cls):
                yield UNKNOWN
            yield from step(entered(value.cls), segment)
        names = [n for n in names_of(value) if wanted.match(n)] if "*" in name else [name]
        for found in (v for n in names for v in attribute(value, n)):
            if not bracket:
                yield found
                if "*" in name and inspect.isroutine(found):  # `get_service*` is `get_service('X')` as well
                    yield from called(found)
            elif constants:
                yield from real_call(found, constants)
            else:
                yield from called(found)


def elements(values: Iterable[Any]) -> Iterator[Any]:
    """What values hold, one of it: `remotes['origin']`, or each of `remotes`."""
    for value in values:
        getter = getattr(value.cls, "__getitem__", None) if isinstance(value, Instance) else None
        yield from (returned(getter, value.cls) if inspect.isfunction(getter) else []) or [UNKNOWN]


def deeper(values: list[Any], roots: set[str]) -> list[Any]:
    """The values, and what is below them in attributes and results of calls, to some depth."""
    reached, layer, seen = (
        list(values),
        list(values),
        {id(v) if not isinstance(v, Instance) else id(v.cls) for v in values},
    )
    is_whole = True
    for _ in range(DEEPEST):
        below = []
        for value in layer:
            for name in names_of(value):
                for found in attribute(value, name):
                    for one in (found, *(called(found) if inspect.isroutine(found) or inspect.isclass(found) else ())):
                        key = identity(one)
                        if isinstance(one, Anything):
                            is_whole = False
                            continue
                        if key in seen or not is_inside(one, roots):
                            continue
                        seen.add(key)
                        below.append(one)
            if len(seen) > MOST:
                is_whole = False
                break
        reached += below
        layer = below
    return reached if is_whole else [*reached, UNKNOWN]


def is_inside(value: Any, roots: set[str]) -> bool:
    where = (
        value.__name__
        if isinstance(value, types.ModuleType)
        else getattr(value.cls if isinstance(value, Instance) else value, "__module__", None)
    )
    if where is None:
        where = type(value).__module__
    return str(where).partition(".")[0] in roots


@functools.cache
def reached(prefix: tuple[str, ...]) -> list[Any]:
    """The values that the segments of a path lead to."""
    if len(prefix) == 1:
        root = prefix[0]
        try:
            return [importlib.import_module(root)]
        except BaseException as error:
            REASONS.setdefault(root, f"{type(error).__name__}: {error}")
            return []
    before = reached(prefix[:-1])
    if prefix[-1] in ("**", "***"):
        return deeper(before, ROOTS)
    found: dict[int, Any] = {}
    for value in step(before, prefix[-1]):
        found.setdefault(identity(value), value)
    return list(found.values())


def is_there(path: str) -> bool | None:
    """Whether a path leads to something that can be called; None: cannot be told."""
    try:
        found = reached(tuple(segments(path)))
    except Exception as error:  # libraries do strange things when looked at
        print(f"{path}: {type(error).__name__}: {error}", file=sys.stderr)
        return None
    known = [value for value in found if not isinstance(value, Anything)]
    if any(isinstance(value, Instance) or callable(value) for value in known):
        return True
    return None if len(known) < len(found) else False


REASONS: dict[str, str] = {}
ROOTS: set[str] = set()


def main() -> None:
    sys.setrecursionlimit(5000)
    paths = json.load(sys.stdin)
    ROOTS.update(segments(path)[0] for path in paths)
    answers = {path: is_there(path) for path in paths}
    found = {
        "alive": [path for path, answer in answers.items() if answer],
        "unknown": [path for path, answer in answers.items() if answer is None],
        "broken": {root: reason for root, reason in REASONS.items() if f"No module named '{root}'" not in reason},
        "missing": [root for root, reason in REASONS.items() if f"No module named '{root}'" in reason],
    }
    print("\n@@" + json.dumps(found))


if __name__ == "__main__":
    main()
