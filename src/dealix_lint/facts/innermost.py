"""The declarations that speak for an effect: the last one on each path to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dealix_lint.facts.classification import Classification
from dealix_lint.facts.paths import Paths
from dealix_lint.facts.sites import Sites, Step
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.facts import Declared
from dealix_lint.model.graph import Edge
from dealix_lint.model.policy import REVERSIBILITY, Policy


@dataclass(frozen=True, slots=True)
class Collect:
    """Stops a search at the first step with a declaration and remembers it."""

    sites: Sites
    classification: Classification
    steps: dict[Step, Declared] = field(default_factory=dict)

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`."""
        return self._at((node, self.sites.register(node, effect.call)))

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `Question`."""
        return self._at((node, self.sites.register(node, edge.place)))

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`."""
        return True

    def _at(self, step: Step) -> int | None:
        declared = self.classification.at(*step)
        if declared.is_empty:
            return 0
        self.steps[step] = declared
        return None


@dataclass(frozen=True, slots=True)
class SpokenForBy:
    """Paths on which the declaration at `step` is the last before the effect."""

    sites: Sites
    classification: Classification
    step: Step

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`."""
        return self._at((node, self.sites.register(node, effect.call)))

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `Question`."""
        return 1 if phase else self._at((node, self.sites.register(node, edge.place)))

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`."""
        return phase == 1

    def _at(self, step: Step) -> int | None:
        if step == self.step:
            return 1
        return 0 if self.classification.at(*step).is_empty else None


def innermost(effect: Effect, sites: Sites, classification: Classification, paths: Paths) -> dict[Step, Declared]:
    """The last declaration of each path from a start to the effect, by the step where it is in force."""
    question = Collect(sites, classification)
    paths.search(effect, question)
    started = paths.started()
    return {
        step: declared
        for step, declared in sorted(question.steps.items(), key=lambda item: item[0])
        if step[0] in started
    }


def effective_reversibility(effect: Effect, declared: dict[Step, Declared], policy: Policy) -> str:
    """The stronger of the effect's floor and of what is declared for it on some path."""
    axis = policy.axes[REVERSIBILITY]
    values = [one.value(REVERSIBILITY) for one in declared.values()]
    stated = [value.strongest for value in values if value is not None]
    return max([effect.floor_reversibility, *stated], key=axis.rank)
