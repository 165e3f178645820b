"""Modules that are imported by a computed name, and what importing a name from a module calls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dealix_lint.callgraph.frame import Arguments
from dealix_lint.callgraph.values import EMPTY, Values

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

MOST_MODULES = 16  # that a name with an unknown part may mean; beyond, it may mean anything


def import_module(m: Machine, frame: Frame, r: int, a: Arguments) -> Values:
    """`importlib.import_module(name, package)`."""
    source = m.state.program.sources[frame.module]
    own = source.module if source.is_package else source.module.rpartition(".")[0]
    package = (m.constants(a.get(1, "package")) or [own])[0]
    names = a.get(0, "name")
    found = EMPTY
    for constant in m.constants(names):
        name = _absolute(constant, package)
        found |= m.module_value(name) if m.state.names.is_module(name) else m.external(name, 0)
    for value in sorted(names):
        if m.is_text(value):
            found |= _fitting(m, frame, r, m.table.data[value][0], package)
    return found


def ask_for_path(m: Machine, frame: Frame, r: int, module: str) -> None:
    """`from module import name` asks the module for its `__path__`, to see whether it is a package: where it is none, its
    `__getattr__` is called for that."""
    index = m.state.program.modules.get(m.state.names.canonical(module))
    if index is None or "__getattr__" not in m.module_names(index) or m.state.program.sources[index].is_package:
        return
    asked = m.state.read(m.state.slots["global", index, "__getattr__"])
    m.call(frame, r, asked, Arguments([frozenset((m.table.constant("__path__"),))]))


def named(m: Machine, frame: Frame, r: int, names: Values) -> Values:
    """What dotted names of the project stand for (`import_string("app.pay.Wallet")`, `"app.pay:Wallet"`)."""
    found = EMPTY
    for value in sorted(names):
        text = m.table.text_of(value)
        parts = (text,) if text else m.table.data[value][0] if m.is_text(value) else ()
        if not parts or not isinstance(parts[-1], str):
            continue
        path, _, attribute = parts[-1].replace(":", ".").rpartition(".")
        if not path and len(parts) == 1:
            continue
        modules = _modules(m, frame, r, (*parts[:-1], path) if path else parts[:-1])
        found |= m.load(frame, r, modules, attribute)
    return found


def _modules(m: Machine, frame: Frame, r: int, parts: tuple[str | int, ...]) -> Values:
    if len(parts) == 1 and isinstance(parts[0], str):
        return m.module_value(parts[0]) if m.state.names.is_module(parts[0]) else EMPTY
    return _fitting(m, frame, r, parts, "")


def _absolute(name: str, package: str) -> str:
    relative = name.lstrip(".")
    if relative == name:
        return name
    parts = package.split(".")
    return ".".join([*parts[: len(parts) - (len(name) - len(relative) - 1)], relative])


def _fitting(m: Machine, frame: Frame, r: int, parts: tuple[str | int, ...], package: str) -> Values:
    """`import_module(f"app.backends.{name}")`: the modules of a package of the project that the known parts fit."""
    if not isinstance(parts[0], str):
        return EMPTY
    first = _absolute(parts[0], package)
    if not m.state.names.is_module(first.rpartition(".")[0]):
        return EMPTY
    pattern = "".join(re.escape(part) if isinstance(part, str) else r"\w+" for part in (first, *parts[1:]))
    names = m.state.names.fitting(pattern)
    if len(names) > MOST_MODULES:
        return EMPTY
    frame.guessed |= {r}
    return EMPTY.union(*[m.module_value(name) for name in names])
