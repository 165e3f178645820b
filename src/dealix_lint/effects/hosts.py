"""Whose a host is: ours, a catalogued provider's, or anybody's."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_OWN_SUFFIXES: Final = (".local", ".internal", ".localhost")
_OWN_ADDRESSES: Final = ("::1", "0.0.0.0", "::", "fd00:ec2::254")
_OWN_PREFIXES: Final = ("127.", "169.254.", "fe80:")
"""Of loopback and link-local addresses: what answers there is part of the machine (the metadata service of a cloud)."""


def is_this_machine(host: str) -> bool:
    """Whether a host is the machine itself: as the default of a setting it says nothing of where the service runs."""
    return host in _OWN_ADDRESSES or host == "localhost" or host.endswith(".localhost") or host.startswith("127.")


def is_own(host: str, own_hosts: tuple[str, ...]) -> bool:
    """Whether a host is ours: localhost, loopback, link-local, `*.local`, `*.internal`, a single label, or configured
    (`own_hosts`: globs)."""
    if host in _OWN_ADDRESSES or host.endswith(_OWN_SUFFIXES) or host.startswith(_OWN_PREFIXES):
        return True
    return ("." not in host and ":" not in host) or any(fnmatchcase(host, own.lower()) for own in own_hosts)


class HostIndex(Generic[T]):
    """Values by host glob: exact names in a dict, globs in order; answers are remembered."""

    __slots__ = ("_exact", "_found", "_globs")

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        """Index `(host glob, value)` pairs."""
        self._exact: dict[str, list[T]] = {}
        self._globs: list[tuple[str, T]] = []
        self._found: dict[str, tuple[T, ...]] = {}
        for glob, value in entries:
            if "*" in glob:
                self._globs.append((glob, value))
            else:
                self._exact.setdefault(glob, []).append(value)

    def find(self, host: str) -> tuple[T, ...]:
        """Values of all globs that match, exact ones first."""
        found = self._found.get(host)
        if found is None:
            matching = [value for glob, value in self._globs if fnmatchcase(host, glob)]
            found = self._found[host] = (*self._exact.get(host, ()), *matching)
        return found
