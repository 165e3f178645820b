"""Dependencies by name: parameters that an application, a router, a class of routes or a route itself says how to make. What is
nearest to the route counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from dealix_lint.callgraph import containers, descriptors, parameters
from dealix_lint.callgraph.frame import Arguments, Frame
from dealix_lint.callgraph.values import CLASS, CONT, EMPTY, EXT, FUNC, PARTIAL, Value, Values

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine

Layer: TypeAlias = tuple[int, int]
"""(EXT, site of a router), (CLASS, class) or (FUNC, function)."""


@dataclass(slots=True)
class Layers:
    """What each layer makes, and which layers are above it."""

    makers: defaultdict[Layer, dict[str, Values]] = field(default_factory=lambda: defaultdict(dict))
    above: defaultdict[Layer, set[Layer]] = field(default_factory=lambda: defaultdict(set))

    def note(self, m: Machine, frame: Frame, layer: Layer, named: Values, inside: Values, attribute: str) -> None:
        """Of one layer: what it makes by name, what stands inside it, and where classes among these say the same."""
        self._say(m, frame, layer, named)
        for value in sorted(_listed(m, frame, inside)):
            kind, data = m.table.kinds[value], m.table.data[value]
            if kind in (FUNC, CLASS) or (kind == EXT and data[1]):
                self.above[kind, data[1] if kind == EXT else value].add(layer)
            if kind == CLASS:
                self._note_class(m, frame, value, attribute)

    def _note_class(self, m: Machine, frame: Frame, value: Value, attribute: str) -> None:
        identity = m.state.class_list[m.table.data[value][0]]
        for owner in m.state.classes.info(identity).ancestry:
            for name in m.state.classes.info(owner).members:
                members = descriptors.class_member(m, owner, name)
                if name == attribute:
                    self._say(m, frame, (CLASS, value), members)
                for member in members:
                    if m.table.kinds[member] == FUNC and m.state.slots["unit-of", member].values:
                        self.above[FUNC, member].add((CLASS, value))

    def _say(self, m: Machine, frame: Frame, layer: Layer, named: Values) -> None:
        for value in sorted(named):
            for key in containers.known_keys(m, frame, value) if m.table.kinds[value] == CONT else ():
                if isinstance(key, str):
                    self.makers[layer].setdefault(key, containers.get(m, frame, value, key))

    def hand_in(self, m: Machine) -> None:
        """Give every route what its layers make for its parameters."""
        for layer in sorted({*self.makers, *self.above}):
            if layer[0] != FUNC:
                continue
            function_id, environment = m.table.data[layer[1]]
            function = m.state.functions[function_id]
            activation = m.state.activation(function_id, environment, ())
            frame = Frame(activation, function, function.scope_index, function.scope)
            m.state.point = frame.base
            for index, parameter in enumerate(function.scope.parameters):
                made = self._made(m, frame, layer, parameter.name, frozenset())
                if made:
                    parameters.hand_in(m, layer[1], index, made)

    def _made(self, m: Machine, frame: Frame, layer: Layer, name: str, on_the_way: frozenset[str]) -> Values:
        """What a parameter of that name holds in a layer."""
        found = EMPTY
        for marker in self._makers(layer, name) if name not in on_the_way else ():
            factories = parameters.injected_factory(m, marker) or frozenset((marker,))
            for factory in sorted(v for v in factories if m.table.kinds[v] in (FUNC, CLASS, PARTIAL)):
                wanted = _parameters(m, factory)
                given = {own: self._made(m, frame, layer, own, on_the_way | {name}) for own in wanted}
                arguments = Arguments(keywords={own: values for own, values in given.items() if values})
                result = m.call(frame, 0, frozenset((factory,)), arguments)
                found |= parameters.resolved(m, frame, 0, result)
        return found

    def _makers(self, layer: Layer, name: str) -> list[Value]:
        """What the nearest layers that know a name make it with."""
        level, seen = {layer}, {layer}
        while level:
            found = [marker for one in level if one in self.makers for marker in self.makers[one].get(name, ())]
            if found:
                return sorted(set(found))
            level = {above for one in level if one in self.above for above in self.above[one]} - seen
            seen |= level
        return []


def _listed(m: Machine, frame: Frame, values: Values) -> Values:
    return EMPTY.union(*(containers.get(m, frame, v, None) for v in sorted(values) if m.table.kinds[v] == CONT))


def _parameters(m: Machine, factory: Value) -> list[str]:
    if m.table.kinds[factory] != FUNC:
        return []
    return [parameter.name for parameter in m.state.functions[m.table.data[factory][0]].scope.parameters]
