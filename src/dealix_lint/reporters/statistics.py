"""How much of the call graph is resolved, as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from dealix_lint.model.callmap import Statistics
from dealix_lint.reporters.styled import Line, line, plural

SCHEMA: Final = "dealix-lint/graph-stats/1"


def statistics_text(found: Statistics) -> Iterator[Line]:
    """Counts with their share of all calls; what there is none of is left out."""
    unknown = sum(number for _, number in found.unknown)
    yield line(("strong", f"{plural(found.functions, 'function')}, {plural(found.calls, 'call')}"))
    rows = [
        (found.first_party, "reach a function of the tree", ""),
        (found.external, "reach a library or a builtin", ""),
        (unknown, "reach nothing known (<unknown>):", ""),
        *((number, why, "  ") for why, number in found.unknown),
    ]
    width = len(f"{max(found.calls, 1):,}")
    for number, what, indent in rows:
        if not number:
            continue
        share = number / found.calls if found.calls else 0
        yield line(f"  {number:>{width},} ", ("dim", f"{share:6.1%}  "), f"{indent}{what}")
    yield line(("strong", "edges between functions"))
    for what, number in found.edges:
        yield line(f"  {number:>{width},} ", what)


def statistics_json(found: Statistics) -> str:
    """The document `dealix-lint/graph-stats/1`."""
    document = {"schema": SCHEMA, **asdict(found), "unknown": dict(found.unknown), "edges": dict(found.edges)}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def statistics_document(found: Statistics) -> dict[str, object]:
    """The counts for the store."""
    return asdict(found)


def read_statistics(document: dict[str, Any]) -> Statistics:
    """The counts that `statistics_document` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    pairs = {name: tuple((what, number) for what, number in document[name]) for name in ("unknown", "edges")}
    return Statistics(**{**document, **pairs})
