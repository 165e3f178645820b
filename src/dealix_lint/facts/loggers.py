"""Which calls write log lines: by the library of the logger, and where that is not known by how the logger is called."""

from __future__ import annotations

from typing import Final

from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.resolved import CallView

_LIKELIEST: Final = "logging.getLogger()"


class Loggers:
    """Loggers that a function is handed: `self.logger = logger` of a parameter says nothing but its name."""

    __slots__ = ("_called", "_sites")

    def __init__(self, sites: Sites, called: tuple[str, ...]) -> None:
        """`called`: how loggers are called, in small letters and without underscores around them."""
        self._sites = sites
        self._called = frozenset(called)

    def names(self, view: CallView) -> tuple[str, ...]:
        """What a call may be, as resolved; that of a standard logger too, where it is one by its name and nothing analysed is
        called."""
        if not self._is_on_logger(view) or any(map(self._sites.nodes_of, view.names)):
            return view.names
        return (*view.names, f"{_LIKELIEST}.{view.spelling}")

    def _is_on_logger(self, view: CallView) -> bool:
        place = view.place
        scope = self._sites.definitions.scope((place.module, place.scope))
        instruction = scope.code[place.register]
        callee = scope.code[instruction[1]] if instruction[0] == ir.CALL else (ir.NOP,)
        if callee[0] != ir.ATTR:
            return False
        holder = scope.code[callee[1]]
        name = str(holder[-1]) if holder[0] in (ir.ATTR, ir.NAME, ir.FREE) else ""
        if holder[0] == ir.PARAM:
            name = scope.parameters[holder[1]].name
        return name.strip("_").lower() in self._called
