"""The rules, ready to be asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from dealix_lint.effects.callers import CallerIndex
from dealix_lint.effects.hosts import HostIndex, is_own
from dealix_lint.effects.operations import OperationIndex
from dealix_lint.effects.settings import SettingIndex
from dealix_lint.effects.verdict import Floors
from dealix_lint.model.effect_rules import EffectRules, Floor, HttpClient, Operation, Provider, Symbols, Topic
from dealix_lint.model.patterns import PatternIndex


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """A provider with its operations indexed."""

    provider: Provider
    operations: OperationIndex


@dataclass(frozen=True, slots=True)
class LibraryCall:
    """A modelled call of a provider's library."""

    provider: Provider
    symbols: Symbols


class EffectIndex:
    """Everything the stage asks of the rules and of the settings; build it once per run."""

    __slots__ = (
        "_calls",
        "_hosts",
        "_keyed",
        "_markers",
        "_own_hosts",
        "_payloads",
        "callers",
        "everywhere",
        "floors",
        "services",
        "topics",
    )

    def __init__(self, rules: EffectRules, floors: Iterable[Floor], own_hosts: Iterable[str] = ()) -> None:
        """`floors`: the policy's, per kind. `own_hosts`: configured globs, added to localhost and its like."""
        self.floors = Floors(floors)
        services = [Service(provider, OperationIndex(provider.operations)) for provider in rules.providers]
        self._own_hosts = tuple(own_hosts)
        self._calls = PatternIndex[LibraryCall | HttpClient](_calls(rules))
        self._hosts = HostIndex[Service]((host, service) for service in services for host in service.provider.hosts)
        self._markers = [
            (service, OperationIndex([_marker(service.provider)])) for service in services if service.provider.markers
        ]
        self._payloads = [(payload, service) for service in services for payload in service.provider.payloads]
        self.services = SettingIndex[Service](
            (words, service) for service in services for words in service.provider.settings
        )
        self.topics = SettingIndex[str](pair for topic in rules.topics for pair in _kinds(topic))
        self.callers = CallerIndex(rules.callers)
        self.everywhere = OperationIndex(operation for operation in rules.operations if not operation.keys)
        keyed = [operation for operation in rules.operations if operation.keys]
        self._keyed = tuple(
            (operation, OperationIndex([operation]) if operation.paths else None) for operation in keyed
        )

    def is_modelled(self, path: str) -> bool:
        """Whether calls of this access path may be effects, so that their arguments matter."""
        return bool(self._calls.find(path))

    def calls(self, path: str) -> tuple[LibraryCall | HttpClient, ...]:
        """What rules say of an access path, the most specific first."""
        return self._calls.find(path)

    def client(self, path: str) -> HttpClient | None:
        """The HTTP client rule of an access path, if it is one."""
        return next((entry for entry in self._calls.find(path) if isinstance(entry, HttpClient)), None)

    def is_own(self, host: str) -> bool:
        """Whether a host is ours."""
        return is_own(host, self._own_hosts)

    def told_by(self, keys: frozenset[str], method: str, path: str) -> Operation | None:
        """The operation that the keys of what a request sends, or these and its path, give away, whatever its host."""
        for operation, at in self._keyed:
            if not keys.isdisjoint(operation.keys) and (at is None or at.find(method, path, False) is not None):
                return operation
        return None

    def services_at(self, host: str) -> tuple[Service, ...]:
        """The catalogued services of a host."""
        return self._hosts.find(host)

    def marked_by(self, path: str) -> Service | None:
        """The service that a URL path alone gives away."""
        return next((service for service, index in self._markers if index.find("POST", path, False)), None)

    def shaped(self, keys: frozenset[str], fields: frozenset[str]) -> Service | None:
        """The service that the body of a request alone gives away, by its keys and those fields of it that are certain."""
        return next((service for payload, service in self._payloads if _has(payload, keys, fields)), None)


def _has(payload: str, keys: frozenset[str], fields: frozenset[str]) -> bool:
    key, is_field, glob = payload.partition("=")
    if key not in keys:
        return False
    said = (field.removeprefix(f"{key}=") for field in fields if field.startswith(f"{key}="))
    return not is_field or any(fnmatchcase(value, glob) for value in said)


def _kinds(topic: Topic) -> Iterable[tuple[str, str]]:
    """The kind by words, and none for words that name something else."""
    for words in topic.words:
        yield words, topic.kind
        yield from ((f"{words}_{other}", "") for other in topic.unlike)


def _calls(rules: EffectRules) -> Iterable[tuple[str, LibraryCall | HttpClient]]:
    for provider in rules.providers:
        for symbols in provider.symbols:
            entry = LibraryCall(provider, symbols)
            yield from ((path, entry) for path in symbols.paths)
    for client in rules.clients:
        yield from ((path, client) for path in client.calls)


def _marker(provider: Provider) -> Operation:
    return Operation(provider.markers)
