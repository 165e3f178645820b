"""Settings that a framework reads from modules of the project and hands out as an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealix_lint.callgraph.values import CONST, EMPTY, HOLE, Value, Values

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine

MOST_MODULES: Final = 8
"""Modules of settings (base, development, production ...) that count; with more nothing is known of which is meant."""


def mirrored(m: Machine, path: str, name: str) -> Values:
    """What modules of settings define an attribute of an object as (`django.conf.settings.PAY_URL`); nothing where they only
    leave it blank, which a deployment fills in."""
    if not name.isupper():
        return EMPTY
    found = EMPTY
    for module in modules_with(m, m.state.rules.mirrors[path]):
        found |= _global(m, module, name, frozenset())
    return found if any(_says_something(m, value) for value in found) else EMPTY


def modules_with(m: Machine, marker: str) -> tuple[int, ...]:
    """The modules that define a name themselves or by a star import; none where there are too many."""
    found = m.settings_modules.get(marker)
    if found is None:
        modules = range(len(m.state.program.sources))
        defining = tuple(module for module in modules if _defines(m, module, marker, frozenset()))
        found = m.settings_modules[marker] = defining if len(defining) <= MOST_MODULES else ()
    return found


def _defines(m: Machine, module: int, name: str, seen: frozenset[int]) -> bool:
    if name in m.module_names(module):
        return True
    return any(_defines(m, star, name, seen | {module}) for star in _stars(m, module, seen | {module}))


def _global(m: Machine, module: int, name: str, seen: frozenset[int]) -> Values:
    """The values of a global name of a module, or of the last star import that has it."""
    if name in m.module_names(module):
        return m.state.read(m.state.slots["global", module, name])
    for star in reversed(_stars(m, module, seen | {module})):
        if _defines(m, star, name, seen | {module}):
            return _global(m, star, name, seen | {module})
    return EMPTY


def _stars(m: Machine, module: int, seen: frozenset[int]) -> list[int]:
    modules = m.state.program.modules
    stars = (modules.get(name) for name in m.state.symbols.star_imports(module))
    return [star for star in stars if star is not None and star not in seen]


def _says_something(m: Machine, value: Value) -> bool:
    """False for what stands for a setting that a deployment has to make: nothing, an empty text."""
    kind = m.table.kinds[value]
    return kind != HOLE and (kind != CONST or bool(m.table.data[value][1]))
