"""Which errors a handler catches, and whether an effect's may be among them."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from typing import Final, TypeAlias

from dealix_lint.facts.listed import symbols
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import AuditNames
from dealix_lint.model.text import ArgumentValue, Sequence, Symbol

_EVERYTHING: Final = frozenset({"<builtin>.Exception", "<builtin>.BaseException"})
_TRANSPORT: Final = frozenset(
    {
        "OSError",
        "IOError",
        "EnvironmentError",
        "ConnectionError",
        "TimeoutError",
        "ConnectionRefusedError",
        "ConnectionResetError",
        "error",  # of `socket`, like the following: other names of the above
        "timeout",
        "gaierror",
        "herror",
    }
)
Caught: TypeAlias = tuple[ArgumentValue, ...] | None
"""Classes that a handler names; None for all errors."""


@dataclass(frozen=True, slots=True)
class Raised:
    """The errors of an effect on their way out. `libraries`: the packages whose errors they may be, besides those of the
    network; `error`: the class of what was raised in their place ("" if they are as they were), or the mechanism of the
    dispatch behind which they were (`<temporal>`)."""

    libraries: frozenset[str]
    error: str = ""


class Catching:
    """The classes that handlers name."""

    __slots__ = ("_arriving", "_below", "_caught", "_exhausted", "_roots", "_unrelated", "_wrappers", "sites")

    def __init__(self, sites: Sites, names: AuditNames) -> None:
        self.sites = sites
        self._roots = PatternIndex((pattern, True) for pattern in names.roots)
        self._wrappers = PatternIndex((pattern, True) for pattern in names.wrappers)
        self._unrelated = PatternIndex((pattern, True) for pattern in names.unrelated)
        self._exhausted = PatternIndex((pattern, True) for pattern in names.exhausted)
        self._below = dict(names.below)
        self._arriving = {
            f"<{mechanism}>": PatternIndex((pattern, True) for pattern in patterns)
            for mechanism, patterns in names.arriving
        }
        self._caught: dict[tuple[int, int], Caught] = {}

    def below(self, *libraries: str) -> tuple[str, ...]:
        """Packages whose errors those libraries let through."""
        return tuple(package for library in libraries for package in self._below.get(library, ()))

    def arriving(self, mechanism: str, errors: tuple[str, ...]) -> tuple[str, ...]:
        """What errors are to those who wait for a dispatch."""
        return (f"<{mechanism}>",) if f"<{mechanism}>" in self._arriving else errors

    def is_for_exhausted(self, caught: Caught) -> bool:
        """Whether a handler is for what is raised once there are no retries left."""
        return any(map(self._exhausted.find, symbols(caught or ())))

    def may_be(self, caught: Caught, raised: Raised) -> bool:
        """Whether one of the errors may be of those classes."""
        return caught is None or any(self._may_be_one(value, raised.libraries, raised.error) for value in caught)

    def are_all(self, caught: Caught, raised: Raised) -> bool:
        """Whether no error of the effect is left for other handlers."""
        return caught is None or any(self._is_all(value, raised.error) for value in caught)

    def _is_all(self, value: ArgumentValue, error: str) -> bool:
        if isinstance(value, Sequence):
            return any(self._is_all(element, error) for element in value.elements)
        if not isinstance(value, Symbol):
            return False
        if value.name in _EVERYTHING:
            return True
        return self._is_above(value.name, error) if error else bool(self._roots.find(value.name))

    def _is_above(self, name: str, error: str) -> bool:
        """Whether an error is of that class."""
        arriving = self._arriving.get(error)
        return bool(arriving.find(name)) if arriving is not None else _own_name(name) in self._lineage(error)

    def types(self, node: int, handler: int) -> Caught:
        """Classes that a handler catches; None for all errors."""
        key = node, handler
        if key not in self._caught:
            flow, code = self.sites.flow(node), self.sites.code(node)
            register = flow.caught_at(handler)
            if register >= 0:
                values = self.sites.resolution.values(node, code.scope.code[register][1])
                self._caught[key] = values or (Symbol(""),)
            else:
                self._caught[key] = self._suppressed(node, handler)
        return self._caught[key]

    def _suppressed(self, node: int, handler: int) -> Caught:
        """Classes named in the `with suppress(...)` whose end the handler is; None for a bare `except`."""
        manager = self._suppressing(node, handler)
        view = self.sites.calls(node).get(manager) if manager >= 0 else None
        return tuple(value for values in view.arguments for value in values) if view is not None else None

    def _suppressing(self, node: int, handler: int) -> int:
        """The call of `suppress` whose end the handler is; -1 if it is none."""
        code, flow = self.sites.code(node), self.sites.flow(node)
        if flow.caught_at(handler) >= 0:
            return NO_SITE
        start = flow.before_handler(handler)
        managers = [i[1] for r, i in enumerate(code.scope.code) if i[0] == ir.ENTER and flow.block_of(r) == start]
        return managers[-1] if managers and code.callee_name(managers[-1]) == "suppress" else NO_SITE

    def name(self, node: int, handler: int) -> str:
        """How people know a handler: `except (A, B)`, by the last names of the classes, or `with suppress(A, B)`."""
        names = sorted({name.rpartition(".")[2] for name in symbols(self.types(node, handler) or ())})
        if self._suppressing(node, handler) >= 0:
            return f"with suppress({', '.join(names)})"
        return f"except {names[0] if len(names) == 1 else '(' + ', '.join(names) + ')'}" if names else "except"

    def _may_be_one(self, value: ArgumentValue, libraries: frozenset[str], error: str) -> bool:
        """Whether an error of that class may be one of the effect's, or the one that was raised in its place."""
        if isinstance(value, Sequence):
            return any(self._may_be_one(element, libraries, error) for element in value.elements)
        if not isinstance(value, Symbol):
            return False
        if self._wrappers.find(value.name):
            return True
        if error:
            return value.name in _EVERYTHING or self._is_above(value.name, error)
        return any(self._is_failure(name, libraries) for name in self._ancestry(value.name))

    def _lineage(self, name: str) -> tuple[str, ...]:
        """An error's class and all that it is derived from, as far as that is known."""
        place = self.sites.definitions.find_class(name)
        bases = (name,) if place is None else self.sites.resolution.bases(*place)
        known = [c for base in bases for c in getattr(_builtin(base), "__mro__", ())]
        return (name, *bases, *(f"<builtin>.{c.__name__}" for c in known))

    def _ancestry(self, name: str) -> tuple[str, ...]:
        """A first-party error counts as the external ones it is derived from."""
        place = self.sites.definitions.find_class(name)
        if place is None:
            return (name,)
        bases = self.sites.resolution.bases(*place)[1:]
        return tuple(base for base in bases if base.split(".")[0] not in ("<builtin>", "builtins", "typing"))

    def _is_failure(self, name: str, libraries: frozenset[str]) -> bool:
        if name in _EVERYTHING:
            return True
        root, _, rest = name.partition(".")
        if root in ("<builtin>", "socket"):
            return rest in _TRANSPORT
        return root in libraries and not self._unrelated.find(name)


def _builtin(name: str) -> type[BaseException] | None:
    """The builtin error of that dotted name."""
    found = vars(builtins).get(name.removeprefix("<builtin>."))
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


def _own_name(name: str) -> str:
    """An error by its own name: `IOError` and `EnvironmentError` are other names of `OSError`."""
    error = _builtin(name) if name.startswith("<builtin>.") else None
    return name if error is None else f"<builtin>.{error.__name__}"
