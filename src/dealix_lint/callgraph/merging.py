"""Containers that one place of the code makes again and again, as those that a slot has no room for: they become one that
holds what any of them holds under the same key, so that what is called out of a table of many entries is known."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import CALLABLE_KINDS, CLASS, CONST, CONT, Slot, Value
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.state import State

Key = str | int | tuple[int, ...]
Origin = tuple[str, int, int, int]
"""Kind, function, scope and register."""

MOST_STAND_INS = (
    64  # for containers made at one place; where more slots have no room for them, the last one is for all of these
)
_DISPLAYS = frozenset((ir.LIST, ir.SET, ir.DICT, ir.TUPLE))


def place(state: State, container: Value, key: Key | None) -> Slot:
    """The slot of what is stored under a constant key, or under an unknown one (None)."""
    slot = state.slots["element", container] if key is None else state.slots["key", container, key]
    if not slot.targets:  # the first time
        if container in state.merged:
            slot.forgets_texts = True
            slot.merged = state.slots["all", container].merged
        state.link(slot, state.slots["all", container])
        if key is not None:
            value = state.table.make(CLASS, *key) if isinstance(key, tuple) else state.table.constant(key)
            state.add(state.slots["keys", container], frozenset((value,)))
        for merged in state.joined.get(container, ()):
            state.link(slot, place(state, merged, key))
    return slot


def stand_in(state: State, slot: Slot, container: Value, held: Collection[Value]) -> Value:
    """The container that stands for one that a slot has no room for next to those it holds; 0 where none of them was made at
    the same place (then everything goes through the slot), or where it holds nothing that can be called. Call `join` once the
    slot is settled."""
    kinds = state.table.kinds
    if not any(kinds[value] in CALLABLE_KINDS for value in state.slots["all", container].values):
        return 0
    origin = _origin(state, container)
    alike = [v for v in held if kinds[v] == CONT and _origin(state, v) == origin]
    if origin is None or not alike:
        return 0
    if container in state.merged and state.merged.keys().isdisjoint(alike):
        return container
    found = slot.merged.get(origin)
    if found is None:
        made, found = state.stand_ins.get(origin, (0, 0))
        if made < MOST_STAND_INS:
            found = state.table.make(CONT, origin[0], f"merged {len(state.merged)}")
            state.merged[found] = origin
            state.stand_ins[origin] = (made + 1, found)
        slot.merged = {**slot.merged, origin: found}
        if made < MOST_STAND_INS:  # what it holds of its own kind, it stands for as well: `x.append(x)` comes to an end
            state.slots["all", found].merged = slot.merged
    if container != found and found not in state.joined.get(container, ()):
        state.joined[container] = (*state.joined.get(container, ()), found)
        state.to_join.append((container, found))
    return found


def join(state: State) -> None:
    """Let what the containers hold that were merged since the last time flow into those that stand for them. What is merged
    on the way waits for its turn."""
    if state.is_joining:
        return
    state.is_joining = True
    while state.to_join:
        container, merged = state.to_join.pop()
        keys = state.slots["keys", container]
        for value in sorted(keys.values):
            kind, data = state.table.kinds[value], state.table.data[value]
            key = data if kind == CLASS else data[1] if kind == CONST else None
            if key is not None and ("key", container, key) in state.slots:
                state.link(state.slots["key", container, key], place(state, merged, key))
        state.link(place(state, container, None), place(state, merged, None))
        state.link(keys, state.slots["keys", merged])
    state.is_joining = False


def _origin(state: State, container: Value) -> Origin | None:
    """Where in the code a container is made; of one that is written down in another: where that one is."""
    kind, site = state.table.data[container]
    if not isinstance(site, int):
        return state.merged.get(container)
    activation, scope, register = state.site_list[abs(site)]
    if scope < 0:
        return None
    function = state.activations[activation].function
    module = state.functions[function].module
    code = state.program.summaries[module].scopes[scope].code
    users = state.users(module, scope)[register]
    around = [user for user in users if code[user][0] in _DISPLAYS]
    return kind, function, scope, around[0] if len(users) == len(around) == 1 else register
