"""Annotations to values: an instance of which only the declared class is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.callgraph import containers, generics, scoping, supplies
from dealix_lint.callgraph.generics import Variables
from dealix_lint.callgraph.values import CLASS, CONT, EMPTY, EXT, INST, Values
from dealix_lint.link import Definition
from dealix_lint.model import ir
from dealix_lint.model.summary import TypeExpr

if TYPE_CHECKING:
    from dealix_lint.callgraph.frame import Frame
    from dealix_lint.callgraph.machine import Machine

_SEQUENCES = frozenset(
    [
        "list",
        "List",
        "set",
        "Set",
        "frozenset",
        "FrozenSet",
        "tuple",
        "Tuple",
        "Sequence",
        "Iterable",
        "Iterator",
        "Collection",
        "deque",
        "Deque",
        "Generator",
        "AsyncIterator",
        "AsyncIterable",
        "AsyncGenerator",
        "MutableSequence",
        "Queue",
    ]
)
_MAPPINGS = frozenset(["dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict"])
_TRANSPARENT = frozenset(
    [
        "Optional",
        "Union",
        "Annotated",
        "Final",
        "ClassVar",
        "Required",
        "NotRequired",
        "ReadOnly",
        "Mapped",
        "InitVar",
        "Unpack",
    ]
)
_AWAITABLES = frozenset(["Awaitable", "Coroutine"])
_CONTEXTS = frozenset(
    ["AbstractContextManager", "ContextManager", "AbstractAsyncContextManager", "AsyncContextManager"]
)
SCALARS = frozenset(
    [
        "str",
        "int",
        "float",
        "bool",
        "bytes",
        "Any",
        "object",
        "None",
        "complex",
        "Literal",
        "LiteralString",
        "AnyStr",
        "SecretStr",
        "HttpUrl",
        "AnyUrl",
        "AnyHttpUrl",
        "EmailStr",
        "UUID",
        "Decimal",
        "datetime",
        "date",
        "Path",
    ]
)
CALLABLE = "callable"  # the kind of a container of what calling something gives, where an annotation says no more of it
_ANYTHING = frozenset(["Any", "object"])


def is_data(declared: TypeExpr) -> bool:
    """True for annotations of what can be no function: texts, numbers, containers, and choices of these."""
    if declared[0] == "or":
        return is_data(declared[1]) and is_data(declared[2])
    base = declared[1] if declared[0] == "sub" else declared
    name = base[-1] if base[0] in ("name", "attr") else ""
    if declared[0] == "sub" and name in _TRANSPARENT:
        return all(map(is_data, declared[2][:1] if name == "Annotated" else declared[2]))
    return declared[0] == "const" or name in SCALARS - _ANYTHING or name in _SEQUENCES or name in _MAPPINGS


class Types:
    """Memoised evaluation of type expressions."""

    def __init__(self, machine: Machine) -> None:
        self.m = machine
        self._memo: dict[tuple[int, int, TypeExpr, Variables], Values] = {}
        self._aliases: dict[tuple[int, int, int, Variables], Values] = {}
        self._variables: Variables = ()

    def instances(self, module: int, scope: int, declared: TypeExpr | None) -> Values:
        """Values of the declared type; empty where it says nothing useful. `scope`: where the annotation stands."""
        if declared is None:
            return EMPTY
        key = (module, scope, declared, self._variables)
        found = self._memo.get(key)
        if found is None:
            self._memo[key] = EMPTY
            found = self._memo[key] = self._instances(module, scope, declared)
        return found

    def of_unknown(self, frame: Frame, scope: int, declared: TypeExpr | None) -> Values:
        """What a value of which nothing is known is where an annotation says its type; nothing as long as more may become
        known of it. `scope`: where the annotation stands."""
        state = self.m.state
        if declared is None:
            return EMPTY
        if not state.trusting:
            state.undeclared.add(state.point)
            return EMPTY
        found = self.instances(frame.module, scope, declared)
        for value in sorted(found):
            if self.m.table.kinds[value] == INST:
                state.population.made_unseen(state.class_list[self.m.table.data[value][0]])
        return found

    def named_instances(self, frame: Frame, classes: Values) -> Values:
        """Instances of classes given by value or by name (`Order`, `"Order"`, `"shop.Order"`, `"self"`)."""
        table, state = self.m.table, self.m.state
        named = [state.class_list[table.data[v][0]] for v in sorted(classes) if table.kinds[v] == CLASS]
        found = set(EMPTY.union(*map(self.m.interfaces.objects, named)))
        roots = (table.data[v][1] for v in sorted(classes) if table.kinds[v] == EXT)  # `Order.objects.filter()`
        found |= {state.instance(table.data[-r][0], 0) for r in roots if r < 0 and table.kinds[-r] == CLASS}
        outside = (table.make(EXT, f"{table.data[v][0]}()", 0) for v in classes if table.kinds[v] == EXT)
        found |= {v for v in supplies.of_type(self.m, frozenset(outside)) if table.data[v][1]}
        for text in self.m.constants(classes):
            name = text.rpartition(".")[2]
            if name == "self" and frame.scope.kind == "class":
                found.add(state.declared((frame.module, frame.scope_index)))
                continue
            here = self.instances(frame.module, frame.scope_index, ("name", name)) if text == name else EMPTY
            meant = state.classes.named(name) if not here else ()
            found |= here or frozenset(map(state.declared, meant[:1] if len(meant) == 1 else ()))
        return frozenset(found)

    def instances_with(self, module: int, scope: int, declared: TypeExpr, variables: Variables) -> Values:
        """The same where type variables stand for known values."""
        before, self._variables = self._variables, variables
        found = self.instances(module, scope, declared)
        self._variables = before
        return found

    def is_scalar(self, declared: TypeExpr | None) -> bool:
        """True for annotations of texts and numbers."""
        if declared is None:
            return False
        if declared[0] == "sub" and declared[2]:
            return all(
                self.is_scalar(part) for part in (declared[2][:1] if declared[1][-1] == "Annotated" else declared[2])
            )
        if declared[0] == "or":
            return self.is_scalar(declared[1]) and self.is_scalar(declared[2])
        return declared[0] == "const" or (declared[0] in ("name", "attr") and declared[-1] in SCALARS)

    def _instances(self, module: int, scope: int, declared: TypeExpr) -> Values:
        kind = declared[0]
        if kind in ("name", "attr"):
            return self._named(module, scope, declared)
        if kind == "or":
            return self.instances(module, scope, declared[1]) | self.instances(module, scope, declared[2])
        if kind == "sub":
            return self._generic(module, scope, declared)
        return EMPTY

    def _named(self, module: int, scope: int, declared: TypeExpr) -> Values:
        if declared[-1] == "Self":
            owner = scoping.enclosing_class(self.m.state, module, scope)
            return frozenset((self.m.state.declared(owner),)) if owner is not None else EMPTY
        for name, values in self._variables:
            if name == declared[-1]:
                return values
        found: set[int] = set()
        for definition in self.definitions(module, scope, declared):
            if definition.kind == "class":
                found |= self.m.interfaces.objects((definition.module, definition.scope))
            elif definition.kind == "external":
                found |= self._external(definition.name)
            elif definition.kind == "alias":
                found |= self.alias(definition.module, definition.scope, definition.register)
        return frozenset(found)

    def _external(self, name: str) -> Values:
        last = name.rpartition(".")[2]
        if (
            last in SCALARS
            or last in _SEQUENCES
            or last in _MAPPINGS
            or name.startswith(("typing.", "<builtin>", "typing_extensions."))
        ):
            return EMPTY
        if "(" in name:
            return EMPTY
        return self.m.external(self.m.state.rules.canonical(name) + "()", 0)

    def definitions(self, module: int, scope: int, declared: TypeExpr) -> tuple[Definition, ...]:
        """What a dotted type name means."""
        symbols = self.m.state.symbols
        if declared[0] == "name":
            return scoping.lookup(self.m.state, module, scope, declared[1])
        if declared[0] == "attr":
            return symbols.attribute(self.definitions(module, scope, declared[1]), declared[2])
        return ()

    def _generic(self, module: int, scope: int, declared: TypeExpr) -> Values:
        base, arguments = declared[1], declared[2]
        name = base[-1] if base[0] in ("name", "attr") else ""
        if name in _TRANSPARENT:
            parts = arguments[:1] if name == "Annotated" else arguments
            return EMPTY.union(*(self.instances(module, scope, part) for part in parts))
        if name in ("type", "Type"):
            return self._class_objects(module, scope, arguments)
        if name in _AWAITABLES or name in _CONTEXTS:
            return self.instances(module, scope, arguments[-1]) if arguments else EMPTY
        if name == "Callable":
            return self._container(CALLABLE, module, scope, declared, arguments[1:2])
        if name in ("tuple", "Tuple") and arguments[-1:] != (("unknown",),):
            return self._tuple(module, scope, declared, arguments)
        if name in _SEQUENCES:
            parts = arguments[:1] if name in ("Generator", "AsyncGenerator") else arguments
            return self._container("list", module, scope, declared, tuple(parts))
        if name in _MAPPINGS:
            return self._container("dict", module, scope, declared, arguments[1:2])
        found = self.instances(module, scope, base)
        if any(
            self.m.state.rules.is_transparent(self.m.table.data[v][0]) for v in found if self.m.table.kinds[v] == EXT
        ):
            return self.instances(module, scope, arguments[0]) if arguments else EMPTY
        return generics.with_arguments(self, found, module, scope, arguments)

    def _class_objects(self, module: int, scope: int, arguments: tuple[TypeExpr, ...]) -> Values:
        table = self.m.table
        found = EMPTY.union(*(self.instances(module, scope, part) for part in arguments))
        outside = [table.data[v] for v in found if table.kinds[v] == EXT]
        classes = {table.make(EXT, path.removesuffix("()"), 0) for path, root in outside if not root}
        return frozenset(
            (*(table.make(CLASS, table.data[v][0]) for v in found if self.m.is_instance_value(v)), *classes)
        )

    def _container(self, kind: str, module: int, scope: int, declared: TypeExpr, parts: tuple[TypeExpr, ...]) -> Values:
        inner = EMPTY.union(*(self.instances(module, scope, part) for part in parts))
        if not inner:
            return EMPTY
        container = self.m.table.make(CONT, kind, f"{module}:{scope}:{declared}:{self._variables or ''}")
        containers.put(self.m, container, None, inner)
        return frozenset((container,))

    def _tuple(self, module: int, scope: int, declared: TypeExpr, parts: tuple[TypeExpr, ...]) -> Values:
        """`tuple[A, B]`: elements by position."""
        inner = [self.instances(module, scope, part) for part in parts]
        if not any(inner):
            return EMPTY
        container = self.m.table.make(CONT, "tuple", f"{module}:{scope}:{declared}:{self._variables or ''}")
        for position, values in enumerate(inner):
            containers.put(self.m, container, position, values)
        self.m.lengths[container] = len(parts)
        return frozenset((container,))

    def alias(self, module: int, scope: int, register: int) -> Values:
        """Instances of what a type alias (`X = Annotated[T, ...]`, `X = A | B`) or a type variable's bound stands for. An
        alias that stands for itself says nothing."""
        key = (module, scope, register, self._variables)
        found = self._aliases.get(key)
        if found is None:
            self._aliases[key] = EMPTY
            found = self._aliases[key] = self._alias(module, scope, register)
        return found

    def _alias(self, module: int, scope: int, register: int) -> Values:
        code = self.m.state.program.summaries[module].scopes[scope].code
        instruction = code[register]
        if instruction[0] == ir.SUBSCRIPT:
            parts = code[instruction[2]][1] if code[instruction[2]][0] == ir.TUPLE else (instruction[2],)
            bases = self.m.state.symbols.at(module, scope, instruction[1])
            is_union = any(base.name.endswith((".Union", ".Optional")) for base in bases)
            return EMPTY.union(*(self.part(module, scope, part) for part in (parts if is_union else parts[:1])))
        if instruction[0] == ir.BINARY and instruction[1] == "|":
            return self.part(module, scope, instruction[2]) | self.part(module, scope, instruction[3])
        if instruction[0] == ir.CALL:
            bounds = [r for r in instruction[2][1:] if r >= 0] + [r for name, r in instruction[3] if name == "bound"]
            return EMPTY.union(*(self.part(module, scope, bound) for bound in bounds))
        return EMPTY

    def part(self, module: int, scope: int, register: int) -> Values:
        """Instances of the type that an expression in code means."""
        instruction = self.m.state.program.summaries[module].scopes[scope].code[register]
        if instruction[0] == ir.CONST and isinstance(instruction[1], str):
            return self.instances(module, scope, ("name", instruction[1]))
        found: set[int] = set()
        for definition in self.m.state.symbols.at(module, scope, register):
            if definition.kind == "class":
                found |= self.m.interfaces.objects((definition.module, definition.scope))
            elif definition.kind == "external" and not definition.name.startswith(("<builtin>", "typing.")):
                found |= self.m.external(f"{definition.name}()", 0)
            elif definition.kind == "alias" and definition.register != register:
                found |= self.alias(definition.module, definition.scope, definition.register)
        return frozenset(found)
