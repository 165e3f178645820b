"""Summaries of all files: remembered ones, and the others made anew."""

from __future__ import annotations

from collections.abc import Sequence

from dealix_lint.engine.identity import tool_digest
from dealix_lint.engine.request import Progress
from dealix_lint.engine.store import Store
from dealix_lint.engine.workers import Work
from dealix_lint.model.summary import ModuleSummary, Problem, Scope
from dealix_lint.sources.read import Content
from dealix_lint.summarize import decode, encode, positions, summarize

_KIND = "summary"
_CRASHED = Problem(1, 1, "reading this file crashed the process that did it; the rest was analysed")

Span = tuple[int, int, int, int]
Wanted = tuple[bytes, frozenset[tuple[int, int]]]
Found = dict[tuple[int, int], Span]


def summarise_all(
    contents: Sequence[Content], store: Store, jobs: int, progress: Progress
) -> tuple[ModuleSummary, ...]:
    """The summary of every file, in order. What the store knows is not parsed again."""
    known: dict[str, ModuleSummary] = {}
    missing: dict[str, bytes] = {}
    for content in contents:
        if content.problem is None and content.digest not in known and content.digest not in missing:
            summary = _recall(content.digest, store)
            if summary is None:
                missing[content.digest] = content.data
            else:
                known[content.digest] = summary
    work: Work[bytes, bytes | ModuleSummary | None] = Work(_encoded_summary, len, _nothing, summarize)
    made = work.run(list(missing.values()), jobs, "reading", progress)
    fresh = [(digest, summary) for digest, summary in zip(missing, made, strict=True) if summary is not None]
    if store.is_working:
        store.put(_KIND, [(_key(digest), s if isinstance(s, bytes) else encode(s)) for digest, s in fresh])
    if len(fresh) < len(missing):
        store.remember_no_more()
    known.update(dict.fromkeys(missing, _unreadable(_CRASHED)))
    known.update((digest, decode(s) if isinstance(s, bytes) else s) for digest, s in fresh)
    return tuple(_unreadable(c.problem) if c.problem else known[c.digest] for c in contents)


def find_positions(wanted: Sequence[Wanted], jobs: int, progress: Progress) -> list[Found]:
    """For each file's bytes and places in it: their positions. A place that has none is left out."""
    work = Work(_positions, _position_size, _no_positions)
    return work.run(wanted, jobs, "looking up lines", progress)


def _recall(digest: str, store: Store) -> ModuleSummary | None:
    data = store.get(_KIND, _key(digest))
    try:
        return decode(data) if data is not None else None
    except (ValueError, TypeError, KeyError, IndexError):
        return None


def _key(digest: str) -> str:
    return f"{digest}:{tool_digest()}"


def _encoded_summary(data: bytes) -> bytes:
    return encode(summarize(data))


def _nothing(data: bytes) -> None:
    """What is left of a file whose process died."""


def _unreadable(problem: Problem) -> ModuleSummary:
    return ModuleSummary((Scope("module", "", -1, ()),), problem)


def _positions(wanted: Wanted) -> Found:
    data, places = wanted
    return positions(data, set(places))


def _position_size(wanted: Wanted) -> int:
    return len(wanted[0])


def _no_positions(wanted: Wanted) -> Found:
    return {}
