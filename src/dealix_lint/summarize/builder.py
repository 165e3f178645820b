"""Builds the code of one scope: names on top of the control flow in `flowing`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealix_lint.model import ir
from dealix_lint.model.summary import Block, Parameter, Scope, TypeExpr
from dealix_lint.summarize.bindings import Bindings, Names
from dealix_lint.summarize.flowing import FlowBuilder

if TYPE_CHECKING:
    from dealix_lint.summarize import tree as cst


class ScopeBuilder(FlowBuilder):
    """Collects instructions of one scope; the walk over the tree lives in `statements`, `expressions` and others."""

    def __init__(self, tree: TreeBuilder, kind: str, name: str, parent: ScopeBuilder | None, names: Names) -> None:
        super().__init__(tree.keeps_nodes, names.local)
        self.tree = tree
        self.kind = kind
        self.name = name
        self.parent = parent
        self.index = tree.reserve(self)
        self.is_function = kind in ("function", "lambda")
        self.globals = names.is_global if kind != "module" else frozenset[str]()
        self.nonlocals = names.is_nonlocal
        self.rewritten_cells: set[str] = set()  # names that a nested scope declares nonlocal
        self.captured: set[str] = set()
        self.inner_names: dict[str, int] = {}  # comprehension variables and type parameters in force
        self.comprehensions = 0
        self.definitions: dict[str, list[int]] = {}
        self.earlier_exports: dict[str, list[int]] = {}
        self.definition_calls: dict[str, int] = {}
        self.call_count = 0
        self.lambda_count = 0
        self.parameters: tuple[Parameter, ...] = ()
        self.decorators: tuple[int, ...] = ()
        self.returns: TypeExpr | None = None
        self.is_async = False
        self.is_generator = False

    # -- names --------------------------------------------------------------------------------------------------

    def read(self, name: str, node: cst.CSTNode | None = None) -> int:
        """The register a use of `name` at this point means."""
        register = self.environment.get(name)
        if register is None or (self.comprehensions and self.kind == "class" and name not in self.inner_names):
            return self._read_elsewhere(name, node)
        if name in self.rewritten_cells:
            return self.emit((ir.PHI, (register, self.emit((ir.FREE, name, self.index), node))), node)
        return register

    def _read_elsewhere(self, name: str, node: cst.CSTNode | None) -> int:
        if name in self.globals:
            return self.emit((ir.NAME, name), node)
        if name in self.local_names and not (self.kind == "class" and self.comprehensions):
            if name in self.rewritten_cells:
                return self.emit((ir.FREE, name, self.index), node)
            # Not bound at this point: an error in functions; in modules and classes, what is global or builtin.
            return self.unknown(node) if self.is_function else self.emit((ir.NAME, name), node)
        owner = self.owner_of(name)
        if owner is None:
            return self.emit((ir.NAME, name), node)
        owner.captured.add(name)
        return self.emit((ir.FREE, name, owner.index), node)

    def owner_of(self, name: str) -> ScopeBuilder | None:
        """The enclosing scope whose local `name` is, by the scoping rules (class bodies are skipped)."""
        scope = self.parent
        while scope is not None:
            if name in scope.inner_names:
                return scope
            if scope.is_function:
                if name in scope.globals:
                    return None
                if name in scope.local_names:
                    return scope
            scope = scope.parent
        return None

    def assign(self, name: str, register: int) -> None:
        """Bind a local, global or nonlocal name to a register."""
        if name in self.globals:
            self.emit((ir.SET_NAME, name, register))
            return
        if name in self.nonlocals:
            owner = self.owner_of(name)
            if owner is not None:
                owner.captured.add(name)
                owner.rewritten_cells.add(name)
                self.emit((ir.SET_FREE, name, owner.index, register))
            return
        if not self.is_function:
            self._keep_earlier_export(name)
        self.environment[name] = register
        self.definitions.setdefault(name, []).append(register)
        for log in self.logs:
            log.setdefault(name, []).append(register)

    def _keep_earlier_export(self, name: str) -> None:
        # A reader from outside can only have seen the overwritten value if something was called in between.
        old = self.environment.get(name)
        if old is not None and self.call_count > self.definition_calls.get(name, 0):
            self.earlier_exports.setdefault(name, []).append(old)
        self.definition_calls[name] = self.call_count

    def unbind(self, name: str) -> None:
        """`del name`."""
        self.environment.pop(name, None)

    def bind_inner(self, name: str, register: int) -> None:
        """Bind a name that only the construct being walked can see; `restore_inner` ends that."""
        self.environment[name] = register
        self.inner_names[name] = register

    def restore_inner(self, names: list[str], before: dict[str, int], outer: dict[str, int]) -> None:
        """Forget inner `names`; `before` are the environment's, `outer` the inner names in force around."""
        for name in names:
            if name in before:
                self.environment[name] = before[name]
            else:
                self.environment.pop(name, None)
            if name in self.captured:
                self.definitions.setdefault(name, []).append(self.inner_names[name])
        self.inner_names = outer

    # -- result -------------------------------------------------------------------------------------------------

    def finish(self) -> Scope:
        """The finished scope."""
        return Scope(
            kind=self.kind,
            name=self.name,
            parent=-1 if self.parent is None else self.parent.index,
            code=tuple(self.code),
            parameters=self.parameters,
            blocks=tuple([Block(tuple(b.successors), b.test, b.role) for b in self.blocks]),
            exports=() if self.is_function else self._exports(),
            cells=tuple((name, tuple(dict.fromkeys(self.definitions.get(name, ())))) for name in sorted(self.captured)),
            decorators=self.decorators,
            returns=self.returns,
            is_async=self.is_async,
            is_generator=self.is_generator,
        )

    def _exports(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        return tuple(
            (name, tuple(dict.fromkeys((*self.earlier_exports.get(name, ()), register))))
            for name, register in self.environment.items()
        )


class TreeBuilder:
    """All scopes of one module under construction, in source order."""

    def __init__(self, bindings: Bindings, *, has_lambdas: bool, keeps_nodes: bool) -> None:
        self.bindings = bindings
        self.has_lambdas = has_lambdas
        self.keeps_nodes = keeps_nodes
        self.scopes: list[ScopeBuilder] = []
        self.keeps_annotations = False  # `from __future__ import annotations`: they are not evaluated
        self.type_parameters: dict[str, TypeExpr] = {}  # of the function whose signature is read: name -> bound
        self.predicates: frozenset[str] = frozenset()  # functions that say of what class something is
        self.lambda_numbers: dict[int, int] = {}

    def reserve(self, scope: ScopeBuilder) -> int:
        """Number a new scope."""
        self.scopes.append(scope)
        return len(self.scopes) - 1
