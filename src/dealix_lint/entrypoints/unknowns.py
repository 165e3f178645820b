"""Functions of which nobody can tell whether they are called: what is called by their names, or what becomes of the object that
a decorator made of them, is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.cycles import Callers
from dealix_lint.entrypoints.lookups import Lookups, beginnings
from dealix_lint.entrypoints.references import HANDING_ON, handed_on
from dealix_lint.link.imports import ModuleNames, imported_modules
from dealix_lint.link.signatures import takes
from dealix_lint.model import ir
from dealix_lint.model.graph import Place

_LOADERS = {"import_module": 0, "__import__": 0, "load_source": 1, "exec_module": 0, "load_module": 0}
"""Functions that load a module -> the argument that says which."""
_ASIDE = frozenset(("cache_clear", "cache_info", "cache_parameters"))
"""Methods that decorators of the standard library give a function, and that do not run it."""
_CALLED = "__call__"
_SPELLED = {ir.ATTR: 2, ir.NAME: 1, ir.FREE: 1, ir.IMPORT_FROM: 3}
"""Instructions that give a function -> where they say what it is called."""
_MADE = frozenset((ir.FUNCTION, ir.CLASS, ir.DECORATE, ir.PHI))
"""Further ones that give functions and classes, where these are made."""


class UnknownCallers:
    """Which of some functions may be called where the object that something of that name is called on is not known, where only
    a base of its class is, where the name is computed, or through a method of what a decorator made of them."""

    def __init__(self, code: Code, callers: Callers, functions: Iterable[FunctionId]) -> None:
        self._code = code
        self._callers = callers
        self._lookups = Lookups(code)
        functions = list(functions)
        names = {code.scope(function).name for function in functions if code.scope(function).parent >= 0}
        of_classes = {code.scope(function).name for function in functions if _is_of_class(code, function)}
        self._decorated = frozenset(function for function in functions if code.scope(function).decorators)
        self._methods: dict[FunctionId, dict[str, FunctionId]] = {}
        self._calls = self._on_unknown_objects(names, on_classes=False)
        self._calls_on_classes = self._on_unknown_objects(of_classes, on_classes=True)

    def has(self, function: FunctionId) -> bool:
        """True for a function that such a call may run."""
        scope = self._code.scope(function)
        calls = (self._calls_on_classes if _is_of_class(self._code, function) else self._calls).get(scope.name, {})
        if function in self._used:
            return True
        if not self._code.is_method(function):
            is_called = scope.parent == 0 and any(takes(scope, call, given=0) for call in calls)
            return is_called and self._may_be_loaded(function[0])
        cls = function[0], scope.parent
        if cls in self._code.named_in_texts:
            return True  # something imports the class by its name
        if scope.name == _CALLED and not self._made.isdisjoint((cls, *self._code.classes.subclasses.get(cls, ()))):
            return True
        if self._lookups.may_mean(function):
            return True
        return any(takes(scope, call, given=1) for call in calls) or self._is_called_on_a_base(function)

    def _may_be_loaded(self, module: int) -> bool:
        """True for a module that nothing imports where something loads modules by names that are computed."""
        name = self._code.program.sources[module].module
        return module not in self._imported and any(name.startswith(beginning) for beginning in self._loaded)

    @cached_property
    def _used(self) -> frozenset[FunctionId]:
        """Decorated functions of which a method is called, which only the decorator knows: `send_mail.enqueue(to)`."""
        found: set[FunctionId] = set()
        names = {self._code.scope(function).name for function in self._decorated}
        for (module, index), scope in self._code.scopes() if names else ():
            for receiver in dict.fromkeys(_receivers(scope.code, names)):
                for meant in self._code.denoted(Place(module, index, receiver)):
                    found.add((meant.module, meant.scope))
        return self._decorated.intersection(found)

    @cached_property
    def _made(self) -> frozenset[FunctionId]:
        """Classes of which something makes objects, or that it hands on to what may: such an object is called by whatever
        name it is kept under."""
        found: set[FunctionId] = set()
        for (module, index), scope in self._code.scopes():
            for register in dict.fromkeys(r for i in scope.code if i[0] in HANDING_ON for r in _made_of(i)):
                if register >= 0 and (scope.code[register][0] in _SPELLED or scope.code[register][0] in _MADE):
                    meant = self._code.denoted(Place(module, index, register))
                    found.update((item.module, item.scope) for item in meant if item.kind == "class")
        return frozenset(found)

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
            reached = (
                {edge.place.register for node in nodes for edge in resolution.graph.out[node]} if on_classes else set()
            )
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


def _made_of(instruction: ir.Instruction) -> Iterator[int]:
    """Registers that an instruction calls or hands on."""
    if instruction[0] == ir.CALL:
        yield instruction[1]
    yield from handed_on(instruction)


def _receivers(code: tuple[ir.Instruction, ...], names: set[str]) -> Iterator[int]:
    """Registers of what may be functions of these names, of which a method is called."""
    for call in code:
        callee = code[call[1]] if call[0] == ir.CALL else (ir.NOP,)
        if callee[0] == ir.ATTR and callee[2] not in _ASIDE:
            given = code[callee[1]]
            if given[0] in _MADE or (given[0] in _SPELLED and given[_SPELLED[given[0]]] in names):
                yield callee[1]


def _calls(code: tuple[ir.Instruction, ...], names: set[str]) -> dict[int, tuple[str, ir.Instruction]]:
    """Calls of attributes of these names, by register."""
    return {
        register: (code[instruction[1]][2], instruction)
        for register, instruction in enumerate(code)
        if instruction[0] == ir.CALL and code[instruction[1]][0] == ir.ATTR and code[instruction[1]][2] in names
    }
