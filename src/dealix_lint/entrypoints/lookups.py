"""Methods that something may look up by a name that is computed: `getattr(obj, name)(...)`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from dealix_lint.entrypoints import keeping
from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.model import ir

SHORTEST_BEGINNING = 3  # characters of a name that say something of it


class Lookups:
    """Which methods such a look-up may mean."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._own: dict[FunctionId, tuple[str, ...]] = {}

    def may_mean(self, method: FunctionId) -> bool:
        """True for a method that is looked up on an object of its class, or of which the name stands somewhere as a text, by
        which something may be looked up."""
        name = self._code.scope(method).name
        if name in self._texts or name.startswith(self._beginnings):
            return True
        own = (method[0], self._code.scope(method).parent)
        ancestry = self._code.classes.info(own).ancestry
        looked_up = [text for cls in ancestry for text in self._on_self(cls)] + self._on_objects.get(own, [])
        if any(name.startswith(text) for text in looked_up):
            return True
        return self._is_any_called and keeping.is_noted(self._code, method)

    @cached_property
    def _texts(self) -> frozenset[str]:
        """Texts that may be names of methods, if the code looks up any method by a name that is computed."""
        codes = [scope.code for _, scope in self._code.scopes()] if self._lookups else []
        return frozenset(i[1] for code in codes for i in code if i[0] == ir.CONST and isinstance(i[1], str))

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        """What names that the code puts together begin with: `"on_task_" + phase`."""
        codes = [scope.code for _, scope in self._code.scopes()] if self._lookups else []
        found = {beginning for code in codes for instruction in code for beginning in beginnings(code, instruction)}
        return tuple(sorted(text for text in found if text.endswith("_") and len(text) >= SHORTEST_BEGINNING))

    @cached_property
    def _lookups(self) -> dict[FunctionId, list[int]]:
        """function -> registers of its look-ups by a computed name."""
        found: dict[FunctionId, list[int]] = {}
        for function, scope in self._code.scopes():
            calls = (r for r, i in enumerate(scope.code) if i[0] == ir.CALL and _is_lookup(scope.code, i))
            for register in calls:
                found.setdefault(function, []).append(register)
        return found

    def _called(self, function: FunctionId) -> Iterator[tuple[int, str]]:
        """The register of the object of each look-up of which the result is called, or handed to a method of `self`, which may
        call it, and what the name begins with ("": any)."""
        code = self._code.scope(function).code
        called = {o for i in code if i[0] == ir.CALL for o in (i[1], *(i[2] if _is_own_method(code, i[1]) else ()))}
        for register in self._lookups.get(function, ()):
            holder, name = code[register][2][:2]
            if register in called and holder >= 0:
                yield holder, next(beginnings(code, code[name]), "") if name >= 0 else ""

    def _on_self(self, cls: FunctionId) -> tuple[str, ...]:
        """What the names begin with of methods that a class looks up on `self` and calls: `getattr(self, name)(*args)`."""
        found = self._own.get(cls)
        if found is None:
            methods = [(cls[0], index) for index in self._code.members.get(cls, ())]
            texts = {
                text for method in methods for holder, text in self._called(method) if self._is_self(method, holder)
            }
            found = self._own[cls] = tuple(sorted(texts))
        return found

    @cached_property
    def _on_objects(self) -> dict[FunctionId, list[str]]:
        """class -> what the names begin with of methods that are looked up on its objects elsewhere, and called."""
        found: dict[FunctionId, list[str]] = {}
        for function in self._lookups:
            for holder, text in self._called(function):
                for cls in self._classes(function, holder):
                    family = (*self._code.classes.info(cls).ancestry, *self._code.classes.subclasses.get(cls, ()))
                    for other in family:
                        found.setdefault(other, []).append(text)
        return found

    def _classes(self, function: FunctionId, register: int) -> Iterator[FunctionId]:
        """The classes of the project of which the objects in a register are that are not `self`."""
        if self._is_self(function, register):
            return
        for node in self._code.nodes.get(function, ()):
            for name, _ in self._code.resolution.fields(node, register, frozenset()):
                if name in self._code.by_name:
                    yield self._code.by_name[name]

    @cached_property
    def _is_any_called(self) -> bool:
        """Whether anything is called that was looked up on an object that may be of any class."""
        return any(
            not self._is_self(function, holder) for function in self._lookups for holder, _ in self._called(function)
        )

    def _is_self(self, function: FunctionId, register: int) -> bool:
        return self._code.is_method(function) and self._code.scope(function).code[register] == (ir.PARAM, 0)


def _is_lookup(code: tuple[ir.Instruction, ...], call: ir.Instruction) -> bool:
    """True for `getattr(x, name)` of which the name is no constant."""
    if code[call[1]][:2] != (ir.NAME, "getattr") or len(call[2]) < 2:
        return False
    name: int = call[2][1]
    return name < 0 or bool(code[name][0] != ir.CONST)


def _is_own_method(code: tuple[ir.Instruction, ...], register: int) -> bool:
    """True for `self.name`."""
    return code[register][0] == ir.ATTR and code[code[register][1]] == (ir.PARAM, 0)


def beginnings(code: tuple[ir.Instruction, ...], instruction: ir.Instruction) -> Iterator[str]:
    """The constant that a text put together begins with."""
    first = None
    if instruction[0] == ir.TEXT and instruction[1]:
        first = instruction[1][0]
    elif instruction[0] == ir.BINARY:
        left = code[instruction[2]]
        first = left[1] if left[0] == ir.CONST else None
    if isinstance(first, str):
        yield first.partition("%")[0]
