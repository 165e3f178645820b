"""Framework knowledge indexed by access path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from typing import Final, TypeAlias, TypeVar

from dealix_lint.model.frameworks import (
    Delegation,
    Dependency,
    Dispatch,
    Frameworks,
    Given,
    Injection,
    Made,
    Option,
    Returns,
    Supply,
    Unit,
    UnitAttribute,
)
from dealix_lint.model.patterns import PatternIndex, expand, is_balanced, roots

T = TypeVar("T")
M = TypeVar("M", Made, Given)
_ROOT_END = re.compile(r"[.(\[]")
_FACTORY = re.compile(r"([\w.()*]+)\((?:(\w+)=)?(?=['\"])")


@dataclass(frozen=True, slots=True)
class PathFacts:
    """What the rules say of calling one access path."""

    units: tuple[Unit, ...]
    dispatches: tuple[Dispatch, ...]
    returns: tuple[Returns, ...]
    injections: tuple[Injection, ...]
    delegations: tuple[Delegation, ...]
    is_tracked: bool
    is_shared: bool  # calls with the same name give the same object
    is_factory: bool
    wants_receiver: bool  # a dispatch runs methods of the object it is called on
    is_variable: bool  # it reads an environment variable
    is_column: bool  # describes what the rows of a table hold
    is_decorator: bool  # what is called was made by calling a decorator that makes units
    options: tuple[Option, ...] = ()
    provider: str = ""  # the kind of provider that it makes, see `model.frameworks.Provider`

    @property
    def is_plain(self) -> bool:
        """True if nothing is known of it."""
        return not (
            self.units
            or self.dispatches
            or self.returns
            or self.injections
            or self.delegations
            or self.is_tracked
            or self.is_factory
            or self.is_variable
            or self.is_decorator
            or self.options
            or self.provider
        )


NO_FACTS: Final = PathFacts((), (), (), (), (), False, False, False, False, False, False, False)
_ANY: Final = ".[]"
_TRACKED: Final = "tracked"
_SHARED: Final = "shared"
_VARIABLE: Final = "variable"
_COLUMN: Final = "column"
QUERY: Final = "query"  # the key of a GraphQL document in what is sent: it says what the request does
_PROVIDER: Final = "provider:"
_Rule: TypeAlias = Unit | Dispatch | Returns | Injection | Delegation | Option | str


class FrameworkRules:
    """Everything the call graph asks of `rules/frameworks`.

    `effect_patterns`: access-path patterns of the effect catalogue; objects whose constructor they name keep their identity (a
    client and its base URL). `telling_keys`: globs over keys that say by themselves what is asked by what is sent;
    `telling_words`: over texts that do inside it."""

    def __init__(
        self,
        frameworks: Frameworks,
        effect_patterns: Iterable[str] = (),
        telling_keys: Iterable[str] = (),
        telling_words: Iterable[str] = (),
    ) -> None:
        self.frameworks = frameworks
        self._telling_words = tuple(telling_words)
        self._word_tells: dict[str, bool] = {}
        self._telling_keys = tuple(telling_keys)
        self._telling = {QUERY: True}
        self._effect_patterns = effect_patterns = tuple(effect_patterns)
        self.bases: PatternIndex[Unit] = _index((p, unit) for unit in frameworks.units for p in unit.bases)
        self.registering = {
            name: _index((p, unit) for unit in frameworks.units if name in unit.registered_by for p in unit.bases)
            for name in dict.fromkeys(name for unit in frameworks.units for name in unit.registered_by)
        }
        self.listing_classes = tuple(
            (rule.framework, *text.rpartition(".")[::2])
            for rule in frameworks.schedules
            for pattern in rule.class_attributes
            for text in expand(pattern)
        )
        self.listing_variables = {
            framework: tuple(
                (variable, rule.fields)
                for rule in frameworks.schedules
                if rule.framework == framework and rule.fields
                for variable in rule.variables
            )
            for framework in dict.fromkeys(rule.by_name for rule in frameworks.dispatches if rule.by_name)
        }
        self.contexts = tuple(
            (index, *text.rpartition(".")[::2])
            for index, context in enumerate(frameworks.contexts)
            for pattern in context.class_attributes
            for text in expand(pattern)
        )
        self.attributes: dict[str, tuple[tuple[int, UnitAttribute], ...]] = {}
        for index, attribute in enumerate(frameworks.attributes):
            for name in attribute.attributes:
                self.attributes[name] = (*self.attributes.get(name, ()), (index, attribute))
        self.offered = frozenset(name for unit in frameworks.units for name, _ in unit.offers)
        patterns = [p for rule in frameworks.dispatches for p in rule.paths if rule.registers or rule.runs]
        patterns += effect_patterns
        self._calls: PatternIndex[_Rule] = PatternIndex(
            [
                *((p, unit) for unit in frameworks.units for p in unit.decorators),
                *((p, rule) for rule in frameworks.dispatches for p in rule.paths),
                *((p, rule) for rule in frameworks.returns for p in rule.paths),
                *((p, rule) for rule in frameworks.injections for p in rule.paths),
                *((p, rule) for rule in frameworks.delegations for p in rule.paths),
                *((p, rule) for rule in frameworks.options for p in rule.paths),
                *((p, _TRACKED) for p in sorted({*frameworks.tracked, *_constructors(patterns)})),
                *((p, _SHARED) for p in frameworks.shared),
                *((p, _VARIABLE) for p in frameworks.variables),
                *((p, _COLUMN) for p in frameworks.columns),
                *((p, f"{_PROVIDER}{kind}") for p, kind in frameworks.providers),
            ]
        )
        chosen = (text for p in effect_patterns if "[]" in p for text in expand(p) if text.endswith(_ANY))
        self.choosable = frozenset(text.removesuffix(_ANY) for text in chosen)
        """What calls of a method that is chosen when it runs are known of: `getattr(requests, method)(url)`."""
        remembering = [p for rule in frameworks.dispatches for p in rule.paths if rule.runs]
        self._remembering: PatternIndex[bool] = _index((p, True) for p in sorted(_constructors(remembering)))
        quoted = (pattern for pattern in patterns if "'" in pattern or '"' in pattern)
        texts = (text for pattern in quoted for text in expand(pattern) if "'" in text or '"' in text)
        self.constant_factories = {name: keyword for text in texts for name, keyword in _FACTORY.findall(text)}
        self.telling_methods = frozenset(rule.method for rule in frameworks.delegations if rule.gives)
        self.naming_factories = frozenset(
            name.rpartition(".")[2] for name, keyword in self.constant_factories.items() if not keyword
        )
        """Names of what makes a client of the service that its first argument names."""
        self.assigned = frozenset(p for rule in frameworks.schedules if rule.attribute for p in expand(rule.attribute))
        self.configured: PatternIndex[bool] = _index((p, True) for p in frameworks.configured)
        self.interfaces: PatternIndex[bool] = _index((p, True) for i in frameworks.interfaces for p in i.bases)
        self.implementing: PatternIndex[bool] = _index(
            (p, is_call)
            for i in frameworks.interfaces
            for is_call, ps in ((False, i.decorators), (True, i.calls))
            for p in ps
        )
        self.piped: PatternIndex[bool] = _index((p, True) for p in frameworks.piped)
        self._stores: PatternIndex[int] = _index(
            (p, group) for group, paths in enumerate(frameworks.stores) for p in paths
        )
        self._owned = frozenset(p for paths in frameworks.owned for p in expand(paths))
        self.owned_names = frozenset(path.rpartition(".")[2] for path in self._owned)
        self.made = _by_method(frameworks.made)
        self.given = _by_method(frameworks.given)
        told: tuple[Dependency | Supply, ...] = (*frameworks.dependencies, *frameworks.supplies)
        self.dependencies: PatternIndex[Dependency | Supply] = _index((p, rule) for rule in told for p in rule.paths)
        self.mirrors = dict(frameworks.mirrors)
        self.told = dict(frameworks.told)
        self.option_holders = frozenset(path for option in frameworks.options for path in option.holders)
        self._unit_tables: PatternIndex[str] = _index(frameworks.unit_tables)
        self._transparent: PatternIndex[bool] = _index((p, True) for p in frameworks.transparent)
        self._typed: dict[str, tuple[tuple[str, int], ...]] = {}
        for path, place in frameworks.typed:
            holder, _, name = path.rpartition(".")
            self._typed[holder] = (*self._typed.get(holder, ()), (name, place))
        self.typed_names = frozenset(name for held in self._typed.values() for name, _ in held)
        self._switches = {(name, off) for glob, off in frameworks.switches for name in expand(glob)}
        self._aliases = dict(frameworks.aliases)
        self._alias_roots = frozenset(_root(path) for path in self._aliases)
        self._roots = roots((*_patterns(frameworks), *patterns))
        self._effects: dict[str, bool] = {}
        self._facts: dict[str, PathFacts] = {}
        self._canonical: dict[str, str] = {}

    def canonical(self, path: str) -> str:
        """The path with re-exports mapped to the name the rules use."""
        found = self._canonical.get(path)
        if found is None:
            found = self._canonical[path] = self._renamed(path)
        return found

    def _renamed(self, path: str) -> str:
        end = len(path) if _root(path) in self._alias_roots else 0
        while end > 0:
            target = self._aliases.get(path[:end])
            if target is not None:
                return target + path[end:]
            end = max(path.rfind(".", 0, end), path.rfind("(", 0, end), path.rfind("[", 0, end))
        return path

    def facts(self, path: str) -> PathFacts:
        """Everything the rules say of calling a path."""
        found = self._facts.get(path)
        if found is None:
            is_decorator = path.endswith("()") and bool(self.facts(path[:-2]).units)
            rules = self._calls.find(path)
            found = self._facts[path] = _facts(rules, path in self.constant_factories, is_decorator)
        return found

    def leaves_out(self, parameter: str, value: object) -> bool:
        """True for the value of a switch with which nothing is done in earnest: `dry_run=True`."""
        return isinstance(value, bool) and (parameter, value) in self._switches

    def typed_attributes(self, path: str) -> tuple[tuple[str, int], ...]:
        """Attributes of a library's generic object whose types are its type arguments, with their places."""
        return self._typed.get(self.canonical(path), ())

    def table_of_units(self, path: str) -> str:
        """The framework whose units a library's table holds by their names ("" for other objects)."""
        return next(iter(self._unit_tables.find(self.canonical(path))), "")

    def is_transparent(self, path: str) -> bool:
        """True for an object of what annotates a type and changes nothing of it: `FromDishka[Mailer]`."""
        return bool(self._transparent.find(self.canonical(path.removesuffix("()"))))

    def store(self, path: str) -> int | None:
        """The number of the store that an object is (`fastapi.Request().app.state`)."""
        return next(iter(self._stores.find(path)), None)

    def is_owned(self, path: str) -> bool:
        """True for attributes of a library's classes that know on which first-party class they are read
        (`django.db.models.Model.objects`)."""
        return self.canonical(path) in self._owned

    def is_spoken_of(self, path: str) -> bool:
        """True if the rules say something of the library that the path begins with."""
        return _root(path) in self._roots

    def is_effect(self, path: str) -> bool:
        """True if calling this path may be an effect, or a read of the same kind."""
        found = self._effects.get(path)
        if found is None:
            found = self._effects[path] = _root(path) in self._effect_roots and bool(self._effect_index.find(path))
        return found

    def is_telling(self, key: object) -> bool:
        """True if a key of what is sent says what the request does."""
        if not isinstance(key, str):
            return False
        found = self._telling.get(key)
        if found is None:
            found = self._telling[key] = any(fnmatchcase(key, glob) for glob in self._telling_keys)
        return found

    def is_telling_word(self, text: str) -> bool:
        """True if a text inside what is sent says what the request does."""
        found = self._word_tells.get(text)
        if found is None:
            found = self._word_tells[text] = any(fnmatchcase(text, glob) for glob in self._telling_words)
        return found

    @cached_property
    def _effect_index(self) -> PatternIndex[bool]:
        return _index((pattern, True) for pattern in self._effect_patterns)

    @cached_property
    def _effect_roots(self) -> frozenset[str]:
        return roots(self._effect_patterns)

    def is_remembering(self, path: str) -> bool:
        """True if instances made by calling this path run what was registered on them: which one it is decides."""
        return bool(self._remembering.find(self.canonical(path)))

    def is_tracked(self, path: str) -> bool:
        """True if instances made by calling this path keep their identity."""
        return self.facts(path).is_tracked


