"""The question whether an effect's error ends on a path without a trace."""

from __future__ import annotations

from typing import Final

from dealix_lint.facts.catching import Raised
from dealix_lint.facts.failures import ESCAPES, SILENT, Failures, Fate
from dealix_lint.facts.sites import Sites
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.graph import CALL_EDGE, Edge
from dealix_lint.model.text import Constant

_SWALLOWED = 0
_FLYING = 1  # phases from here on: errors fly, the effect's own ("") or those of other classes that took their place
_SILENCING: Final = "fail_silently"
"""The keyword of Django's mail functions."""


class Swallowed:
    """Paths on which a handler keeps an effect's error for itself. `fates`: what the handlers met are like, with the
    function that each is in."""

    __slots__ = ("_flights", "_kinds", "effect", "failures", "fates", "libraries", "sites")

    def __init__(self, sites: Sites, failures: Failures, effect: Effect, kinds: frozenset[str]) -> None:
        self.sites, self.failures, self.effect, self._kinds = sites, failures, effect, kinds
        self.fates: dict[tuple[int, int], Fate] = {}
        self._flights: list[tuple[str, ...]] = []
        views = (sites.calls(node).get(sites.register(node, effect.call)) for node in effect.nodes)
        names = [name for view in views if view is not None for name in view.names]
        roots = [name.split(".")[0] for name in names[:1]]
        self.libraries = frozenset((*roots, *failures.catching.below(effect.provider, *roots)))

    def leave(self, node: int, effect: Effect) -> int | None:
        """See `Question`."""
        register = self.sites.register(node, effect.call)
        if SILENT in self._kinds and self._is_told_to_be_silent(node, register):
            self.fates[node, register] = Fate(SILENT, f"{_SILENCING}=True")
            return _SWALLOWED
        return self._at(node, register, None, ("",))

    def back(self, node: int, edge: Edge, phase: int) -> int | None:
        """See `Question`."""
        if phase == _SWALLOWED:
            return None if self.failures.is_recorded_after(node, edge) else _SWALLOWED
        if edge.kind != CALL_EDGE and not self.failures.reaches_caller(node, edge):
            return None
        errors = self._flights[phase - _FLYING]
        if edge.kind != CALL_EDGE:
            errors = self.failures.catching.arriving(edge.mechanism, errors)
        return self._at(node, self.sites.register(node, edge.place), edge, errors)

    def accepts(self, entry: EntryPoint, phase: int) -> bool:
        """See `Question`."""
        return phase == _SWALLOWED

    def _is_told_to_be_silent(self, node: int, register: int) -> bool:
        """Whether the call itself says that its error is to be dropped."""
        view = self.sites.calls(node).get(register)
        given = dict(view.keywords).get(_SILENCING, ()) if view is not None else ()
        return bool(given) and all(isinstance(value, Constant) and value.value is True for value in given)

    def _at(self, node: int, register: int, edge: Edge | None, errors: tuple[str, ...]) -> int | None:
        fates = [
            fate
            for error in errors
            for fate in self.failures.fates(node, register, edge, Raised(self.libraries, error))
        ]
        swallowed = next((fate for fate in fates if fate.kind in self._kinds), None)
        if swallowed is not None:
            self.fates[node, register] = swallowed
            return _SWALLOWED
        return self._flying(tuple(sorted({fate.error for fate in fates if fate.kind == ESCAPES})))

    def _flying(self, errors: tuple[str, ...]) -> int | None:
        if not errors:
            return None
        if errors not in self._flights:
            self._flights.append(errors)
        return _FLYING + self._flights.index(errors)
