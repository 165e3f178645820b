"""Summaries as JSON bytes, for the store and for worker processes. Imports nothing heavy."""

from __future__ import annotations

import json
from typing import Any

from dealix_lint.model.summary import Block, ModuleSummary, Parameter, Problem, Scope

FORMAT = 1


def encode(summary: ModuleSummary) -> bytes:
    """A summary as JSON."""
    problem = summary.problem
    document = [
        FORMAT,
        [_scope(scope) for scope in summary.scopes],
        None if problem is None else [problem.line, problem.column, problem.reason],
    ]
    return json.dumps(document, separators=(",", ":"), ensure_ascii=True).encode()


def _scope(scope: Scope) -> list[Any]:
    return [
        scope.kind,
        scope.name,
        scope.parent,
        scope.code,
        [[p.name, p.kind, p.annotation, p.has_default] for p in scope.parameters],
        [[b.successors, b.test, b.role] for b in scope.blocks],
        scope.exports,
        scope.cells,
        scope.decorators,
        scope.returns,
        scope.is_async,
        scope.is_generator,
    ]


def decode(data: bytes) -> ModuleSummary:
    """The summary that `encode` wrote; raises ValueError on anything else."""
    try:
        version, scopes, problem = json.loads(data)
        if version != FORMAT:
            raise ValueError("unknown summary format")
        return ModuleSummary(
            tuple(_read_scope(scope) for scope in scopes), None if problem is None else Problem(*problem)
        )
    except (TypeError, KeyError, IndexError) as error:
        raise ValueError("damaged summary") from error


def _read_scope(row: list[Any]) -> Scope:
    kind, name, parent, code, parameters, blocks, exports, cells, decorators, returns, is_async, is_generator = row
    return Scope(
        kind=kind,
        name=name,
        parent=parent,
        code=tuple(map(_tuples, code)),
        parameters=tuple(Parameter(p[0], p[1], None if p[2] is None else _tuples(p[2]), p[3]) for p in parameters),
        blocks=tuple(Block(tuple(b[0]), b[1], b[2]) for b in blocks),
        exports=_tuples(exports),
        cells=_tuples(cells),
        decorators=tuple(decorators),
        returns=None if returns is None else _tuples(returns),
        is_async=is_async,
        is_generator=is_generator,
    )


def _tuples(value: Any) -> Any:
    return tuple([_tuples(item) if item.__class__ is list else item for item in value])
