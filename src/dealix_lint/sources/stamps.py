"""What files looked like from outside when they were read last: as long as they look the same, their digests are known."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

Stamp = tuple[int, int, int, int, int]
"""Size, modification and change time in nanoseconds, inode, device."""

_TICK: Final = 2_000_000_000
"""Nanoseconds that a time stamp may lie back and still be the one that a further change would get: some file systems count in
steps of two seconds."""

_SPARE: Final = 1000
"""Files that may be known beside those of a project, and as many again."""


@dataclass(slots=True)
class Stamps:
    """Digests of files by path, with their stamps.

    A file that was changed just before it was read may be changed again without another stamp (git calls such an entry
    racily clean): those are not kept."""

    _known: dict[str, tuple[Stamp, str]] = field(default_factory=dict)

    def digest_of(self, path: str, status: os.stat_result) -> str | None:
        """The digest of a file that looks as it did; None for one that does not."""
        known = self._known.get(path)
        return known[1] if known is not None and known[0] == _stamp(status) else None

    def note(self, path: str, status: os.stat_result, digest: str, now: int) -> None:
        """Keep the digest of a file whose status was taken before it was read, at the time `now` (nanoseconds)."""
        if max(status.st_mtime_ns, status.st_ctime_ns) < now - _TICK:
            self._known[path] = _stamp(status), digest

    def forget_others(self, paths: Collection[str]) -> None:
        """Forget files of other paths, once these are the more."""
        if len(self._known) > 2 * len(paths) + _SPARE:
            wanted = frozenset(paths)
            self._known = {path: known for path, known in self._known.items() if path in wanted}

    def encoded(self) -> bytes:
        """All of them as JSON."""
        rows = [[path, *stamp, digest] for path, (stamp, digest) in self._known.items()]
        return json.dumps(rows, separators=(",", ":")).encode()

    @classmethod
    def decoded(cls, data: bytes | None) -> Stamps:
        """What `encoded` gave; none for anything else."""
        try:
            rows = json.loads(data) if data is not None else ()
            return cls({path: ((size, m, c, inode, device), known) for path, size, m, c, inode, device, known in rows})
        except (ValueError, TypeError):
            return cls()


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev
