"""Which calls write log lines: by the library of the logger, and where that is not known by how the logger is called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.names import Spellings
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.resolved import CallView
from dealix_lint.model.summary import Scope

_LIKELIEST: Final = "logging.getLogger()"


class Loggers:
    """Loggers that a function is handed: `self.logger = logger` of a parameter says nothing but its name."""

    __slots__ = ("_bound", "_called", "_sites")

    def __init__(self, sites: Sites, called: tuple[str, ...]) -> None:
        """`called`: how loggers are called, in small letters and without underscores around them."""
        self._sites = sites
        self._called = frozenset(called)
        self._bound: dict[tuple[ScopeId, str], bool] = {}

    def names(self, view: CallView) -> tuple[str, ...]:
        """What a call may be, as resolved; that of a standard logger too, where it is one by its name and nothing analysed is
        called."""
        if not self._is_on_logger(view) or any(map(self._sites.nodes_of, view.names)):
            return view.names
        return (*view.names, f"{_LIKELIEST}.{view.spelling}")

    def is_bound(self, node: int, register: int, ids: Spellings) -> bool:
        """Whether a log call is made on a logger that the object keeps and that was made with an id:
        `self.log = log.bind(correlation_id=correlation_id)`."""
        code, owner = self._sites.code(node), self._sites.definitions.enclosing_class(self._sites.scope_of(node))
        receiver = code.receiver(register)
        holder = code.scope.code[receiver] if receiver >= 0 else (ir.NOP,)
        if owner is None or holder[0] != ir.ATTR or code.scope.code[holder[1]] != (ir.PARAM, 0):
            return False
        key = owner, str(holder[2])
        if key not in self._bound:
            kept = (self._is_kept_bound(base, key[1], ids) for base in self._sites.definitions.mro(owner))
            self._bound[key] = any(kept)
        return self._bound[key]

    def _is_kept_bound(self, place: ScopeId, attribute: str, ids: Spellings) -> bool:
        """Whether a method of a class puts a logger with an id into an attribute."""
        module, parent = place
        for index, scope in enumerate(self._sites.resolution.program.summaries[module].scopes):
            kept = (
                [i[3] for i in scope.code if i[0] == ir.SET_ATTR and i[2] == attribute]
                if scope.parent == parent
                else []
            )
            made = (scope.code[part] for part in self._sites.code_of((module, index)).closure(kept)) if kept else ()
            if any(ids.have(name) for instruction in made for name in _stated(scope, instruction)):
                return True
        return False

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


def _stated(scope: Scope, instruction: ir.Instruction) -> Iterator[str]:
    """Keywords of a call, and keys of a display."""
    if instruction[0] == ir.CALL:
        yield from (keyword for keyword, _ in instruction[3] if keyword is not None)
    elif instruction[0] == ir.DICT:
        keys = (scope.code[key] for key, _ in instruction[1] if key is not None)
        yield from (key[1] for key in keys if key[0] == ir.CONST and isinstance(key[1], str))
