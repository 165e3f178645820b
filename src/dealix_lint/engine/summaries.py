"""Summaries of all files: remembered ones, and the others made anew."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dealix_lint.engine.identity import combine, tool_digest
from dealix_lint.engine.request import Progress
from dealix_lint.engine.store import Store
from dealix_lint.engine.workers import Work
from dealix_lint.findings.directives import speaks_to_us
from dealix_lint.link.mentions import Mentions, decode_mentions, encode_mentions
from dealix_lint.link.mentions import mentions as find_mentions
from dealix_lint.model.summary import ModuleSummary, Problem, Scope
from dealix_lint.sources.imports import imported_names, imports_relatively
from dealix_lint.sources.read import Content
from dealix_lint.sources.read import digest as digest_of
from dealix_lint.summarize import decode, encode, positions, summarize

_KIND = "summary"
_KNOWN = "known"
_MENTIONS = "mentions"
_POSITIONS = "positions"
_MUCH = 12_000_000
"""Bytes of source from which on summaries are kept encoded until they are wanted: that takes a tenth of the memory."""
_CRASHED = Problem(1, 1, "reading this file crashed the process that did it; the rest was analysed")

Span = tuple[int, int, int, int]
Wanted = tuple[str, bytes, frozenset[tuple[int, int]]]
Found = dict[tuple[int, int], Span]


@dataclass(frozen=True, slots=True)
class _Known:
    """Digests of a file's summary, of what it mentions and of what it seems to import, the size of the summary in
    instructions, and whether comments in it speak to us."""

    meaning: str = ""
    mentioned: str = ""
    imports: str = ""
    size: int = 0
    is_commented: bool = False

    @property
    def line(self) -> str:
        return f"{self.meaning} {self.mentioned} {self.imports} {self.size} {int(self.is_commented)}"


@dataclass(frozen=True, slots=True)
class _Made:
    """What was made of a file: its summary, encoded where other processes or the store are to have it, what it mentions, and
    what is known of it, without the digests of these two."""

    summary: bytes | ModuleSummary
    mentions: Mentions
    known: _Known


class Summaries:
    """The summaries of some files: what the store knows is not parsed again, nor decoded before it is wanted.

    `meanings`: a digest of each file's summary, in order. Comments, layout and the names of local variables do not change
    it. `imports`: a digest of what each seems to import; `sizes`: how many instructions there are in each; `commented`:
    files with comments that may speak to us."""

    def __init__(self, contents: Sequence[Content], store: Store, jobs: int, progress: Progress) -> None:
        """Parse the files that the store does not know, and let it know them."""
        self._contents, self._store = contents, store
        self._made: dict[str, _Made] = {}
        self._uses = Counter(content.digest for content in contents if content.problem is None)
        self._lost: set[str] = set()  # files whose process died
        known: dict[str, _Known] = {}
        missing: dict[str, bytes] = {}
        rows = store.get_all(_KNOWN, [_key(digest) for digest in self._uses])
        for digest, content in {c.digest: c for c in contents if c.problem is None}.items():
            row = _recall_known(rows.get(_key(digest)))
            if row is None:
                missing[digest] = content.data
            else:
                known[digest] = row
        known.update(self._make(missing, jobs, progress))
        told = [_Known(_told(c.problem)) if c.problem else known[c.digest] for c in contents]
        self.meanings = tuple(row.meaning for row in told)
        self.imports = tuple(row.imports for row in told)
        self.sizes = tuple(row.size for row in told)
        self.commented = frozenset(c.path for c, row in zip(contents, told, strict=True) if row.is_commented)
        self._mentioned = [row.mentioned for row in told]

    def _make(self, missing: dict[str, bytes], jobs: int, progress: Progress) -> dict[str, _Known]:
        is_much = sum(map(len, missing.values())) > _MUCH
        work: Work[bytes, _Made | None] = Work(_encoded, len, _nothing, _encoded if is_much else _summarized)
        made = work.run(list(missing.values()), jobs, "reading", progress)
        self._made = {digest: found for digest, found in zip(missing, made, strict=True) if found is not None}
        self._lost = missing.keys() - self._made.keys()
        if self._lost:
            self._store.remember_no_more()
        known = dict.fromkeys(self._lost, _Known(is_commented=True))
        if not self._store.is_working:  # nothing is looked up by digests
            return known | {digest: found.known for digest, found in self._made.items()}
        summaries: list[tuple[str, bytes]] = []
        mentions: dict[str, bytes] = {}
        for digest, found in self._made.items():
            data = found.summary if isinstance(found.summary, bytes) else encode(found.summary)
            said = encode_mentions(found.mentions)
            known[digest] = row = replace(found.known, meaning=digest_of(data), mentioned=digest_of(said))
            summaries.append((_key(digest), data))
            mentions[row.mentioned] = said
        self._store.put(_KIND, summaries)
        self._store.put(_MENTIONS, mentions.items())
        self._store.put(_KNOWN, [(_key(digest), row.line.encode()) for digest, row in known.items() if row.meaning])
        return known

    def take(self, wanted: Iterable[int]) -> tuple[ModuleSummary, ...]:
        """The summaries of the files of those numbers. Each file's can be taken once: what was taken is not kept."""
        known: dict[str, ModuleSummary] = {}
        found: list[ModuleSummary] = []
        for content in (self._contents[index] for index in wanted):
            if content.problem:
                found.append(_unreadable(content.problem))
                continue
            summary = known.get(content.digest)
            made = self._handed(content.digest)
            if summary is None:
                summary = known[content.digest] = self._summary(content, made)
            found.append(summary)
        return tuple(found)

    def take_encoded(self, wanted: Iterable[int]) -> tuple[bytes, ...]:
        """Like `take`, for another process."""
        found: list[bytes] = []
        for content in (self._contents[index] for index in wanted):
            made = None if content.problem else self._handed(content.digest)
            data = made or (None if content.problem else self._store.get(_KIND, _key(content.digest)))
            if not isinstance(data, bytes):
                data = encode(_unreadable(content.problem) if content.problem else self._summary(content, made))
            found.append(data)
        return tuple(found)

    def _handed(self, digest: str) -> bytes | ModuleSummary | None:
        """The summary that was made of a file; forgotten where no further file has that content."""
        made = self._made.get(digest)
        self._uses[digest] -= 1
        if not self._uses[digest]:
            self._made.pop(digest, None)
        return None if made is None else made.summary

    def _summary(self, content: Content, made: bytes | ModuleSummary | None) -> ModuleSummary:
        if content.digest in self._lost:
            return _unreadable(_CRASHED)
        if made is None:  # remembered, or just forgotten by another run
            return self._again(content)
        return decode(made) if isinstance(made, bytes) else made

    @property
    def mentions_key(self) -> str:
        """A digest of what all files mention; "" if there is none."""
        return combine(self._mentioned) if self._store.is_working else ""

    def mentions(self) -> tuple[Mentions, ...]:
        """What each file mentions, in order. To be asked before anything is taken."""
        return tuple(map(self._mentions_of, self._contents, self._mentioned))

    def _mentions_of(self, content: Content, key: str) -> Mentions:
        if content.problem or content.digest in self._lost:
            return Mentions()
        made = self._made.get(content.digest)
        if made is not None:
            return made.mentions
        data = self._store.get(_MENTIONS, key)
        try:
            if data is not None:
                return decode_mentions(data)
        except ValueError:
            pass
        return find_mentions(self._again(content))

    def _again(self, content: Content) -> ModuleSummary:
        return _recall(content.digest, self._store) or summarize(content.data)


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


def _summarized(data: bytes) -> _Made:
    summary = summarize(data)
    imports = " ".join((*sorted(imported_names(data)), "." * imports_relatively(data)))
    size = sum(len(scope.code) for scope in summary.scopes)
    known = _Known(imports=digest_of(imports.encode()), size=size, is_commented=speaks_to_us(data))
    return _Made(summary, find_mentions(summary), known)


def _encoded(data: bytes) -> _Made:
    made = _summarized(data)
    return replace(made, summary=encode(made.summary)) if isinstance(made.summary, ModuleSummary) else made


def _recall_known(data: bytes | None) -> _Known | None:
    try:
        if data is None:
            return None
        meaning, mentioned, imports, size, is_commented = data.decode("ascii").split(" ")
        return _Known(meaning, mentioned, imports, int(size), is_commented == "1")
    except ValueError:
        return None


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
