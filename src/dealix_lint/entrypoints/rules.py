"""Framework knowledge indexed for this stage."""

from __future__ import annotations

from collections.abc import Iterable

from dealix_lint.model.frameworks import Argument, Frameworks, Prefix, Schedule, Unit, Verbs, View
from dealix_lint.model.patterns import PatternIndex, expand, segments


class Rules:
    """Units by decorator and base, schedules, prefixes and routes of classes by call."""

    def __init__(self, frameworks: Frameworks) -> None:
        self.frameworks = frameworks
        functions = [unit for unit in frameworks.units if unit.decorators and not unit.methods]
        classes = [unit for unit in frameworks.units if unit.decorators and unit.methods and not unit.bases]
        self.by_decorator: PatternIndex[Unit] = PatternIndex((p, u) for u in functions for p in u.decorators)
        self.by_class_decorator: PatternIndex[Unit] = PatternIndex((p, u) for u in classes for p in u.decorators)
        self.by_base: PatternIndex[Unit] = PatternIndex((p, u) for u in frameworks.units for p in u.bases)
        self.by_call: PatternIndex[Schedule] = PatternIndex((p, s) for s in frameworks.schedules for p in s.paths)
        self.tests: PatternIndex[bool] = PatternIndex((p, True) for p in frameworks.tests)
        self.prefixes: PatternIndex[Prefix] = PatternIndex((p, x) for x in frameworks.prefixes for p in x.paths)
        self.views: PatternIndex[View] = PatternIndex((p, v) for v in frameworks.views for p in v.paths)
        self.verbs: PatternIndex[Verbs] = PatternIndex((p, v) for v in frameworks.verbs for p in v.paths)
        self.call_names = _last_segments(p for s in frameworks.schedules for p in s.paths)
        self.prefix_names = _last_segments(p for x in frameworks.prefixes for p in x.paths)
        self.view_names = _last_segments(p for v in frameworks.views for p in v.paths)
        self.attribute_names = frozenset(name for rule in frameworks.attributes for name in rule.attributes)
        self._handed: PatternIndex[Argument] = PatternIndex(
            (p, r.argument) for r in frameworks.returns if r.value == "argument" for p in r.paths
        )
        self._canonical: dict[str, str] = {}
        self._aliases = sorted(frameworks.aliases, key=lambda pair: -len(pair[0]))

    def canonical(self, path: str) -> str:
        """The path with re-exports mapped to the name the rules use."""
        found = self._canonical.get(path)
        if found is None:
            found = self._canonical[path] = self._unaliased(path)
        return found

    def _unaliased(self, path: str) -> str:
        for alias, target in self._aliases:
            if path.startswith(alias) and path[len(alias) : len(alias) + 1] in ("", ".", "(", "["):
                return target + path[len(alias) :]
        return path

    def handed_through(self, path: str) -> Argument | None:
        """The argument that a library call gives back as it is (`functools.partial`: the function)."""
        if path == "functools.partial":
            return Argument(position=0)
        found = self._handed.find(path)
        return found[0] if found else None


def _last_segments(patterns: Iterable[str]) -> frozenset[str]:
    return frozenset(segments(plain)[-1] for pattern in patterns for plain in expand(pattern))
