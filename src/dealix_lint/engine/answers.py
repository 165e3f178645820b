"""The questions faces ask, and the answers: remembered where nothing changed, computed where something did."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from dealix_lint.config.validate import mistakes_error
from dealix_lint.engine.configuration import configure, is_validated, origin_of
from dealix_lint.engine.identity import combine
from dealix_lint.engine.project import Project
from dealix_lint.engine.request import Request
from dealix_lint.engine.snapshot import Snapshot, take_snapshot
from dealix_lint.engine.store import Store
from dealix_lint.findings.report import Report
from dealix_lint.model.callmap import CallMap, Part, Route, Statistics
from dealix_lint.model.errors import CatalogError
from dealix_lint.model.inventory import Inventory
from dealix_lint.model.settings import Settings
from dealix_lint.reporters.check_json import check_document, read_check
from dealix_lint.reporters.graph import graph_document, read_graph
from dealix_lint.reporters.inventory_json import inventory_document, read_inventory
from dealix_lint.reporters.route import read_route, route_document
from dealix_lint.reporters.statistics import read_statistics, statistics_document

V = TypeVar("V")

_CHECK: Final = "check"


@dataclass(frozen=True, slots=True)
class Checked:
    """The report on what was asked for, and the snapshot it was made of."""

    report: Report
    snapshot: Snapshot


def check(project: Project, request: Request) -> Checked:
    """Check a project; the report is limited to what of it was asked for. Raises DealixError."""
    with _opened(project, request) as (snapshot, store):

        def compute() -> Report:
            from dealix_lint.engine.reporting import compute_report

            return compute_report(snapshot, store, request.progress)

        asked = _Asked(snapshot, store, _CHECK)
        report = asked.answer(_decode_report, _encode_report, compute)
        return Checked(report.limited_to(project.wanted), snapshot)


def compute_check(project: Project, request: Request) -> Checked:
    """Like `check`, but never remembered: findings know how they would be repaired. Raises DealixError."""
    from dealix_lint.engine.reporting import compute_report

    with _opened(project, request) as (snapshot, store):
        report = compute_report(snapshot, store, request.progress)
        return Checked(report.limited_to(project.wanted), snapshot)


def recall_check(project: Project, request: Request) -> Checked | None:
    """The report if it is remembered; never computes, and never imports what validates settings."""
    if not is_validated(project.root, request):
        return None
    with _opened(project, request) as (snapshot, store):
        report = _Asked(snapshot, store, _CHECK).recall(_decode_report)
        return None if report is None else Checked(report.limited_to(project.wanted), snapshot)


def take_inventory(project: Project, request: Request) -> tuple[Inventory, Snapshot]:
    """The inventory of a project, limited to what of it was asked for. Raises DealixError."""
    with _opened(project, request) as (snapshot, store):

        def compute() -> Inventory:
            from dealix_lint.engine.computing import compute_inventory

            return compute_inventory(snapshot, store, request.progress)

        asked = _Asked(snapshot, store, "inventory")
        inventory = asked.answer(
            read_inventory,
            inventory_document,
            compute,
        )
        return inventory.limited_to(project.wanted), snapshot


def draw_graph(project: Project, request: Request, part: Part, with_edges: bool) -> tuple[CallMap, Snapshot]:
    """The call graph of the files asked for, or a part of it; `with_edges` also with kinds and lines of the edges. Raises
    DealixError."""
    with _opened(project, request) as (snapshot, store):

        def compute() -> CallMap:
            from dealix_lint.engine.computing import compute_graph

            return compute_graph(snapshot, store, project.wanted, part, with_edges, request.progress)

        what = combine(("graph", str(with_edges), part.start, part.end, str(part.depth), *project.wanted))
        graph = _Asked(snapshot, store, what).answer(
            read_graph,
            graph_document,
            compute,
        )
        return graph, snapshot


def find_route(project: Project, request: Request, start: str, end: str) -> Route:
    """The shortest way from one function to another. Raises DealixError."""
    with _opened(project, request) as (snapshot, store):

        def compute() -> Route:
            from dealix_lint.engine.computing import compute_route

            return compute_route(snapshot, store, start, end, request.progress)

        return _Asked(snapshot, store, combine(("route", start, end))).answer(
            read_route,
            route_document,
            compute,
        )


def count_graph(project: Project, request: Request) -> tuple[Statistics, Snapshot]:
    """How much of a project is resolved. Raises DealixError."""
    with _opened(project, request) as (snapshot, store):

        def compute() -> Statistics:
            from dealix_lint.engine.computing import compute_statistics

            return compute_statistics(snapshot, store, request.progress)

        found = _Asked(snapshot, store, "statistics").answer(
            read_statistics,
            statistics_document,
            compute,
        )
        return found, snapshot


def read_settings(project: Project, request: Request) -> Settings:
    """The settings of a project. Raises DealixError."""
    settings, store = configure(project.root, request)
    store.close()
    return settings


def read_snapshot(project: Project, request: Request) -> Snapshot:
    """The files of a project as they are now. Raises DealixError."""
    with _opened(project, request) as (snapshot, _):
        return snapshot


@contextmanager
def _opened(project: Project, request: Request) -> Iterator[tuple[Snapshot, Store]]:
    settings, store = configure(project.root, request)
    with store:
        try:
            yield take_snapshot(project, settings, request.overlay), store
        except CatalogError as error:  # from a pack or a policy file that the settings name
            origin = origin_of(project.root, request)
            raise mistakes_error(origin, str(error).splitlines()) from error


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question about a snapshot: its answer is remembered under `what` and the key of the snapshot."""

    snapshot: Snapshot
    store: Store
    what: str

    def answer(
        self, decode: Callable[[dict[str, Any]], V], encode: Callable[[V], dict[str, object]], compute: Callable[[], V]
    ) -> V:
        """The remembered answer, else the computed one, which is remembered."""
        found = self.recall(decode)
        if found is None:
            found = compute()
            data = json.dumps(encode(found), ensure_ascii=False).encode("utf-8", "surrogatepass")
            self.store.put("answer", [(self._key, data)])
        return found

    def recall(self, decode: Callable[[dict[str, Any]], V]) -> V | None:
        """The remembered answer; None where there is none, or none that can be read."""
        data = self.store.get("answer", self._key)
        if data is None:
            return None
        try:
            return decode(json.loads(data))
        except (ValueError, TypeError, KeyError, AttributeError):
            return None

    @property
    def _key(self) -> str:
        return combine((self.what, self.snapshot.key))


def _encode_report(report: Report) -> dict[str, object]:
    return {"check": check_document(report), "below_confidence": report.below_confidence}


def _decode_report(document: dict[str, Any]) -> Report:
    return read_check(document["check"], tuple(document["below_confidence"]))
