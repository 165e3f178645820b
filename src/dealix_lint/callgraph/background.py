"""Coroutines that a dispatch takes over, also those that a coroutine which it takes over awaits on their behalf:
`ensure_future(guarded(coro))`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import CORO
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.callgraph.state import Activation, EdgeInfo

Taken = dict[tuple[int, int], "EdgeInfo"]


def taken_over(m: Machine, live: Iterable[Activation]) -> Taken:
    """(site, activation) of each coroutine that runs beside who made it -> the dispatch that took it over."""
    state = m.state
    found: Taken = dict(m.coroutine_edges)
    made = Counter(target for a in live for targets in a.edges.values() for target in targets) if found else Counter()
    taken = Counter(activation for _, activation in found)
    work = list(found.items())
    for (_, activation), edge in work:
        if taken[activation] < made[activation]:
            continue  # others await it in place
        for position in _awaited_parameters(m, activation):
            for value in sorted(state.activations[activation].parameters[position].values):
                inner, site = m.table.data[value] if m.table.kinds[value] == CORO else (0, 0)
                if inner and (site, inner) not in found:
                    found[site, inner] = edge
                    taken[inner] += 1
                    work.append(((site, inner), edge))
    return found


def _awaited_parameters(m: Machine, activation: int) -> Iterator[int]:
    """The parameters that a coroutine awaits itself."""
    code = m.state.functions[m.state.activations[activation].function].scope.code
    for instruction in code:
        if instruction[0] == ir.AWAIT and instruction[1] >= 0 and code[instruction[1]][0] == ir.PARAM:
            yield code[instruction[1]][1]
