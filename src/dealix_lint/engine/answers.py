"""What faces ask most, and how questions are answered: from what is remembered where nothing changed, computed where something
did."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
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
from dealix_lint.model.errors import CatalogError
from dealix_lint.model.settings import Settings
from dealix_lint.reporters.check_json import check_document, read_check
from dealix_lint.sources.read import ChangedError

V = TypeVar("V")

_CHECK: Final = "check"


@dataclass(frozen=True, slots=True)
class Checked:
    """The report on what was asked for, and the snapshot it was made of."""

    report: Report
    snapshot: Snapshot


def check(project: Project, request: Request) -> Checked:
    """Check a project; the report is limited to what of it was asked for. Raises DealixError."""

    def answer(snapshot: Snapshot, store: Store) -> Checked:
        def compute() -> Report:
            from dealix_lint.engine.reporting import compute_report

            return compute_report(snapshot, store, request.progress)

        report = Asked(snapshot, store, _CHECK).answer(_decode_report, _encode_report, compute)
        return Checked(report.limited_to(project.wanted), snapshot)

    return answered(project, request, answer)


def compute_check(project: Project, request: Request) -> Checked:
    """Like `check`, but never remembered: findings know how they would be repaired, and the snapshot has every file as it was
    read. Raises DealixError."""
    from dealix_lint.engine.reporting import compute_report

    def answer(snapshot: Snapshot, store: Store) -> Checked:
        report = compute_report(snapshot, store, request.progress)
        return Checked(report.limited_to(project.wanted), snapshot)

    return answered(project, request, answer, trusts_stamps=False)


def recall_check(project: Project, request: Request) -> Checked | None:
    """The report if it is remembered; never computes, and never imports what validates settings."""
    if not is_validated(project.root, request):
        return None

    def answer(snapshot: Snapshot, store: Store) -> Checked | None:
        report = Asked(snapshot, store, _CHECK).recall(_decode_report)
        return None if report is None else Checked(report.limited_to(project.wanted), snapshot)

    return answered(project, request, answer)


def read_settings(project: Project, request: Request) -> Settings:
    """The settings of a project. Raises DealixError."""
    settings, store = configure(project.root, request)
    store.close()
    return settings


def read_snapshot(project: Project, request: Request) -> Snapshot:
    """The files of a project as they are now. Raises DealixError."""
    return answered(project, request, lambda snapshot, _: snapshot)


def answered(
    project: Project, request: Request, answer: Callable[[Snapshot, Store], V], *, trusts_stamps: bool = True
) -> V:
    """The answer to a question about the files of a project as they are now. One that changes while it is looked at is looked
    at again."""
    settings, store = configure(project.root, request)
    with store:
        try:
            if trusts_stamps:
                with suppress(ChangedError):
                    return answer(take_snapshot(project, settings, request.overlay, store), store)
            return answer(take_snapshot(project, settings, request.overlay, store, trusts_stamps=False), store)
        except CatalogError as error:  # from a pack or a policy file that the settings name
            origin = origin_of(project.root, request)
            raise mistakes_error(origin, str(error).splitlines()) from error


@dataclass(frozen=True, slots=True)
class Asked:
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
