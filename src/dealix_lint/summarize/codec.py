"""Summaries as JSON bytes, for the store and for worker processes. Imports nothing heavy."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from typing import Any

from dealix_lint.model import ir
from dealix_lint.model.ir import Instruction
from dealix_lint.model.summary import Block, ModuleSummary, Parameter, Problem, Scope

FORMAT = 5

Row = list[Any]


def encode(summary: ModuleSummary) -> bytes:
    """A summary as JSON."""
    problem = summary.problem
    document = [
        FORMAT,
        [_scope(scope) for scope in summary.scopes],
        None if problem is None else [problem.line, problem.column, problem.reason],
    ]
    return json.dumps(document, separators=(",", ":"), ensure_ascii=True).encode()


def _scope(scope: Scope) -> Row:
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
    was_collecting = gc.isenabled()
    gc.disable()  # many small objects and no cycles: looking for some would take longer than reading
    try:
        return _read(json.loads(data))
    except (TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise ValueError("damaged summary") from error
    finally:
        if was_collecting:
            gc.enable()


def _read(document: Any) -> ModuleSummary:
    version, scopes, problem = document
    if version != FORMAT:
        raise ValueError("unknown summary format")
    return ModuleSummary(
        tuple([_read_scope(scope) for scope in scopes]), None if problem is None else Problem(*problem)
    )


def _read_scope(row: Row) -> Scope:
    kind, name, parent, code, parameters, blocks, exports, cells, decorators, returns, is_async, is_generator = row
    return Scope(
        kind,
        name,
        parent,
        tuple([_NESTED[row[0]](row) if row[0] in _NESTED else tuple(row) for row in code]),
        tuple([Parameter(p[0], p[1], None if p[2] is None else _tuples(p[2]), p[3]) for p in parameters]),
        tuple([Block(tuple(b[0]), b[1], b[2]) for b in blocks]),
        tuple([(name, tuple(registers)) for name, registers in exports]),
        tuple([(name, tuple(registers)) for name, registers in cells]),
        tuple(decorators),
        None if returns is None else _tuples(returns),
        is_async,
        is_generator,
    )


def _tuples(value: Row) -> tuple[Any, ...]:
    return tuple([_tuples(item) if item.__class__ is list else item for item in value])


def _call(row: Row) -> Instruction:
    keywords = row[3]
    return (ir.CALL, row[1], tuple(row[2]), tuple(map(tuple, keywords)) if keywords else ())


def _operands(row: Row) -> Instruction:
    return (row[0], tuple(row[1]), *row[2:])


def _logic(row: Row) -> Instruction:
    return (ir.LOGIC, row[1], tuple(row[2]), *row[3:])


def _pairs(row: Row) -> Instruction:
    return (*row[:-1], tuple(map(tuple, row[-1])))


def _class(row: Row) -> Instruction:
    return (ir.CLASS, row[1], tuple(row[2]), tuple(map(tuple, row[3])))


_NESTED: dict[int, Callable[[Row], Instruction]] = {
    ir.CALL: _call,
    ir.PHI: _operands,
    ir.TEXT: _operands,
    ir.TUPLE: _operands,
    ir.LIST: _operands,
    ir.SET: _operands,
    ir.LOGIC: _logic,
    ir.DICT: _pairs,
    ir.FUNCTION: _pairs,
    ir.CLASS: _class,
    ir.DECLARED: _tuples,
}
"""Instructions that hold more than names and numbers; the others are one `tuple()` away."""
