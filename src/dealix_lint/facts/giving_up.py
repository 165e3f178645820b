"""Decorators that retry and keep the last error for themselves (`@retry(retry_error_callback=...)`)."""

from __future__ import annotations

from typing import Final

from dealix_lint.facts.names import last_segment
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.resolved import Decorator
from dealix_lint.model.text import ArgumentValue, Constant, Symbol

_RESULT: Final = "result"
"""`state.outcome.result()` raises the error again."""


class GivingUp:
    """Which functions are decorated so that their errors end there."""

    __slots__ = ("_known", "_patterns", "sites")

    def __init__(self, sites: Sites, given_up: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        self.sites = sites
        self._patterns = {keyword: PatternIndex((path, True) for path in paths) for keyword, paths in given_up}
        self._known: dict[int, str] = {}

    def label(self, node: int) -> str:
        """How people know the decorator of a function that swallows; "" if it has none."""
        known = self._known.get(node)
        if known is None:
            known = self._known[node] = self._find(node)
        return known

    def _find(self, node: int) -> str:
        scope = self.sites.scope_of(node)
        if not self.sites.definitions.scope(scope).decorators:
            return ""
        for decorator in self.sites.resolution.decorators(*scope):
            for keyword, values in decorator.keywords:
                if self._is_one(decorator, keyword) and self._swallows(values):
                    return f"@{last_segment(decorator.names[0])}({keyword}=...)"
        return ""

    def _is_one(self, decorator: Decorator, keyword: str) -> bool:
        patterns = self._patterns.get(keyword)
        return patterns is not None and any(map(patterns.find, decorator.names))

    def _swallows(self, values: tuple[ArgumentValue, ...]) -> bool:
        """False, or a function that does not raise the error again."""
        if any(isinstance(value, Constant) for value in values):
            return all(isinstance(value, Constant) and value.value is False for value in values)
        names = [value.name for value in values if isinstance(value, Symbol)]
        nodes = [node for name in names for node in self.sites.nodes_of(name)]
        return not any(map(self._raises, nodes))

    def _raises(self, node: int) -> bool:
        code = self.sites.code(node)
        asked = (code.callee_name(r) == _RESULT for r, i in enumerate(code.scope.code) if i[0] == ir.CALL)
        return any(asked) or self.sites.flow(node).never_returns()