def _facts(found: tuple[_Rule, ...], is_factory: bool, is_decorator: bool) -> PathFacts:
    if not found and not is_factory and not is_decorator:
        return NO_FACTS
    dispatches = tuple(rule for rule in found if isinstance(rule, Dispatch))
    return PathFacts(
        units=tuple(rule for rule in found if isinstance(rule, Unit)),
        dispatches=dispatches,
        returns=tuple(rule for rule in found if isinstance(rule, Returns)),
        injections=tuple(rule for rule in found if isinstance(rule, Injection)),
        delegations=tuple(rule for rule in found if isinstance(rule, Delegation)),
        is_tracked=_TRACKED in found,
        is_shared=_SHARED in found,
        is_factory=is_factory,
        wants_receiver=any(target.position == -1 for rule in dispatches for target in rule.targets),
        is_variable=_VARIABLE in found,
        is_column=_COLUMN in found,
        is_decorator=is_decorator,
        options=tuple(rule for rule in found if isinstance(rule, Option)),
        provider=next((r[len(_PROVIDER) :] for r in found if isinstance(r, str) and r.startswith(_PROVIDER)), ""),
    )


def _root(path: str) -> str:
    """The top-level package of an access path."""
    return _ROOT_END.split(path, maxsplit=1)[0]


