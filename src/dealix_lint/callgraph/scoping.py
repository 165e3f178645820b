"""What the scope around some code tells: its class, and what a name in an annotation means there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.link import ClassId, Definition
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.state import State


def enclosing_class(state: State, module: int, scope: int) -> ClassId | None:
    """The innermost class around a scope, or the scope itself: the one that `Self` means there."""
    scopes = state.program.summaries[module].scopes
    while scope >= 0:
        if scopes[scope].kind == "class":
            return (module, scope)
        scope = scopes[scope].parent
    return None


def lookup(state: State, module: int, scope: int, name: str) -> tuple[Definition, ...]:
    """What a name in an annotation means, from the scope it stands in outwards."""
    scopes = state.program.summaries[module].scopes
    while scope > 0:
        if scopes[scope].kind == "class" and name in state.symbols.exports(module, scope):
            return state.symbols.class_member((module, scope), name)
        if scopes[scope].kind == "function":
            found = _local_definition(state, module, scope, name)
            if found:
                return found
        scope = scopes[scope].parent
    return state.symbols.in_module(module, name)


def _local_definition(state: State, module: int, scope: int, name: str) -> tuple[Definition, ...]:
    for register, instruction in enumerate(state.program.summaries[module].scopes[scope].code):
        if instruction[0] == ir.IMPORT_FROM and instruction[3] == name:
            return state.symbols.imported(module, instruction)
        if instruction[0] == ir.CLASS and state.program.summaries[module].scopes[instruction[1]].name == name:
            return state.symbols.at(module, scope, register)
    return ()
