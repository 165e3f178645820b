"""Views of a project beside its findings: effects, calls, ways, and how much is resolved."""

from __future__ import annotations

from dealix_lint.engine.answers import Asked, answered
from dealix_lint.engine.identity import combine
from dealix_lint.engine.project import Project
from dealix_lint.engine.request import Request
from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.engine.store import Store
from dealix_lint.model.callmap import CallMap, Part, Route, Statistics
from dealix_lint.model.inventory import Inventory
from dealix_lint.reporters.graph import graph_document, read_graph
from dealix_lint.reporters.inventory_json import inventory_document, read_inventory
from dealix_lint.reporters.route import read_route, route_document
from dealix_lint.reporters.statistics import read_statistics, statistics_document


def take_inventory(project: Project, request: Request) -> tuple[Inventory, Snapshot]:
    """The inventory of a project, limited to what of it was asked for. Raises DealixError."""

    def answer(snapshot: Snapshot, store: Store) -> tuple[Inventory, Snapshot]:
        def compute() -> Inventory:
            from dealix_lint.engine.computing import compute_inventory

            return compute_inventory(snapshot, store, request.progress)

        inventory = Asked(snapshot, store, "inventory").answer(read_inventory, inventory_document, compute)
        return inventory.limited_to(project.wanted), snapshot

    return answered(project, request, answer)


def draw_graph(project: Project, request: Request, part: Part, with_edges: bool) -> tuple[CallMap, Snapshot]:
    """The call graph of the files asked for, or a part of it; `with_edges` also with kinds and lines of the edges. Raises
    DealixError."""

    def answer(snapshot: Snapshot, store: Store) -> tuple[CallMap, Snapshot]:
        def compute() -> CallMap:
            from dealix_lint.engine.computing import compute_graph

            return compute_graph(snapshot, store, project.wanted, part, with_edges, request.progress)

        what = combine(("graph", str(with_edges), part.start, part.end, str(part.depth), *project.wanted))
        return Asked(snapshot, store, what).answer(read_graph, graph_document, compute), snapshot

    return answered(project, request, answer)


def find_route(project: Project, request: Request, start: str, end: str) -> Route:
    """The shortest way from one function to another. Raises DealixError."""

    def answer(snapshot: Snapshot, store: Store) -> Route:
        def compute() -> Route:
            from dealix_lint.engine.computing import compute_route

            return compute_route(snapshot, store, start, end, request.progress)

        what = combine(("route", start, end))
        return Asked(snapshot, store, what).answer(read_route, route_document, compute)

    return answered(project, request, answer)


def count_graph(project: Project, request: Request) -> tuple[Statistics, Snapshot]:
    """How much of a project is resolved. Raises DealixError."""

    def answer(snapshot: Snapshot, store: Store) -> tuple[Statistics, Snapshot]:
        def compute() -> Statistics:
            from dealix_lint.engine.computing import compute_statistics

            return compute_statistics(snapshot, store, request.progress)

        return Asked(snapshot, store, "statistics").answer(read_statistics, statistics_document, compute), snapshot

    return answered(project, request, answer)
