"""Classes that nothing imports: what makes objects of them finds them by their names, in the files of a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import INST
from dealix_lint.link import ClassId

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine
    from dealix_lint.callgraph.state import Activation

FEWEST = 3  # classes of one base that nothing imports: fewer are left over, rather than found by their names


def is_plugin(owner: ClassId, base: ClassId, imported: frozenset[int]) -> bool:
    """True for a class in a module of its own that nothing imports."""
    return owner[0] not in imported and owner[0] != base[0]


def start_heirs(m: Machine, imported: frozenset[int]) -> None:
    """Let methods that plug-ins inherit from their base be called on them, too, where something outside of their hierarchy
    calls these on objects of which others are seen being made: `service.notify()`, which calls `self.send()`."""
    state = m.state
    wanted: dict[ClassId, list[ClassId]] = {}
    for base, subclasses in state.classes.subclasses.items():
        unseen = [c for c in subclasses if is_plugin(c, base, imported) and not state.population.has(c)]
        if len(unseen) >= FEWEST and state.population.has(base):
            wanted[base] = unseen
    for activation in _called_from_outside(m, wanted) if wanted else ():
        function = state.functions[activation.function]
        owner, name = function.owner, function.scope.name
        if owner is not None and any(state.classes.definer(heir, name) == owner for heir in wanted[owner]):
            state.add(activation.parameters[0], frozenset((state.declared(owner),)))


def _called_from_outside(m: Machine, wanted: dict[ClassId, list[ClassId]]) -> list[Activation]:
    """Contexts of methods of these classes that are called on objects, and by other code than that of their hierarchies."""
    state = m.state
    found: dict[int, Activation] = {}
    for caller in state.activations[1:]:
        own = state.functions[caller.function].owner
        for target in [t for targets in caller.edges.values() for t in targets]:
            activation = state.activations[target]
            function = state.functions[activation.function] if activation.function >= 0 else None
            if function is None or function.owner not in wanted or function.is_static or function.is_class_method:
                continue
            if own is not None and function.owner in state.classes.info(own).ancestry:
                continue
            if function.scope.name.startswith("__") or not _is_on_objects(m, activation):
                continue
            found[target] = activation
    return [found[index] for index in sorted(found)]


def _is_on_objects(m: Machine, activation: Activation) -> bool:
    return bool(activation.parameters) and any(m.table.kinds[v] == INST for v in activation.parameters[0].values)
