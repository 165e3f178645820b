"""What one source file, read alone, says: scopes of instructions, no positions, no project knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from dealix_lint.model.ir import Instruction

TypeExpr: TypeAlias = tuple[Any, ...]
"""An annotation: ("name", n) | ("attr", base, n) | ("sub", base, (arg, ...)) | ("or", left, right) |
("const", value) | ("list", (arg, ...)) | ("call", register) for calls inside `Annotated` | ("unknown",)."""

POSITIONAL_ONLY, POSITIONAL, VARIADIC, KEYWORD_ONLY, KEYWORDS = range(5)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function: name, kind (constants above), annotation, and whether it has a default."""

    name: str
    kind: int
    annotation: TypeExpr | None = None
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of code without branches. `successors` are block numbers; if the block ends in a test, `test` is
    the tested register and `successors[0]` is taken when it holds, `successors[1]` when it does not (else -1).
    `role` is "" | "loop" | "handler" | "finally" | "try" | "after" (a `finally`)."""

    successors: tuple[int, ...] = ()
    test: int = -1
    role: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """A module, class body, function or lambda. `parent` is the index of the enclosing scope (-1 for the module).

    `exports` (modules and classes): name -> registers a reader from outside may see.
    `cells` (functions): captured local name -> registers assigned to it. `decorators`: registers of the parent scope,
    outermost first. `blocks[0]` is the entry; a block that leaves the function has no successors."""

    kind: str  # "module" | "class" | "function" | "lambda"
    name: str
    parent: int
    code: tuple[Instruction, ...]
    parameters: tuple[Parameter, ...] = ()
    blocks: tuple[Block, ...] = (Block(),)
    exports: tuple[tuple[str, tuple[int, ...]], ...] = ()
    cells: tuple[tuple[str, tuple[int, ...]], ...] = ()
    decorators: tuple[int, ...] = ()
    returns: TypeExpr | None = None
    is_async: bool = False
    is_generator: bool = False

    def takes(self, keyword: str) -> bool:
        """Whether the function can be called with that keyword."""
        named = (p.name == keyword and p.kind in (POSITIONAL, KEYWORD_ONLY) for p in self.parameters)
        return any(named) or (keyword.isidentifier() and any(p.kind == KEYWORDS for p in self.parameters))


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file could not be read: 1-based line and column, and the reason in one sentence."""

    line: int
    column: int
    reason: str


@dataclass(frozen=True, slots=True)
class ModuleSummary:
    """All scopes of one file, module first, in source order; or the problem that prevented reading it."""

    scopes: tuple[Scope, ...]
    problem: Problem | None = None
