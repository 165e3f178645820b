"""Names of running code objects, as the call graph names them."""

from __future__ import annotations

from types import CodeType
from typing import Any, TypeAlias

Identity: TypeAlias = tuple[str, str, tuple[Any, ...]]
COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
IS_FUNCTION = 0x1  # CO_OPTIMIZED: functions have it, class bodies and modules do not
IS_RESUMABLE = 0x20 | 0x80 | 0x200  # CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR


def identity(code: CodeType) -> Identity:
    """What tells a code object from all others, also from its equals on another line."""
    return code.co_filename, code.co_qualname, tuple(code.co_positions())


def is_callee(code: CodeType) -> bool:
    """False for module and class bodies and comprehensions: they run as part of what encloses them."""
    return bool(code.co_flags & IS_FUNCTION) and code.co_name not in COMPREHENSIONS


class CodeNames:
    """Node names by code object; class bodies and comprehensions have the name of what encloses them."""

    def __init__(self) -> None:
        self._names: dict[Identity, str] = {}
        self._known: dict[int, tuple[CodeType, str | None]] = {}

    def learn(self, code: CodeType, name: str) -> None:
        """Name a module's code object and all those in it."""
        self._learn(code, name, name)

    def name(self, code: CodeType) -> str | None:
        """The node a code object belongs to, None for code that was not learned."""
        known = self._known.get(id(code))
        if known is None:
            known = self._known[id(code)] = (code, self._names.get(identity(code)))
        return known[1]

    def _learn(self, code: CodeType, name: str, owner: str) -> None:
        self._names[identity(code)] = owner
        self._visit(code, name, owner, [0])

    def _visit(self, parent: CodeType, name: str, owner: str, lambdas: list[int]) -> None:
        for child in parent.co_consts:
            if not isinstance(child, CodeType):
                continue
            if child.co_name in COMPREHENSIONS:
                self._names[identity(child)] = owner
                self._visit(child, name, owner, lambdas)
            elif child.co_flags & IS_FUNCTION:
                lambdas[0] += child.co_name == "<lambda>"
                last = f"<lambda{lambdas[0]}>" if child.co_name == "<lambda>" else child.co_name
                self._learn(child, f"{name}.{last}", f"{name}.{last}")
            else:
                self._learn(child, f"{name}.{child.co_name}", owner)
