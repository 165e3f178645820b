"""Functions, lambdas and classes: the constructs that open a scope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from dealix_lint.model import ir
from dealix_lint.model.summary import KEYWORD_ONLY, KEYWORDS, POSITIONAL, POSITIONAL_ONLY, VARIADIC, Parameter
from dealix_lint.summarize import tree as cst
from dealix_lint.summarize.annotations import annotation, bounds
from dealix_lint.summarize.bindings import Names
from dealix_lint.summarize.builder import ScopeBuilder
from dealix_lint.summarize.expressions import EXPRESSIONS, call_arguments, expression
from dealix_lint.summarize.statements import STATEMENTS, suite

Defaults = tuple[tuple[int, int], ...]


def _function(b: ScopeBuilder, node: cst.FunctionDef) -> None:
    decorators = [expression(b, decorator.decorator) for decorator in node.decorators]
    with _type_parameters(b, node.type_parameters):
        b.tree.type_parameters = bounds(b, node.type_parameters)
        parameters, defaults = _parameters(b, node.params)
        returns = annotation(b, node.returns)
        b.tree.type_parameters = {}
        names = b.tree.bindings.scope(node.body)
        own = Names(names.local | {p.name for p in parameters}, names.is_global, names.is_nonlocal)
        scope = ScopeBuilder(b.tree, "function", node.name.value, b, own)
        scope.decorators, scope.returns, scope.is_async = tuple(decorators), returns, node.asynchronous is not None
        _bind_parameters(scope, parameters)
        suite(scope, node.body)
        register = b.emit((ir.FUNCTION, scope.index, defaults), node)
    b.assign(node.name.value, _decorated(b, node.decorators, decorators, register))


def _decorated(b: ScopeBuilder, nodes: Sequence[cst.Decorator], decorators: list[int], register: int) -> int:
    for node, decorator in zip(reversed(nodes), reversed(decorators), strict=True):
        register = b.emit((ir.DECORATE, decorator, register), node)
    return register


def _parameters(b: ScopeBuilder, node: cst.Parameters) -> tuple[tuple[Parameter, ...], Defaults]:
    parameters: list[Parameter] = []
    defaults: list[tuple[int, int]] = []
    for param, kind in _in_order(node):
        if param.default is not None:
            defaults.append((len(parameters), expression(b, param.default)))
        parameters.append(Parameter(param.name.value, kind, annotation(b, param.annotation), param.default is not None))
    return tuple(parameters), tuple(defaults)


def _in_order(node: cst.Parameters) -> Iterator[tuple[cst.Param, int]]:
    for param in node.posonly_params:
        yield param, POSITIONAL_ONLY
    for param in node.params:
        yield param, POSITIONAL
    if isinstance(node.star_arg, cst.Param):
        yield node.star_arg, VARIADIC
    for param in node.kwonly_params:
        yield param, KEYWORD_ONLY
    if node.star_kwarg is not None:
        yield node.star_kwarg, KEYWORDS


def _bind_parameters(scope: ScopeBuilder, parameters: tuple[Parameter, ...]) -> None:
    scope.parameters = parameters
    for index, parameter in enumerate(parameters):
        scope.assign(parameter.name, scope.emit((ir.PARAM, index)))


@contextmanager
def _type_parameters(b: ScopeBuilder, node: cst.TypeParameters | None) -> Iterator[None]:
    """Within it the type parameters of a generic definition (PEP 695) are names of unknown value."""
    if node is None:
        yield
        return
    outer, before = b.inner_names, b.environment
    b.inner_names, b.environment = dict(outer), dict(before)
    names = [parameter.param.name.value for parameter in node.params]
    for name in names:
        b.bind_inner(name, b.unknown())
    yield
    b.restore_inner(names, before, outer)
    b.environment = before


def _lambda(b: ScopeBuilder, node: cst.Lambda) -> int:
    number = b.tree.lambda_numbers.get(id(node))
    if number is None:
        b.lambda_count += 1
        number = b.lambda_count
    parameters, defaults = _parameters(b, node.params)
    names = frozenset(parameter.name for parameter in parameters) | b.tree.bindings.expression(node)
    scope = ScopeBuilder(b.tree, "lambda", f"<lambda{number}>", b, Names(names))
    _bind_parameters(scope, parameters)
    scope.emit((ir.RETURN, expression(scope, node.body)), node.body)
    return b.emit((ir.FUNCTION, scope.index, defaults), node)


def _class(b: ScopeBuilder, node: cst.ClassDef) -> None:
    decorators = [expression(b, decorator.decorator) for decorator in node.decorators]
    with _type_parameters(b, node.type_parameters):
        bases, spread = call_arguments(b, node.bases)
        _, keywords = call_arguments(b, node.keywords)
        scope = ScopeBuilder(b.tree, "class", node.name.value, b, b.tree.bindings.scope(node.body))
        scope.decorators = tuple(decorators)
        _bind_type_variables(scope, node.type_parameters)
        suite(scope, node.body)
        register = b.emit((ir.CLASS, scope.index, bases, (*spread, *keywords)), node)
    b.assign(node.name.value, _decorated(b, node.decorators, decorators, register))


def _bind_type_variables(scope: ScopeBuilder, node: cst.TypeParameters | None) -> None:
    """`class Box[T: A]`: a type variable in the class body, as `T = TypeVar("T", bound=A)` makes one."""
    for parameter in node.params if node is not None else ():
        if isinstance(parameter.param, cst.TypeVar):
            name, bound = parameter.param.name.value, parameter.param.bound
            keywords = (("bound", expression(scope, bound)),) if bound is not None else ()
            maker = scope.emit((ir.IMPORT_FROM, "typing", 0, "TypeVar"))
            register = scope.emit((ir.CALL, maker, (scope.constant(name),), keywords), parameter)
            scope.assign(name, register)


def _type_alias(b: ScopeBuilder, node: cst.TypeAlias) -> None:
    with _type_parameters(b, node.type_parameters):
        register = expression(b, node.value)
    b.assign(node.name.value, register)


STATEMENTS[cst.FunctionDef] = _function
STATEMENTS[cst.ClassDef] = _class
STATEMENTS[cst.TypeAlias] = _type_alias
EXPRESSIONS[cst.Lambda] = _lambda
