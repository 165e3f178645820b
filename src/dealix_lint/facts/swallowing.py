"""The question whether an effect's error ends on a path without a trace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dealix_lint.facts.catching import Raised
from dealix_lint.facts.failures import ESCAPES, RETURNED, SILENT, Failures, Fate
from dealix_lint.facts.numbering import Numbered
from dealix_lint.facts.rejections import Rejection, Rejections
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.graph import CALL_EDGE, Edge
from dealix_lint.model.text import Constant

_SWALLOWED = 0
_HELD = 1  # among the results of a call
_FLYING = 2  # phases from here on: errors fly, the effect's own ("") or those of other classes that took their place
_ANSWERED: Final = "web"  # what such a start gives back goes out as an answer
_SILENCING: Final = "fail_silently"
"""The keyword of Django's mail functions."""


class _Answers:
    """What is known of the steps that errors of the same libraries take: by node, edge and phase the phase before it, and what
    a handler there does; and which errors fly in each phase."""

    __slots__ = ("before", "flights")

    def __init__(self) -> None:
        self.before: dict[tuple[int, int, int], tuple[int | None, Fate | None]] = {}
        self.flights = Numbered[tuple[str, ...]]()


class Swallowing:
    """Questions for handlers of some kinds, one per effect: paths of many effects share most of their steps, each is answered
    once."""

    __slots__ = ("_answers", "_failures", "_kinds", "_rejections", "_sites")

    def __init__(self, sites: Sites, failures: Failures, rejections: Rejections, kinds: frozenset[str]) -> None:
        self._sites, self._failures, self._rejections, self._kinds = sites, failures, rejections, kinds
        self._answers: dict[frozenset[str], _Answers] = {}

    def of(self, effect: Effect) -> Swallowed:
        """The question for an effect."""
        views = (self._sites.calls(node).get(self._sites.register(node, effect.call)) for node in effect.nodes)
        names = [name for view in views if view is not None for name in view.names]
        roots = [name.split(".")[0] for name in names[:1]]
        libraries = frozenset((*roots, *self._failures.catching.below(effect.provider, *roots)))
        answers = self._answers.setdefault(libraries, _Answers())
        return Swallowed(self._sites, self._failures, self._rejections, self._kinds, libraries, answers)


class Swallowed:
    """Paths on which a handler keeps an effect's error for itself. `fates`: what the handlers met are like, with the
    function that each is in. `libraries`: those whose errors the effect raises."""

    __slots__ = ("_answers", "_kinds", "_rejections", "failures", "fates", "libraries", "sites")

    def __init__(
        self,
        sites: Sites,
        failures: Failures,
        rejections: Rejections,
        kinds: frozenset[str],
        libraries: frozenset[str],
        answers: _Answers,
    ) -> None:
        self.sites, self.failures, self.libraries = sites, failures, libraries
        self.fates: dict[tuple[int, int], Fate] = {}
        self._rejections, self._kinds, self._answers = rejections, kinds, answers

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`."""
        register = self.sites.register(node, effect.call)
        if SILENT in self._kinds and self._is_told_to_be_silent(node, register):
            self.fates[node, register] = Fate(SILENT, f"{_SILENCING}=True")
            return _SWALLOWED
        rejected = self._rejections.of(node, register, self.libraries)
        return self._noted(node, register, *self._at(node, register, None, ("",), rejected))

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `Question`."""
        key = (node, id(edge), phase)  # the graph keeps its edges
        known = self._answers.before.get(key)
        if known is None:
            known = self._answers.before[key] = self._answer(node, edge, phase)
        return known[0] if known[1] is None else self._noted(node, self.sites.register(node, edge.place), *known)

    def _answer(self, node: int, edge: Edge, phase: int) -> tuple[int | None, Fate | None]:
        if phase == _SWALLOWED:
            return self._answered(node, edge)
        if phase == _HELD:
            fate = self.failures.of_results(node, edge)
            is_returned = fate is not None and fate.kind == RETURNED
            return _HELD if is_returned else _SWALLOWED if fate is not None and fate.kind in self._kinds else None, None
        if edge.kind != CALL_EDGE and not self.failures.reaches_caller(node, edge):
            return None, None
        errors = self._answers.flights[phase - _FLYING]
        if edge.kind != CALL_EDGE:
            errors = self.failures.catching.arriving(edge.mechanism, errors)
        register = self.sites.register(node, edge.place)
        rejected = self._rejections.of_part(node, register) if edge.kind == CALL_EDGE and register != NO_SITE else ()
        return self._at(node, register, edge, errors, rejected)

    def _answered(self, node: int, edge: Edge) -> tuple[int | None, Fate | None]:
        """The same where a handler behind an edge has kept the error: the function may put what it is given back on record, or
        raise because of it."""
        if self.failures.is_recorded_after(node, edge):
            return None, None
        places = self.failures.raised_after(node, edge)
        if not places:
            return _SWALLOWED, None
        raised = (
            (place, self.failures.class_raised(node, place)) for place in places if self.failures.is_raise(node, place)
        )
        return self._at(node, NO_SITE, None, (), tuple(raised))

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`."""
        return phase == _SWALLOWED or (phase == _HELD and SILENT in self._kinds and entry.mechanism == _ANSWERED)

    def is_within(self, phase: int, others: Sequence[int]) -> bool:
        """See `Ordered`: what becomes of an error does not depend on those that fly with it, so that a set of them leads on to
        nothing new where each has come to the function in another one."""
        if phase < _FLYING:
            return phase in others
        met = {error for other in others if other >= _FLYING for error in self._answers.flights[other - _FLYING]}
        return met.issuperset(self._answers.flights[phase - _FLYING])

    def _is_told_to_be_silent(self, node: int, register: int) -> bool:
        """Whether the call itself says that its error is to be dropped."""
        view = self.sites.calls(node).get(register)
        given = dict(view.keywords).get(_SILENCING, ()) if view is not None else ()
        return bool(given) and all(isinstance(value, Constant) and value.value is True for value in given)

    def _noted(self, node: int, register: int, before: int | None, fate: Fate | None) -> int | None:
        if fate is not None:
            self.fates[node, register] = fate
        return before

    def _at(
        self, node: int, register: int, edge: Edge | None, errors: tuple[str, ...], rejected: tuple[Rejection, ...]
    ) -> tuple[int | None, Fate | None]:
        """The phase before a site at which errors come up, and what a handler there does with one of them. `rejected`: what the
        function raises because of the answer."""
        coming = [*((register, edge, error) for error in errors), *((place, None, error) for place, error in rejected)]
        fates = [
            fate
            for place, by, error in coming
            for fate in self.failures.fates(node, place, by, Raised(self.libraries, error))
        ]
        swallowed = [fate for fate in fates if fate.kind in self._kinds]
        if swallowed:  # `except Exception` tells more than `except LoginError` before it
            return _SWALLOWED, next((fate for fate in swallowed if fate.is_any), swallowed[0])
        returned = next((fate for fate in fates if fate.kind == RETURNED), None)
        if returned is not None:
            return _HELD, returned
        return self._flying(tuple(sorted({fate.error for fate in fates if fate.kind == ESCAPES}))), None

    def _flying(self, errors: tuple[str, ...]) -> int | None:
        return _FLYING + self._answers.flights.number(errors, errors) if errors else None
