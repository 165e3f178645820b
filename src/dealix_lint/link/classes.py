"""The class hierarchy: bases, C3 linearisation, members."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from dealix_lint.link.symbols import CLASS, EXTERNAL, Definition, Symbols
from dealix_lint.model import ir
from dealix_lint.model.program import Program
from dealix_lint.model.summary import Scope

ClassId = tuple[int, int]
"""(module, scope) of a class."""


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """A first-party class: `ancestry` first-party classes in resolution order (itself first), `external` paths of external bases
    of the whole hierarchy in order, `members` names defined in its own body, `metaclass` paths or ids."""

    id: ClassId
    name: str
    ancestry: tuple[ClassId, ...]
    external: tuple[str, ...]
    linear: tuple[ClassId | str, ...]
    members: frozenset[str]
    metaclass: tuple[Definition, ...]
    is_abstract: bool


class Classes:
    """All classes of a program, linearised on demand."""

    def __init__(self, program: Program, symbols: Symbols) -> None:
        self.program = program
        self.symbols = symbols
        self._infos: dict[ClassId, ClassInfo] = {}
        self._of_library: dict[ClassId, bool] = {}
        self._definers: dict[tuple[ClassId, str, ClassId | None], ClassId | None] = {}
        self._sites: dict[ClassId, tuple[int, int]] = {}
        self._by_name: dict[str, list[ClassId]] = {}
        self.subclasses: dict[ClassId, list[ClassId]] = {}
        self._by_plain_name: dict[str, list[ClassId]] = {}
        self.by_member: dict[str, list[ClassId]] = {}
        for module, summary in enumerate(program.summaries):
            self._collect(module, summary.scopes)
        for identity in sorted(self._sites):
            info = self.info(identity)
            for ancestor in info.ancestry[1:]:
                self.subclasses.setdefault(ancestor, []).append(identity)
            for name in sorted(info.members):
                self.by_member.setdefault(name, []).append(identity)

    def _collect(self, module: int, scopes: tuple[Scope, ...]) -> None:
        if not any(scope.kind == "class" for scope in scopes):
            return
        for index, scope in enumerate(scopes):
            for register, instruction in enumerate(scope.code):
                if instruction[0] == ir.CLASS:
                    self._sites[module, instruction[1]] = (index, register)

    @property
    def identities(self) -> Iterable[ClassId]:
        """All classes, in order of place."""
        return sorted(self._sites)

    @cached_property
    def libraries(self) -> frozenset[str]:
        """Libraries that classes of the program inherit from, by their top package; the standard library is none."""
        return frozenset(library for identity in self._sites for library in self._inherited_by(identity))

    def is_of_library(self, identity: ClassId) -> bool:
        """True for a class that a library may make objects of, as it or a subclass inherits from one: a model of an ORM, a
        view, what is mixed into them."""
        found = self._of_library.get(identity)
        if found is None:
            family = (identity, *self.subclasses.get(identity, ()))
            found = self._of_library[identity] = any(any(self._inherited_by(member)) for member in family)
        return found

    def _inherited_by(self, identity: ClassId) -> Iterator[str]:
        roots = (base.partition(".")[0] for base in self.info(identity).external)
        return (root for root in roots if root not in sys.stdlib_module_names and not root.startswith("<"))

    def all(self) -> tuple[ClassId, ...]:
        """All classes, in order."""
        return tuple(sorted(self._sites))

    def named(self, name: str) -> tuple[ClassId, ...]:
        """All classes of that name, wherever they stand."""
        if not self._by_name:
            for identity in sorted(self._sites):
                scope = self.program.summaries[identity[0]].scopes[identity[1]]
                self._by_name.setdefault(scope.name, []).append(identity)
        return tuple(self._by_name.get(name, ()))

    def named_like(self, variable: str) -> tuple[ClassId, ...]:
        """All classes that have the name of a variable: LineItem of `line_item`."""
        if not self._by_plain_name:
            for identity in sorted(self._sites):
                scope = self.program.summaries[identity[0]].scopes[identity[1]]
                self._by_plain_name.setdefault(_plain(scope.name), []).append(identity)
        return tuple(self._by_plain_name.get(_plain(variable), ()))

    def info(self, identity: ClassId) -> ClassInfo:
        """The class with that id."""
        found = self._infos.get(identity)
        if found is None:
            self._infos[identity] = self._make(identity, ())  # a base cycle sees a class without bases
            found = self._make(identity, self._bases(identity))
            self._infos[identity] = found
        return found

    def _bases(self, identity: ClassId) -> tuple[ClassId | str, ...]:
        module = identity[0]
        scope, register = self._sites[identity]
        bases: list[ClassId | str] = []
        for base in self.program.summaries[module].scopes[scope].code[register][2]:
            for definition in self.symbols.at(module, scope, base) if base >= 0 else ():
                item = _base(definition)
                if item is not None and item != identity and item not in bases:
                    bases.append(item)
        return tuple(bases)

    def has_known_bases(self, identity: ClassId) -> bool:
        """Whether it is known what a class inherits from, and nothing but that makes the class."""
        for module, index in self.info(identity).ancestry:
            scope, instruction = self.site((module, index))
            for base in instruction[2]:
                found = self.symbols.at(module, scope, base) if base >= 0 else ()
                if not found or any(definition.kind not in (CLASS, EXTERNAL) for definition in found):
                    return False
            if any(definition.name != "abc.ABCMeta" for definition in self.info((module, index)).metaclass):
                return False
        return True

    def _make(self, identity: ClassId, bases: tuple[ClassId | str, ...]) -> ClassInfo:
        module, scope = identity
        linear = self._linearise(identity, bases)
        members = frozenset(self.symbols.exports(module, scope))
        return ClassInfo(
            id=identity,
            name=self.program.function_name(module, scope),
            ancestry=tuple(item for item in linear if isinstance(item, tuple)),
            external=tuple(item for item in linear if isinstance(item, str)),
            linear=linear,
            members=members,
            metaclass=self._metaclass(identity),
            is_abstract=any(_is_abstract(base) for base in bases),
        )

    def _metaclass(self, identity: ClassId) -> tuple[Definition, ...]:
        if identity not in self._sites:
            return ()
        scope, register = self._sites[identity]
        for keyword, value in self.program.summaries[identity[0]].scopes[scope].code[register][3]:
            if keyword == "metaclass":
                return self.symbols.at(identity[0], scope, value)
        return ()

    def _linearise(self, identity: ClassId, bases: tuple[ClassId | str, ...]) -> tuple[ClassId | str, ...]:
        sequences: list[list[ClassId | str]] = [
            list(self.info(base).linear) if isinstance(base, tuple) else [base] for base in bases
        ]
        sequences.append(list(bases))
        merged = _merge(sequences)
        return (identity, *(item for item in merged if item != identity))

    def site(self, identity: ClassId) -> tuple[int, ir.Instruction]:
        """The scope a class statement stands in, and its instruction."""
        scope, register = self._sites[identity]
        return scope, self.program.summaries[identity[0]].scopes[scope].code[register]

    def heirs(self, identity: ClassId, name: str) -> list[ClassId]:
        """Subclasses that have a member from where the class has it, in order."""
        definer = self.definer(identity, name)
        return [heir for heir in sorted(self.subclasses.get(identity, ())) if self.definer(heir, name) == definer]

    def direct_subclasses(self, identity: ClassId) -> list[ClassId]:
        """Classes that name a class as a base, in order."""
        return [heir for heir in sorted(self.subclasses.get(identity, ())) if identity in self._bases(heir)]

    def definer(self, identity: ClassId, name: str, after: ClassId | None = None) -> ClassId | None:
        """The first class in MRO order that defines a member (behind `after`, for `super()`), if it is first-party."""
        key = (identity, name, after)
        if key not in self._definers:
            self._definers[key] = self._definer(identity, name, after)
        return self._definers[key]

    def _definer(self, identity: ClassId, name: str, after: ClassId | None) -> ClassId | None:
        mro = self.info(identity).ancestry
        start = mro.index(after) + 1 if after is not None and after in mro else 0
        for ancestor in mro[start:]:
            if name in self.info(ancestor).members:
                return ancestor
        return None


def _base(definition: Definition) -> ClassId | str | None:
    if definition.kind == CLASS:
        return (definition.module, definition.scope)
    if definition.kind == EXTERNAL and definition.name != "<builtin>.object":
        return definition.name
    return None


def _is_abstract(base: ClassId | str) -> bool:
    return isinstance(base, str) and base.rpartition(".")[2] in ("ABC", "Protocol")


def _merge(sequences: list[list[ClassId | str]]) -> list[ClassId | str]:
    """C3 merge (Barrett et al. 1996, as in CPython); where no consistent order exists, first come first served."""
    result: list[ClassId | str] = []
    while sequences := [sequence for sequence in sequences if sequence]:
        head = next(
            (s[0] for s in sequences if not any(s[0] in other[1:] for other in sequences)),
            sequences[0][0],
        )
        result.append(head)
        sequences = [[item for item in sequence if item != head] for sequence in sequences]
    return result


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
