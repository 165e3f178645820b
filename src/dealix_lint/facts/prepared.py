"""Dispatches that are prepared first and sent by a later call: `task.s(1)` by `chain(...).apply_async(headers=...)`."""

from __future__ import annotations

from dealix_lint.facts.names import last_segment
from dealix_lint.facts.sites import Sites
from dealix_lint.model.patterns import PatternIndex, expand
from dealix_lint.model.resolved import CallView


class Prepared:
    """Calls of one function that say further what goes along with a dispatch."""

    __slots__ = ("_senders", "_words", "sites")

    def __init__(self, sites: Sites, senders: tuple[str, ...]) -> None:
        self.sites = sites
        self._senders = PatternIndex((pattern, True) for pattern in senders)
        self._words = frozenset(last_segment(plain) for pattern in senders for plain in expand(pattern))

    def sent_by(self, node: int, register: int) -> tuple[int, ...]:
        """Registers of the calls that are made on what the dispatch at a register prepared, alone or joined with others."""
        code = self.sites.code(node)
        return tuple(
            later
            for later, view in self.sites.calls(node).items()
            if later > register and self._is_sender(view) and code.is_made_on(later, register)
        )

    def _is_sender(self, view: CallView) -> bool:
        """Also of what has no name: `(task.s(1) | task.s(2)).apply_async(...)`."""
        if view.spelling not in self._words:
            return False
        return not view.names or any(map(self._senders.find, view.names))
