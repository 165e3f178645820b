"""Functions of which nobody can tell whether they are called: what is called by their names is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.cycles import Callers
from dealix_lint.entrypoints.lookups import Lookups, beginnings
from dealix_lint.link.imports import ModuleNames, imported_modules
from dealix_lint.link.signatures import takes
from dealix_lint.model import ir

_LOADERS = {"import_module": 0, "__import__": 0, "load_source": 1, "exec_module": 0, "load_module": 0}
"""Functions that load a module -> the argument that says which."""
_SPELLED = {ir.ATTR: 2, ir.NAME: 1, ir.FREE: 1, ir.IMPORT_FROM: 3}
"""Instructions that give a function -> where they say what it is called."""


class UnknownCallers:
    """Which of some functions may be called where the object that something of that name is called on is not known, where only
    a base of its class is, or where the name is computed."""

    def __init__(self, code: Code, callers: Callers, functions: Iterable[FunctionId]) -> None:
        self._code = code
        self._callers = callers
        self._lookups = Lookups(code)
        names = {code.scope(function).name for function in functions if code.scope(function).parent >= 0}
        of_classes = {code.scope(function).name for function in functions if _is_of_class(code, function)}
        self._methods: dict[FunctionId, dict[str, FunctionId]] = {}
        self._calls = self._on_unknown_objects(names, on_classes=False)
        self._calls_on_classes = self._on_unknown_objects(of_classes, on_classes=True)

    def has(self, function: FunctionId) -> bool:
        """True for a function that such a call may run."""
        scope = self._code.scope(function)
        calls = (self._calls_on_classes if _is_of_class(self._code, function) else self._calls).get(scope.name, {})
        if not self._code.is_method(function):
            is_called = scope.parent == 0 and any(takes(scope, call, given=0) for call in calls)
            return is_called and self._may_be_loaded(function[0])
        if (function[0], scope.parent) in self._code.named_in_texts:
            return True  # something imports the class by its name
        if self._lookups.may_mean(function):
            return True
        return any(takes(scope, call, given=1) for call in calls) or self._is_called_on_a_base(function)

    def _may_be_loaded(self, module: int) -> bool:
        """True for a module that nothing imports where something loads modules by names that are computed."""
        name = self._code.program.sources[module].module
        return module not in self._imported and any(name.startswith(beginning) for beginning in self._loaded)

    @cached_property
    def _imported(self) -> frozenset[int]:
        return imported_modules(self._code.program, ModuleNames(self._code.program))

    @cached_property
    def _loaded(self) -> frozenset[str]:
        """What the names of modules begin with that are loaded by computed names ("": any)."""
        codes = [scope.code for _, scope in self._code.scopes()]
        return frozenset(text for code in codes for call in code if call[0] == ir.CALL for text in _loads(code, call))

    def _on_unknown_objects(self, names: set[str], on_classes: bool) -> dict[str, dict[ir.Instruction, None]]:
        """name -> the calls of attributes of these names on what may be objects (or classes) of the project."""
        found: dict[str, dict[ir.Instruction, None]] = {}
        wanted = {i: calls for i, scope in self._code.scopes() if (calls := _calls(scope.code, names))} if names else {}
        resolution = self._code.resolution
        for identity, calls in wanted.items():
            nodes = self._code.nodes.get(identity, ())
            reached = {edge.place.register for node in nodes for edge in resolution.graph.out[node]}
            strange = {r for node in nodes for r in resolution.calls_on_strangers(node, on_classes)} - reached
            for register, (name, call) in calls.items():
                if register in strange:
                    found.setdefault(name, {})[call] = None
        return found

    def _is_called_on_a_base(self, function: FunctionId) -> bool:
        """True where something calls the first-party method that a method overrides, or another override of it: on what, only
        running it tells."""
        name = self._code.scope(function).name
        own = (function[0], self._code.scope(function).parent)
        bases = [base for base in self._code.classes.info(own).ancestry[1:] if name in self._members(base)]
        family = {heir for base in bases for heir in (base, *self._code.classes.subclasses.get(base, ()))} - {own}
        return any(self._callers.has_any(self._members(cls)[name]) for cls in family if name in self._members(cls))

    def _members(self, cls: FunctionId) -> dict[str, FunctionId]:
        """The methods that a class defines itself."""
        found = self._methods.get(cls)
        if found is None:
            scopes = self._code.program.summaries[cls[0]].scopes
            members = self._code.members.get(cls, ())
            found = self._methods[cls] = {scopes[i].name: (cls[0], i) for i in members if scopes[i].kind == "function"}
        return found


def _is_of_class(code: Code, function: FunctionId) -> bool:
    """True for a method of the class itself."""
    scope = code.scope(function)
    around = code.scope((function[0], scope.parent)).code if scope.parent >= 0 else ()
    return any(around[register][:2] == (ir.NAME, "classmethod") for register in scope.decorators)


def _loads(code: tuple[ir.Instruction, ...], call: ir.Instruction) -> Iterator[str]:
    """What the name begins with of the module that a call loads, if it is computed."""
    callee = code[call[1]]
    position = _LOADERS.get(callee[_SPELLED[callee[0]]], -1) if callee[0] in _SPELLED else -1
    register = call[2][position] if 0 <= position < len(call[2]) else -1
    if register >= 0 and code[register][0] != ir.CONST:
        beginning = next(beginnings(code, code[register]), "")
        yield "" if beginning.startswith(".") else beginning


def _calls(code: tuple[ir.Instruction, ...], names: set[str]) -> dict[int, tuple[str, ir.Instruction]]:
    """Calls of attributes of these names, by register."""
    return {
        register: (code[instruction[1]][2], instruction)
        for register, instruction in enumerate(code)
        if instruction[0] == ir.CALL and code[instruction[1]][0] == ir.ATTR and code[instruction[1]][2] in names
    }
