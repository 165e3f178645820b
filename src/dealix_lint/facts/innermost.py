"""The declarations that speak for an effect: the last one on each path to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dealix_lint.facts.classification import Classification
from dealix_lint.facts.paths import Paths, Question
from dealix_lint.facts.sites import Sites, Step
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.facts import Declared
from dealix_lint.model.graph import Edge


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


@dataclass(frozen=True, slots=True)
class DeclaredAs:
    """Paths that answer another question and of which the last declaration is none of those at `others`; `steps`: where the
    rest of the declarations are."""

    question: Question
    sites: Sites
    steps: frozenset[Step]
    others: frozenset[Step]

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`; the phase is that of the inner question, with the lowest bit telling whether the declaration was
        met."""
        phase = self.question.leave(node, effect)
        return None if phase is None else self._after((node, self.sites.register(node, effect.call)), phase, 0)

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `leave`."""
        inner = self.question.back(node, edge, phase >> 1)
        return None if inner is None else self._after((node, self.sites.register(node, edge.place)), inner, phase & 1)

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`."""
        return self.question.accepts(entry, phase >> 1)

    def _after(self, step: Step, inner: int, met: int) -> int | None:
        if not met and step in self.others:
            return None
        return inner << 1 | (met or step in self.steps)


class Innermost:
    """The declarations that speak for effects, each effect searched for once."""

    __slots__ = ("_classification", "_known", "_paths", "_sites")

    def __init__(self, sites: Sites, classification: Classification, paths: Paths) -> None:
        self._sites, self._classification, self._paths = sites, classification, paths
        self._known: dict[Effect, dict[Step, Declared]] = {}

    def of(self, effect: Effect) -> dict[Step, Declared]:
        """The last declaration of each path from a start to the effect, by the step where it is in force."""
        known = self._known.get(effect)
        if known is None:
            question = Collect(self._sites, self._classification)
            self._paths.search(effect, question)
            started = self._paths.started()
            met = sorted(question.steps.items(), key=lambda item: item[0])
            known = self._known[effect] = {step: declared for step, declared in met if step[0] in started}
        return known
