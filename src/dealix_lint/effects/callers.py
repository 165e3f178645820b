"""What the code around a request is called: a weak sign, for services of which nothing else says what they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Final

from dealix_lint.effects.naming import snake
from dealix_lint.effects.verdict import Floors, Verdict
from dealix_lint.model.effect_rules import Caller, Provider
from dealix_lint.model.effects import COMMITMENTS, EXTERNAL_WRITE, UNKNOWN
from dealix_lint.model.graph import LOW, MEDIUM

_TWO_THINGS: Final = ("_or_", "_and_")  # `fetch_or_create`
_MODULES: Final = 2  # the last ones of a dotted name


class CallerIndex:
    """Globs over the names of functions, classes and modules; answers are remembered."""

    __slots__ = ("_callers", "_found")

    def __init__(self, callers: Iterable[Caller]) -> None:
        """The first that matches counts."""
        self._callers = tuple(callers)
        self._found: dict[str, tuple[Caller, ...]] = {}

    def find(self, function: str, keys: frozenset[str], is_host_known: bool) -> Caller | None:
        """What is said of a function, by its dotted name and the keys of what it sends."""
        if function not in self._found:
            self._found[function] = tuple(caller for caller in self._callers if _speaks(caller, function))
        sent = frozenset(map(str.lower, keys)) if self._found[function] else keys
        for caller in self._found[function]:
            if not (is_host_known and caller.unless_known) and (not caller.keys or not sent.isdisjoint(caller.keys)):
                return caller
        return None


def _speaks(caller: Caller, function: str) -> bool:
    *owners, name = function.split(".")
    classes = [snake(owner) for owner in owners if owner[:1].isupper() or owner[:2].strip("_")[:1].isupper()]
    modules = [owner for owner in owners if owner.islower()][-_MODULES:]
    own = snake(name).strip("_")
    said = () if any(part in own for part in _TWO_THINGS) else (own,)
    pairs = ((caller.functions, said), (caller.classes, classes), (caller.modules, modules))
    return all(any(fnmatchcase(word, glob) for glob in globs for word in words) for globs, words in pairs if globs)


def judged_by_name(found: Verdict, caller: Caller, function: str, floors: Floors, service: Provider | None) -> Verdict:
    """What becomes of a write to a service that nobody knows: of another kind where the name says which (`service`: what the
    class is called, `SlackNotifier`); less sure where the name says that it is none, since names lie."""
    shown = ".".join(function.split(".")[-2:])
    reason = f"{found.reason}; `{shown}` speaks of {caller.kind.replace('_', ' ')}"
    if caller.kind not in COMMITMENTS:
        return replace(found, confidence=LOW, reason=reason)
    name = service.id if service is not None and found.provider == UNKNOWN else found.provider
    provider = Provider(id=name, title=name, kind=caller.kind)
    reversibility, sensitivity = floors.of(caller.kind, provider, None)
    return replace(
        found,
        kind=caller.kind,
        provider=provider.id,
        confidence=max(found.confidence, MEDIUM),
        reason=reason,
        reversibility=reversibility,
        sensitivity=sensitivity,
    )


def is_unsaid(kind: str, methods: tuple[str, ...]) -> bool:
    """Whether the names around a request may say what it is: what is posted, or sent by a method that is not known."""
    return kind == EXTERNAL_WRITE and not {"PUT", "PATCH", "DELETE"}.issuperset(methods)
