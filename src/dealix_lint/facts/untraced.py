"""What is known of the trace of each effect: the path on which no id reaches it, and where ids are dropped."""

from __future__ import annotations

from dealix_lint.facts.correlation import Correlation
from dealix_lint.facts.passing import Passing
from dealix_lint.facts.paths import Found, Paths
from dealix_lint.facts.prerequisites import Prerequisites
from dealix_lint.facts.sites import Sites, Step
from dealix_lint.facts.tracing import Untraced
from dealix_lint.model.effects import Effect


class Traces:
    """Answers per effect, each searched for once."""

    __slots__ = ("_known", "_paths", "_question")

    def __init__(
        self, sites: Sites, paths: Paths, correlation: Correlation, passing: Passing, prerequisites: Prerequisites
    ) -> None:
        self._paths = paths
        self._question = Untraced(sites, correlation, passing, prerequisites)
        self._known: dict[int, tuple[Found | None, dict[Step, str]]] = {}

    def of(self, index: int, effect: Effect) -> tuple[Found | None, dict[Step, str]]:
        """The path without an id (None if there is none), and the steps at which one is dropped on the way to the
        effect, each with the parameter that wants it."""
        known = self._known.get(index)
        if known is None:
            self._question.dropped = {}
            found = self._paths.find(effect, self._question)
            known = self._known[index] = found, self._question.dropped
        return known
