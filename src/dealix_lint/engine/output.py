"""Answers as text: what faces print."""

from __future__ import annotations

from collections.abc import Iterable

from dealix_lint.engine.answers import Checked
from dealix_lint.model.callmap import CallMap, Route, Statistics
from dealix_lint.model.catalogue import Catalogue, ProviderRow
from dealix_lint.model.effects import Effect
from dealix_lint.model.inventory import Inventory
from dealix_lint.reporters.catalogue import catalogue_json, catalogue_text, effect_text, provider_text
from dealix_lint.reporters.check_json import check_json
from dealix_lint.reporters.check_text import check_text
from dealix_lint.reporters.graph import (
    graph_dot,
    graph_edges_json,
    graph_graphml,
    graph_json,
    graph_mermaid,
    graph_text,
)
from dealix_lint.reporters.inventory_json import inventory_json
from dealix_lint.reporters.inventory_markdown import inventory_markdown
from dealix_lint.reporters.inventory_text import inventory_text
from dealix_lint.reporters.route import route_json, route_text
from dealix_lint.reporters.statistics import statistics_json, statistics_text
from dealix_lint.reporters.styled import Line, Shown, line, plain, plural

__all__ = [
    "Line",
    "line",
    "plain",
    "plural",
    "show_catalogue",
    "show_check",
    "show_graph",
    "show_inventory",
    "show_judged",
    "show_provider",
    "show_route",
    "show_statistics",
]


def show_check(checked: Checked, form: str, shown: Shown) -> Iterable[Line]:
    """A report as "text" or "json"; `shown` says how to print a path in text."""
    return check_text(checked.report, shown) if form == "text" else _lines(check_json(checked.report))


def show_inventory(inventory: Inventory, form: str, shown: Shown) -> Iterable[Line]:
    """An inventory as "text", "markdown" or "json"."""
    if form == "markdown":
        return _lines(inventory_markdown(inventory, shown))
    return inventory_text(inventory, shown) if form == "text" else _lines(inventory_json(inventory))


def show_graph(graph: CallMap, form: str, shown: Shown, with_edges: bool) -> Iterable[Line]:
    """A call graph as "text", "json", "dot", "mermaid" or "graphml"."""
    if form == "text":
        return graph_text(graph, shown)
    as_json = graph_edges_json if with_edges else graph_json
    return _lines({"json": as_json, "dot": graph_dot, "mermaid": graph_mermaid, "graphml": graph_graphml}[form](graph))


def show_route(route: Route, form: str, shown: Shown) -> Iterable[Line]:
    """A call path as "text" or "json"."""
    return route_text(route, shown) if form == "text" else _lines(route_json(route))


def show_statistics(found: Statistics, form: str) -> Iterable[Line]:
    """How much of a graph is resolved, as "text" or "json"."""
    return statistics_text(found) if form == "text" else _lines(statistics_json(found))


def show_catalogue(catalogue: Catalogue, form: str) -> Iterable[Line]:
    """A catalogue as "text" or "json"."""
    return catalogue_text(catalogue) if form == "text" else _lines(catalogue_json(catalogue))


def show_provider(provider: ProviderRow) -> Iterable[Line]:
    """The page of a provider."""
    return provider_text(provider)


def show_judged(target: str, effect: Effect | None) -> Iterable[Line]:
    """What a call or request is."""
    return effect_text(target, effect)


def _lines(text: str) -> Iterable[Line]:
    return (line(part) for part in text.removesuffix("\n").split("\n"))