def _patterns(frameworks: Frameworks) -> Iterator[str]:
    """Every access-path pattern of the framework rules."""
    rules: tuple[Sequence[Dispatch | Returns | Injection | Delegation | Option], ...]
    rules = (
        frameworks.dispatches,
        frameworks.returns,
        frameworks.injections,
        frameworks.delegations,
        frameworks.options,
    )
    for group in rules:
        for rule in group:
            yield from rule.paths
    for made in frameworks.made:
        yield from made.bases
    for given in frameworks.given:
        yield from given.bases
    for unit in frameworks.units:
        yield from (*unit.decorators, *unit.bases)
    yield from (path for path, _ in (*frameworks.mirrors, *frameworks.providers))
    yield from (*frameworks.tracked, *frameworks.configured, *frameworks.variables, *frameworks.columns)


def _index(pairs: Iterable[tuple[str, T]]) -> PatternIndex[T]:
    return PatternIndex(list(pairs))


def _by_method(rules: Sequence[M]) -> dict[str, PatternIndex[M]]:
    """Rules of what classes inherit from a library, by the method and the base."""
    names = dict.fromkeys(name for rule in rules for name in rule.methods)
    return {name: _index((p, rule) for rule in rules if name in rule.methods for p in rule.bases) for name in names}


def _constructors(patterns: Iterable[str]) -> set[str]:
    return {path for pattern in patterns if "()" in pattern for path in _made_on_the_way(pattern)}


@cache
def _made_on_the_way(pattern: str) -> tuple[str, ...]:
    """The calls inside the paths that a pattern stands for."""
    found: dict[str, None] = {}
    way = pattern[: pattern.rfind("()") + 2]
    for text in expand(f"{way}." if way != pattern and is_balanced(way) else pattern):
        start = text.find("()")
        while 0 <= start < len(text) - 2:  # at its end, a call of what the decorator factory gave back
            if not text.startswith("*"):
                found[text[:start]] = None
            start = text.find("()", start + 1)
    return tuple(found)
