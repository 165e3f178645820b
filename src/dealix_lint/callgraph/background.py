"""Coroutines that a dispatch takes over, also those that a coroutine which it takes over awaits on their behalf:
`ensure_future(guarded(coro))`, and what runs elsewhere while nobody waits for it: `create_task(to_thread(send))`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import CORO
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Dispatch
from dealix_lint.model.graph import CALL_EDGE, DISPATCH_EDGE

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.callgraph.state import Activation, EdgeInfo

Taken = dict[tuple[int, int], "EdgeInfo"]
_BESIDE, _FUTURE = "background", "future"


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


def mechanism_beside(m: Machine, activation: Activation, site: tuple[int, int], target: int) -> str:
    """The mechanism in which a call at a site runs its target while the function goes on; "" where it may wait for it."""
    waiting = _awaited(_rules(m, activation, site))
    scope = m.state.functions[m.state.activations[target].function].scope
    if not waiting and not (scope.is_async and not scope.is_generator):
        return ""
    return _of_answer(m, activation, site, waiting)


def _of_answer(m: Machine, activation: Activation, site: tuple[int, int], kind: str) -> str:
    """The same of what a call gives back that has to be awaited: a coroutine, or a future, which runs by itself."""
    scope, register = site
    module = m.state.functions[activation.function].module
    users = m.state.users(module, scope)[register]
    if not users:
        return _BESIDE if kind == _FUTURE else ""
    code, found = m.state.program.summaries[module].scopes[scope].code, set[str]()
    for user in users:
        rules = _rules(m, activation, (scope, user)) if _is_handed(code[user], register) else ()
        starting = next((rule.mechanism for rule in rules if rule.edge == DISPATCH_EDGE), "")
        waiting = _awaited(rules)
        found.add(starting or (_of_answer(m, activation, (scope, user), waiting) if waiting else ""))
    return found.pop() if len(found) == 1 else ""


def _awaited(rules: Iterable[Dispatch]) -> str:
    """What has to be awaited of what a call gives back: "coroutine" or "future"; "" for nothing."""
    return next((rule.awaited for rule in rules if rule.edge == CALL_EDGE and rule.awaited), "")


def _is_handed(call: ir.Instruction, register: int) -> bool:
    return call[0] == ir.CALL and (register in call[2] or any(value == register for _, value in call[3]))


def _rules(m: Machine, activation: Activation, site: tuple[int, int]) -> list[Dispatch]:
    """What is known of the libraries that a call may run."""
    paths = sorted({m.table.data[value][0] for value in activation.external.get(site, ())})
    return [rule for path in paths for rule in m.state.rules.facts(path).dispatches]
