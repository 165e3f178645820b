"""The way from one function to another, as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from dealix_lint.model.callmap import NamedEdge, Route
from dealix_lint.reporters.styled import Line, Shown, line, plural

SCHEMA: Final = "dealix-lint/why/1"


def route_text(route: Route, shown: Shown = str) -> Iterator[Line]:
    """Each function below the one that calls it, with the line of the call; one sentence where there is no way."""
    if not route.exists:
        yield line(("strong", route.start), " does not lead to ", ("strong", route.end), ".")
        return
    yield line(("strong", route.start))
    for depth, edge in enumerate(route.edges):
        entered = f"dispatch -> [{edge.mechanism}] " if edge.kind == "dispatch" else ""
        where = f"  {shown(edge.path)}:{edge.line}"
        yield line(("dim", f"{'   ' * depth}└─ "), ("mechanism", entered), edge.callee, ("dim", where))
    yield line(("dim", plural(len(route.edges), "call") + "."))


def route_json(route: Route) -> str:
    """The document `dealix-lint/why/1`; `edges` is null where there is no way."""
    edges = [asdict(edge) for edge in route.edges] if route.exists else None
    document = {"schema": SCHEMA, "from": route.start, "to": route.end, "edges": edges}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def route_document(route: Route) -> dict[str, object]:
    """The route for the store."""
    return asdict(route)


def read_route(document: dict[str, Any]) -> Route:
    """The route that `route_document` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    edges = tuple(NamedEdge(**edge) for edge in document["edges"])
    return Route(document["start"], document["end"], edges)
