"""Questions to the path search: what is missing on a path, and which way a path must take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from dealix_lint.facts.paths import Question
from dealix_lint.facts.sites import Sites
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.graph import Edge

Covered = Callable[[int, int, Edge | None], bool]
"""Whether leaving a node at a site, by an edge or (None) by the effect itself, is covered."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Paths with no covered step. Paths of many effects share most of their steps: each is looked at once."""

    phase: ClassVar[int] = 0
    sites: Sites
    covered: Covered
    _known: dict[tuple[int, int], bool] = field(default_factory=dict)  # by node and edge

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`."""
        return None if self.covered(node, self.sites.register(node, effect.call), None) else 0

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `Question`."""
        key = (node, id(edge))  # the graph keeps its edges
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self.covered(node, self.sites.register(node, edge.place), edge)
        return None if known else phase

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`."""
        return True


def anything(sites: Sites) -> Uncovered:
    """All paths."""
    return Uncovered(sites, lambda node, register, edge: False)


@dataclass(frozen=True, slots=True)
class Via:
    """Paths that answer another question and take a certain step (while that question is in its first phase)."""

    question: Question
    sites: Sites
    is_step: Callable[[int, int], bool]

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`; the phase is that of the inner question, with the lowest bit telling whether the step was
        taken."""
        phase = self.question.leave(node, effect)
        return None if phase is None else self._after(node, self.sites.register(node, effect.call), phase, 0)

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `leave`."""
        inner = self.question.back(node, edge, phase >> 1)
        return None if inner is None else self._after(node, self.sites.register(node, edge.place), inner, phase & 1)

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`."""
        return bool(phase & 1) and self.question.accepts(entry, phase >> 1)

    def _after(self, node: int, register: int, inner: int, taken: int) -> int:
        return inner << 1 | (taken or (inner == 0 and self.is_step(node, register)))
