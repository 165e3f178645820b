"""The question whether a correlation id is missing on a path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dealix_lint.facts.correlation import Correlation
from dealix_lint.facts.numbering import Numbered
from dealix_lint.facts.passing import Passing
from dealix_lint.facts.prerequisites import Prerequisites
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.facts.supply import Slot
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.graph import DISPATCH_EDGE, Edge


@dataclass(frozen=True, slots=True)
class _Rest:
    """What the rest of a path looks like from a node: whether spans open here still are at the effect, the contexts of which
    one that is bound here would be enough (its log lines print it, or it is read for what is sent), and the parameters
    through which an id would reach it."""

    is_whole: bool
    printed: frozenset[int]
    slots: frozenset[Slot]


class Untraced:
    """Paths on which no id reaches the effect, and no function that has one drops it. Phases are numbers of `_Rest`
    values. `dropped`: the sites at which a path ended because an id is dropped there, with the parameter that wants
    it. Paths of many effects share most of their steps: each is answered once."""

    __slots__ = (
        "_answers",
        "_prerequisites",
        "_rests",
        "_within",
        "correlation",
        "dropped",
        "passing",
        "sites",
    )

    def __init__(self, sites: Sites, correlation: Correlation, passing: Passing, prerequisites: Prerequisites) -> None:
        self.sites = sites
        self._prerequisites = prerequisites
        self.correlation = correlation
        self.passing = passing
        self.dropped: dict[tuple[int, int], str] = {}
        self._answers: dict[tuple[int, int, int], tuple[int | None, str]] = {}  # by node, edge and phase
        self._rests = Numbered[_Rest]()
        self._within: dict[tuple[int, int], bool] = {}

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`."""
        sent = self.correlation.sent(node, effect)
        if sent.is_certain or self.correlation.is_logged(node):
            return None
        rest = _Rest(True, self.correlation.printed(node) | sent.contexts, sent.slots)
        return None if self._has_context(node, self.sites.register(node, effect.call), rest) else self._phase(rest)

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `Question`."""
        key = (node, id(edge), phase)  # the graph keeps its edges
        known = self._answers.get(key)
        if known is None:
            known = self._answers[key] = self._answer(node, edge, self._rests[phase])
        before, parameter = known
        if parameter:
            self.dropped[node, self.sites.register(node, edge.place)] = parameter
        return before

    def _answer(self, node: int, edge: Edge, rest: _Rest) -> tuple[int | None, str]:
        """The phase before a step, and the parameter that wants an id which is dropped there."""
        handed = self.correlation.handed_on(node, edge, rest.slots)
        if handed.is_certain:
            return None, ""
        reads = self.correlation.ambient.reads_variables(rest.printed)
        if self.passing.loses(node, edge):
            if not (reads and self.correlation.keeps_context(node, edge)):
                return None, ""
        elif not (reads or any(slot.is_id for slot in handed.slots)):  # which callers give, or which is read in the end
            parameter = self.passing.drops(node, edge, rest.slots)
            if parameter:
                return None, parameter
        if edge.kind == DISPATCH_EDGE and rest.printed & self.correlation.ambient.at_start(edge.mechanism)[1]:
            return None, ""
        printed = rest.printed if rest.printed and self.correlation.keeps_context(node, edge) else frozenset()
        is_whole = rest.is_whole and self.correlation.crosses(edge)
        rest = _Rest(is_whole, printed | handed.contexts, handed.slots)
        if self._has_context(node, self.sites.register(node, edge.place), rest):
            return None, ""
        return self._phase(rest), ""

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`; a start is given its id from outside."""
        rest = self._rests[phase]
        if any(slot.is_id for slot in rest.slots):
            return False
        if entry.bare or not (rest.is_whole or rest.printed):
            return True
        is_spanned, bound = self.correlation.ambient.at_start(entry.mechanism)
        return not ((is_spanned and rest.is_whole) or bound & rest.printed)

    def is_within(self, phase: int, others: Sequence[int]) -> bool:
        """See `Ordered`."""
        return any(self._leads_on_as(phase, other) for other in others)

    def _leads_on_as(self, phase: int, other: int) -> bool:
        """Fewer ways for an id to come lead on to all starts that more of them do. Those of parameters that are ids are the
        same: what is dropped is told by their names."""
        known = self._within.get((phase, other))
        if known is None:
            more, less = self._rests[phase], self._rests[other]
            known = self._within[phase, other] = (
                less.slots <= more.slots
                and less.printed <= more.printed
                and less.is_whole <= more.is_whole
                and all(slot in less.slots for slot in more.slots if slot.is_id)
            )
        return known

    def _phase(self, rest: _Rest) -> int:
        return self._rests.number(rest, rest)

    def _has_context(self, node: int, register: int, rest: _Rest) -> bool:
        ambient = self.correlation.ambient
        if rest.is_whole and ambient.spans.has_decorator(node):
            return True
        if rest.printed and any(ambient.always_bound(n) & rest.printed for n in self._prerequisites.of(node)):
            return True
        if register == NO_SITE:
            return False
        opened = [*ambient.spans.of(node)] if rest.is_whole else []
        opened += [place for place, numbers in ambient.binds(node).items() if numbers & rest.printed]
        return any(self.sites.flow(node).is_open_at(place, register) for place in opened)
