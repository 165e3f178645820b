"""What a global name means in a module: its own, star-imported, builtin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import attributes
from dealix_lint.callgraph.machine import BUILTIN_NAMES
from dealix_lint.callgraph.values import EMPTY, EXT, Values

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine


def global_name(m: Machine, frame: Frame, name: str) -> Values:
    """A global or builtin name as the frame's module sees it."""
    state = m.state
    if name in m.module_names(frame.module):
        return state.read(state.slots["global", frame.module, name])
    for star in reversed(state.symbols.star_imports(frame.module)):
        if state.names.is_module(star):
            found = attributes.module_attribute(m, frame, -1, star, name)
            if found and not all(m.table.kinds[v] == EXT and m.table.data[v][0] == f"{star}.{name}" for v in found):
                return found
    if name in BUILTIN_NAMES:
        return m.external(f"<builtin>.{name}", 0)
    stars = state.symbols.star_imports(frame.module)
    if len(stars) == 1 and not state.names.is_module(stars[0]):
        return m.external(f"{stars[0]}.{name}", 0)
    return _own_name(m, frame, name)


def _own_name(m: Machine, frame: Frame, name: str) -> Values:
    source = m.state.program.sources[frame.module]
    if name == "__name__":
        return frozenset((m.table.constant(source.module),))
    if name != "__package__":
        return EMPTY
    return frozenset((m.table.constant(source.module if source.is_package else source.module.rpartition(".")[0]),))
