"""Keeping sets of values small, so that the analysis ends: many texts are forgotten, many instances of one hierarchy become
one of its base, of external paths and containers the first ones are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from dealix_lint.callgraph import merging
from dealix_lint.callgraph.values import (
    BOUND,
    CLASS,
    CONST,
    CONT,
    CORO,
    EXT,
    GEN,
    HOLE,
    INST,
    METHOD,
    TEXT,
    VIEW,
    Slot,
    Value,
    Values,
)
from dealix_lint.link import ClassId

if TYPE_CHECKING:
    from dealix_lint.callgraph.state import State

MOST_TEXTS = 10  # per slot, then texts are forgotten there: a slot with more is data, not configuration
MOST_VALUES = 8  # per slot, see `widened`
MOST_JOINED = 24  # of the same where branches and loops of a function come together
MOST_UNSPOKEN = 4  # of external paths of libraries that no rule speaks of
MOST_CLASSES = 24  # of instances per slot, then those of one hierarchy become one instance of its base
MOST_UNRELATED = 64  # of those without such a base: a list of plug-ins
MOST_MIXED = 100  # values per slot, then only those of the hierarchy that nearly all of them belong to are taken in
# The same once the analysis has taken so many times its share of time:
MOST_WHEN_COARSE = ((2.0, 1), (1.5, 4), (1.0, 16))
_FAMILY_SHARE = 0.75
_COUNTED = frozenset((EXT, HOLE, CONT, GEN, CORO, METHOD, VIEW))


def widened(state: State, slot: Slot, grown: Values, known: Values) -> Values:
    """Keep a slot small: many texts are data and forgotten, many keyed instances become one declared instance per class, of
    external paths and containers only the first ones are kept."""
    kinds = state.table.kinds
    if len(grown) > state.most_held:
        slot.refuse(grown - known)
        return known
    if not slot.forgets_texts and any(kinds[value] in (CONST, TEXT) for value in grown - known):
        without = state.without_texts(grown)
        if len(grown) - len(without) > MOST_TEXTS:
            slot.forgets_texts = True
            grown = without
    if len(grown) <= MOST_VALUES:
        return grown
    kept: set[Value] = set(known)
    room = MOST_VALUES - sum(1 for value in known if kinds[value] in _COUNTED)
    for value in sorted(grown - known):
        if kinds[value] in _COUNTED:
            room -= 1 if _is_spoken_of(state, value) else MOST_VALUES // MOST_UNSPOKEN
            if room < 0:
                slot.refuse(frozenset((value,)))
                shared = merging.stand_in(state, slot, value, kept) if kinds[value] == CONT else 0
                if shared:
                    kept.add(shared)
                continue
        plain = state.without_key(value)
        kept.add(plain)
        if plain != value:
            slot.refuse(frozenset((value,)))
    if len(kept) <= MOST_CLASSES:
        return frozenset(kept)
    few = _generalised(state, slot, kept, known)
    slot.refuse(kept - few)
    return few if len(few) <= MOST_MIXED else _unmixed(state, slot, few, known)


def narrowed(state: State, values: Values, known: Values) -> Values:
    """Of external paths and containers that ways of a function bring together, those that were known before and the
    first of the others: a loop that goes down a tree (`node = node.left`, `node = node.right`) makes more without end."""
    kinds = state.table.kinds
    counted = [value for value in values if kinds[value] in _COUNTED]
    if len(counted) <= MOST_JOINED:
        return values
    kept = sorted(counted, key=lambda value: (value not in known, value))[:MOST_JOINED]
    return values.difference(counted).union(kept)


def _generalised(state: State, slot: Slot, values: set[Value], known: Values) -> Values:
    """Instances of many classes become one instance of the base that most of them share; of those without such a base
    the `known` ones are kept, and the first of the others."""
    instances = sorted((v for v in values if state.table.kinds[v] == INST), key=lambda v: (v not in known, v))
    if len(instances) <= MOST_CLASSES:
        return frozenset(values)
    others = values.difference(instances)
    ancestries = {v: ancestry(state, v) for v in instances}
    standing = set(slot.bases)
    while len(instances) > MOST_CLASSES // 2:
        counts = bases(state, instances)
        base, count = max(
            counts.items(), key=lambda item: (item[1], -len(state.classes.info(item[0]).external), item[0])
        )
        if count < MOST_CLASSES // 4:
            break
        standing.add(base)
        instances = [v for v in instances if base not in ancestries[v]]
    slot.bases = tuple(sorted(standing))
    return frozenset((*others, *map(state.declared, slot.bases), *instances[:MOST_UNRELATED]))


def _unmixed(state: State, slot: Slot, grown: Values, known: Values) -> Values:
    """Of what comes to a slot that is full only what belongs to the hierarchy that it is about (the handlers of an
    application, the overrides of a method): else it is a place that everything goes through, and says nothing of anything."""
    new = grown - known
    if slot.family is None:
        base, count = max(bases(state, grown).items(), key=lambda item: (item[1], item[0]), default=((0, 0), 0))
        slot.family = (base,) if count >= _FAMILY_SHARE * len(grown) else ()
    strange = frozenset(v for v in new if set(slot.family).isdisjoint(ancestry(state, v)))
    slot.refuse(strange)
    return grown - strange


def bases(state: State, values: Iterable[Value]) -> Counter[ClassId]:
    """How many of the values belong to each class."""
    return Counter(base for value in values for base in ancestry(state, value))


def ancestry(state: State, value: Value) -> Sequence[ClassId]:
    """The classes that an instance, a class or a method bound to one of them belongs to."""
    kinds, data = state.table.kinds, state.table.data
    owner = data[value][1] if kinds[value] == BOUND else value
    return state.classes.info(state.class_list[data[owner][0]]).ancestry if kinds[owner] in (CLASS, INST) else ()


def is_covered(state: State, slot: Slot, value: Value) -> bool:
    """True for instances of classes whose base stands for them in the slot."""
    if state.table.kinds[value] != INST:
        return False
    return not set(slot.bases).isdisjoint(ancestry(state, value))


def _is_spoken_of(state: State, value: Value) -> bool:
    return state.table.kinds[value] != EXT or state.rules.is_spoken_of(state.table.data[value][0])
