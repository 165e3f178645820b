"""Settings that a framework reads from modules of the project and hands out as an object."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from dealix_lint.callgraph.values import CONST, EMPTY, HOLE, Value, Values

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_OF_TESTS: Final = re.compile(r"(^|[._])(tests?|testing|ci)(_settings)?$")
"""Modules of settings that no deployment has."""
MOST_MODULES: Final = 8
"""Modules of settings (base, development, production ...) that count; with more nothing is known of which is meant."""


def mirrored(m: Machine, frame: Frame, path: str, name: str) -> Values:
    """What modules of settings define an attribute of an object as (`django.conf.settings.PAY_URL`); nothing where they only
    leave it blank, which a deployment fills in."""
    if not name.isupper():
        return EMPTY
    found = EMPTY
    for module in modules_with(m, m.state.rules.mirrors[path]):
        if _defines(m, module, name, frozenset()):
            found |= m.load(frame, -1, m.module_value(m.state.program.sources[module].module), name)
    return found if any(_says_something(m, value) for value in found) else EMPTY


def modules_with(m: Machine, marker: str) -> tuple[int, ...]:
    """The modules that define a name themselves or by a star import; none where there are too many."""
    found = m.settings_modules.get(marker)
    if found is None:
        sources = m.state.program.sources
        real = (module for module, source in enumerate(sources) if not _OF_TESTS.search(source.module))
        defining = tuple(module for module in real if _defines(m, module, marker, frozenset()))
        found = m.settings_modules[marker] = defining if len(defining) <= MOST_MODULES else ()
    return found


def _defines(m: Machine, module: int, name: str, on_the_way: frozenset[int]) -> bool:
    if name in m.module_names(module):
        return True
    on_the_way |= {module}
    stars = (m.state.program.modules.get(star) for star in m.state.symbols.star_imports(module))
    return any(_defines(m, star, name, on_the_way) for star in stars if star is not None and star not in on_the_way)


def _says_something(m: Machine, value: Value) -> bool:
    """False for what stands for a setting that a deployment has to make: nothing, an empty text."""
    kind = m.table.kinds[value]
    return kind != HOLE and (kind != CONST or bool(m.table.data[value][1]))
