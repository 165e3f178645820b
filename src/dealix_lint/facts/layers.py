"""Declarations behind one another on a path: is an outer one weaker than an inner one."""

from __future__ import annotations

from dataclasses import dataclass

from dealix_lint.facts.classification import Classification
from dealix_lint.facts.numbering import Numbered
from dealix_lint.facts.sites import Sites, Step
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.facts import Declared, Evidence
from dealix_lint.model.graph import Edge
from dealix_lint.model.policy import AXES, Policy

Inner = tuple[str, Evidence, Step]
"""The strongest level that is certainly declared further in, by which declaration, and at which step."""


@dataclass(frozen=True, slots=True)
class Weaker:
    """A declaration that is certainly weaker than one that it leads to, on one axis."""

    outer: Evidence
    outer_level: str
    outer_step: Step
    inner: Evidence
    inner_level: str
    inner_step: Step


class Layered:
    """A search over all paths to an effect that remembers the strongest declaration met on the way out. Phases are
    numbers of such memories, one entry per axis. `found`: weaker outer declarations, in the order they were met."""

    __slots__ = ("_axes", "_memories", "classification", "found", "sites")

    def __init__(self, sites: Sites, classification: Classification, policy: Policy) -> None:
        self.sites = sites
        self.classification = classification
        self.found: list[Weaker] = []
        self._axes = policy.axes
        self._memories = Numbered[tuple[Inner | None, ...]]()
        self._number((None,) * len(AXES))

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`."""
        return self._pass((node, self.sites.register(node, effect.call)), 0)

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `Question`."""
        return self._pass((node, self.sites.register(node, edge.place)), phase)

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`."""
        return True

    def _pass(self, step: Step, phase: int) -> int:
        for layer in self.classification.layers(*step):
            phase = self._add(layer, step, phase)
        return phase

    def _add(self, layer: Declared, step: Step, phase: int) -> int:
        memory = list(self._memories[phase])
        for axis, scale in enumerate(self._axes):
            evidence, value = layer.by_axis[axis], layer.value(axis)
            if evidence is None or value is None:
                continue
            inner = memory[axis]
            if inner is not None and value.strongest and scale.rank(value.strongest) < scale.rank(inner[0]):
                self.found.append(Weaker(evidence, value.strongest, step, inner[1], inner[0], inner[2]))
            if value.weakest and (inner is None or scale.rank(value.weakest) > scale.rank(inner[0])):
                memory[axis] = (value.weakest, evidence, step)
        return self._number(tuple(memory))

    def _number(self, memory: tuple[Inner | None, ...]) -> int:
        return self._memories.number(memory, tuple(None if inner is None else inner[:2] for inner in memory))


@dataclass(frozen=True, slots=True)
class Between:
    """Paths that take an outer step and after it an inner one (which may be the same)."""

    sites: Sites
    outer: Step
    inner: Step

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`: 0 before the inner step, 1 before the outer one, 2 beyond it."""
        return self._after((node, self.sites.register(node, effect.call)), 0)

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `leave`."""
        return self._after((node, self.sites.register(node, edge.place)), phase)

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`."""
        return phase == 2

    def _after(self, step: Step, phase: int) -> int:
        if phase == 0 and step == self.inner:
            phase = 1
        return 2 if phase == 1 and step == self.outer else phase
