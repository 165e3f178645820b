"""Virtual subclasses: classes that an abstract base class takes for its own though they do not inherit from it
(`@Base.register`, `Base.register(Order)`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dealix_lint.link import ClassId, Definition
from dealix_lint.model import ir

if TYPE_CHECKING:
    from dealix_lint.callgraph.state import State

_REGISTER = "register"
_META = "abc.ABCMeta"
_ABSTRACT = ("abc.ABC", "collections.abc.", "typing.Protocol")


class Virtual:
    """Which classes are registered with which. One per analysis."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._bases: dict[ClassId, set[ClassId]] = {}
        self._registered: dict[ClassId, set[ClassId]] = {}
        for base, identity in self._said():
            for ancestor in state.classes.info(base).ancestry:
                self._bases.setdefault(identity, set()).add(ancestor)
                self._registered.setdefault(ancestor, set()).add(identity)

    def registered(self, base: ClassId) -> list[ClassId]:
        """The classes that are registered with a class, or with a subclass of it."""
        return sorted(self._registered.get(base, ()))

    def is_subclass(self, identity: ClassId, base: ClassId) -> bool:
        """What `issubclass` says of two classes."""
        ancestry = self._state.classes.info(identity).ancestry
        return base in ancestry or any(base in self._bases.get(ancestor, ()) for ancestor in ancestry)

    def _said(self) -> Iterator[tuple[ClassId, ClassId]]:
        """Which base says that which class is a subclass."""
        summaries = self._state.program.summaries
        for module, index in self._state.classes.identities:
            parent = summaries[module].scopes[index].parent
            for register in summaries[module].scopes[index].decorators:
                yield from ((base, (module, index)) for base in self._asked(module, parent, register))
        for module, summary in enumerate(summaries):
            for instruction in summary.scopes[0].code:
                if instruction[0] == ir.CALL and len(instruction[2]) == 1:
                    for base in self._asked(module, 0, instruction[1]):
                        yield from ((base, identity) for identity in self._classes(module, 0, instruction[2][0]))

    def _asked(self, module: int, scope: int, register: int) -> list[ClassId]:
        """The abstract base classes of which `register` is called there."""
        code = self._state.program.summaries[module].scopes[scope].code
        if not 0 <= register < len(code) or code[register][0] != ir.ATTR or code[register][2] != _REGISTER:
            return []
        return [base for base in self._classes(module, scope, code[register][1]) if self._is_abstract(base)]

    def _classes(self, module: int, scope: int, register: int) -> list[ClassId]:
        found = self._state.symbols.at(module, scope, register)
        return [(definition.module, definition.scope) for definition in found if definition.kind == "class"]

    def _is_abstract(self, base: ClassId) -> bool:
        """True for a class whose `register` is that of the metaclass of abstract classes, or hands over to that."""
        classes = self._state.classes
        definer = classes.definer(base, _REGISTER)
        if definer is not None and not self._hands_over(definer):
            return False
        externals = classes.info(base).external
        return any(path.startswith(_ABSTRACT) for path in externals) or any(
            definition.name == _META or (definition.kind == "class" and _META in self._bases_of(definition))
            for ancestor in classes.info(base).ancestry
            for definition in classes.info(ancestor).metaclass
        )

    def _bases_of(self, metaclass: Definition) -> tuple[str, ...]:
        return self._state.classes.info((metaclass.module, metaclass.scope)).external

    def _hands_over(self, definer: ClassId) -> bool:
        """True for `type(cls).register(cls, other)` in a class's own `register`."""
        for definition in self._state.symbols.class_member(definer, _REGISTER):
            if definition.kind == "function":
                code = self._state.program.summaries[definition.module].scopes[definition.scope].code
                return any(i[0] == ir.ATTR and i[2] == _REGISTER and code[i[1]][0] == ir.CALL for i in code)
        return False
