"""Functions that a framework is told of in a list, and runs by their own names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import containers
from dealix_lint.callgraph.values import BOUND, CONT, EMPTY, FUNC, Value, Values

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine


def name(m: Machine, framework: str, targets: Values) -> None:
    """Functions handed to a framework in a call (`Worker(functions=[send])`) answer to their names."""
    if framework in m.state.rules.listing_variables:
        for value in _functions(m, targets):
            m.state.add(m.state.slots["unit", framework, own_name(m, value)], frozenset((value,)))


def listed(m: Machine, frame: Frame, framework: str, wanted: str) -> Values:
    """The functions of a name that a dictionary in a variable of a module lists: `settings = {"functions": [send]}`."""
    found = EMPTY
    for variable, fields in m.state.rules.listing_variables[framework]:
        for module in _modules(m, variable):
            for table in m.load(frame, -1, m.module_value(module), variable):
                if m.table.kinds[table] == CONT and {*fields} <= {*containers.known_keys(m, frame, table)}:
                    found |= _called(m, frame, containers.get(m, frame, table, fields[-1]), wanted)
    return found


def own_name(m: Machine, value: Value) -> str:
    """The simple name of a function."""
    module, scope = m.definition_of(value)
    return m.state.program.summaries[module].scopes[scope].name


def _called(m: Machine, frame: Frame, functions: Values, wanted: str) -> Values:
    elements = m.iterate(frame, -1, functions, False)
    found = {value for value in _functions(m, elements) if own_name(m, value) == wanted}
    for pair in elements:  # `("mail", send)`
        if m.table.kinds[pair] == CONT and wanted in m.constants(containers.get(m, frame, pair, 0)):
            found.update(_functions(m, containers.get(m, frame, pair, 1)))
    return frozenset(found)


def _functions(m: Machine, values: Values) -> list[Value]:
    return [value for value in sorted(values) if m.table.kinds[value] in (FUNC, BOUND)]


def _modules(m: Machine, variable: str) -> tuple[str, ...]:
    """The modules that have a global of that name."""
    known = m.listing_modules.get(variable)
    if known is None:
        sources = m.state.program.sources
        known = tuple(s.module for index, s in enumerate(sources) if variable in m.state.symbols.exports(index))
        m.listing_modules[variable] = known
    return known
