"""Summaries of all files: remembered ones, and the others made anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import blake2b

from dealix_lint.engine.identity import combine, tool_digest
from dealix_lint.engine.request import Progress
from dealix_lint.engine.store import Store
from dealix_lint.engine.workers import Work
from dealix_lint.model.summary import ModuleSummary, Problem, Scope
from dealix_lint.sources.read import Content
from dealix_lint.summarize import decode, encode, positions, summarize

_KIND = "summary"
_MEANING = "meaning"
_POSITIONS = "positions"
_CRASHED = Problem(1, 1, "reading this file crashed the process that did it; the rest was analysed")

Span = tuple[int, int, int, int]
Wanted = tuple[str, bytes, frozenset[tuple[int, int]]]
Found = dict[tuple[int, int], Span]


class Summaries:
    """The summaries of some files: what the store knows is not parsed again, nor decoded before it is wanted.

    `meanings`: a digest of each file's summary, in order. Comments, layout and the names of local variables do not change
    it."""

    def __init__(self, contents: Sequence[Content], store: Store, jobs: int, progress: Progress) -> None:
        """Parse the files that the store does not know, and let it know them."""
        self._contents, self._store = contents, store
        self._made: dict[str, bytes | ModuleSummary] = {}
        self._lost: set[str] = set()  # files whose process died
        known: dict[str, str] = {}
        missing: dict[str, bytes] = {}
        for content in contents:
            if content.problem is None and content.digest not in known and content.digest not in missing:
                meaning = store.get(_MEANING, _key(content.digest))
                if meaning is None:
                    missing[content.digest] = content.data
                else:
                    known[content.digest] = meaning.decode("ascii", "replace")
        known.update(self._make(missing, jobs, progress))
        self.meanings = tuple(_told(c.problem) if c.problem else known[c.digest] for c in contents)

    def _make(self, missing: dict[str, bytes], jobs: int, progress: Progress) -> dict[str, str]:
        work: Work[bytes, bytes | ModuleSummary | None] = Work(_encoded_summary, len, _nothing, summarize)
        made = work.run(list(missing.values()), jobs, "reading", progress)
        self._made = {digest: s for digest, s in zip(missing, made, strict=True) if s is not None}
        self._lost = missing.keys() - self._made.keys()
        if self._lost:
            self._store.remember_no_more()
        if not self._store.is_working:
            return dict.fromkeys(missing, "")  # nothing is looked up by it
        encoded = {digest: s if isinstance(s, bytes) else encode(s) for digest, s in self._made.items()}
        meanings = {digest: blake2b(data, digest_size=20).hexdigest() for digest, data in encoded.items()}
        self._store.put(_KIND, [(_key(digest), data) for digest, data in encoded.items()])
        self._store.put(_MEANING, [(_key(digest), meaning.encode()) for digest, meaning in meanings.items()])
        return {**dict.fromkeys(self._lost, ""), **meanings}

    def all(self) -> tuple[ModuleSummary, ...]:
        """The summary of every file, in order."""
        known: dict[str, ModuleSummary] = {}
        for content in self._contents:
            if content.problem is None and content.digest not in known:
                known[content.digest] = self._summary(content)
        return tuple(_unreadable(c.problem) if c.problem else known[c.digest] for c in self._contents)

    def _summary(self, content: Content) -> ModuleSummary:
        if content.digest in self._lost:
            return _unreadable(_CRASHED)
        made = self._made.pop(content.digest, None)
        if made is None:  # remembered, or just forgotten by another run
            return _recall(content.digest, self._store) or summarize(content.data)
        return decode(made) if isinstance(made, bytes) else made


def find_positions(wanted: Sequence[Wanted], store: Store, jobs: int, progress: Progress) -> list[Found]:
    """For each file's digest and bytes and places in it: their positions. A place that has none is left out."""
    keys = [_position_key(digest, places) for digest, _, places in wanted]
    found = [_recalled_positions(store.get(_POSITIONS, key)) for key in keys]
    missing = [index for index, known in enumerate(found) if known is None]
    work = Work(_positions, _position_size, _no_positions)
    made = work.run([wanted[index] for index in missing], jobs, "looking up lines", progress)
    rows = []
    for index, located in zip(missing, made, strict=True):
        found[index] = located
        if located:  # else its process may have died
            spans = [[*place, *span] for place, span in sorted(located.items())]
            rows.append((keys[index], json.dumps(spans, separators=(",", ":")).encode()))
    store.put(_POSITIONS, rows)
    return [located or {} for located in found]


def _position_key(digest: str, places: frozenset[tuple[int, int]]) -> str:
    return combine((_key(digest), *(f"{scope}:{register}" for scope, register in sorted(places))))


def _recalled_positions(data: bytes | None) -> Found | None:
    try:
        return None if data is None else {(s, r): (a, b, c, d) for s, r, a, b, c, d in json.loads(data)}
    except (ValueError, TypeError):
        return None


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


def _told(problem: Problem) -> str:
    """What stands for the summary of a file that was not read."""
    return f"{problem.line}:{problem.column}:{problem.reason}"


def _unreadable(problem: Problem) -> ModuleSummary:
    return ModuleSummary((Scope("module", "", -1, ()),), problem)


def _positions(wanted: Wanted) -> Found:
    _, data, places = wanted
    return positions(data, set(places))


def _position_size(wanted: Wanted) -> int:
    return len(wanted[1])


def _no_positions(wanted: Wanted) -> Found:
    return {}
