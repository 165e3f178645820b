"""Calls that never return: they end the branch that they stand on, as a `raise` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dealix_lint.model import ir
from dealix_lint.model.graph import CALL_EDGE, DISPATCH_EDGE, Edge
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import GateNames
from dealix_lint.model.resolved import CallView
from dealix_lint.model.summary import Scope, TypeExpr
from dealix_lint.model.text import Constant

if TYPE_CHECKING:
    from dealix_lint.facts.sites import Sites

_DEPTH: Final = 3
_NEVER: Final = frozenset({"NoReturn", "Never"})
_STUBS: Final = frozenset({"NotImplementedError", "NotImplemented"})


class Endings:
    """Finds them by their access paths (`sys.exit`), and by the code of the functions that are called, which may call
    others of the kind themselves. Sites, which own this, are handed in: the two do not hold each other."""

    __slots__ = ("_aborting", "_again", "_known", "_never", "_returning")

    def __init__(self, names: GateNames | None) -> None:
        self._aborting = PatternIndex((pattern, True) for pattern in (names.aborting if names is not None else ()))
        self._again = frozenset(names.aborting_dispatches if names is not None else ())
        self._returning = frozenset(names.returning if names is not None else ())
        self._known: dict[tuple[int, int], frozenset[int]] = {}
        self._never: dict[tuple[int, int], bool] = {}

    def of(self, sites: Sites, node: int, depth: int = _DEPTH) -> frozenset[int]:
        """Registers of the calls in a node's function that never return."""
        key = node, depth
        known = self._known.get(key)
        if known is None:
            code = sites.code(node)
            known = self._known[key] = frozenset(
                register
                for register, view in sites.calls(node).items()
                if code.scope.code[register][0] == ir.CALL
                and self._ends(sites, node, register, view.names, depth)
                and not self._is_told_to_return(view)
            )
        return known

    def _is_told_to_return(self, view: CallView) -> bool:
        """`throw=False`"""
        return any(name in self._returning and Constant(False) in values for name, values in view.keywords)

    def _ends(self, sites: Sites, node: int, register: int, names: tuple[str, ...], depth: int) -> bool:
        """Whether all that a call may run never returns; a coroutine has to be awaited for that."""
        edges = sites.edges(node).get(register, ())
        if edges and sites.code(node).callee_name(register) in self._again:
            return all(edge.kind == DISPATCH_EDGE for edge in edges)
        outside = set(names).difference(sites.graph.nodes[edge.target].function for edge in edges)
        return (
            bool(names or edges)
            and all(map(self._aborting.find, outside))
            and all(
                self._is_run(sites, node, register, edge) and self.never_returns(sites, edge.target, depth)
                for edge in edges
            )
        )

    def _is_run(self, sites: Sites, node: int, register: int, edge: Edge) -> bool:
        if edge.kind != CALL_EDGE:
            return False
        return not sites.code(edge.target).scope.is_async or sites.code(node).is_awaited(register)

    def never_returns(self, sites: Sites, node: int, depth: int = _DEPTH) -> bool:
        """Whether no way leads out of a node's function but by an error, or by the end of the program."""
        key = node, depth
        known = self._never.get(key)
        if known is None:
            known = self._never[key] = self._finds_no_way(sites, node, depth)
        return known

    def _finds_no_way(self, sites: Sites, node: int, depth: int) -> bool:
        place, scope = sites.scope_of(node), sites.code(node).scope
        if scope.is_generator or is_left_to_others(scope):
            return False
        if _says_never(scope.returns) or sites.flow_of(place).never_returns():
            return True
        if depth == 0 or any(instruction[0] == ir.RETURN for instruction in scope.code):
            return False
        ends = self.of(sites, node, depth - 1)
        return bool(ends) and sites.flow_of(place, ends).never_returns()


def is_left_to_others(scope: Scope) -> bool:
    """Whether all that a function raises says that it is left to others."""
    raised = [instruction[1] for instruction in scope.code if instruction[0] == ir.RAISE]
    return bool(raised) and all(raised_name(scope, register) in _STUBS for register in raised)


def raised_name(scope: Scope, register: int) -> str:
    """The name of what is raised or, where it is made there, of its class; "" if it is no name."""
    instruction = scope.code[register]
    if instruction[0] == ir.CALL:
        return raised_name(scope, instruction[1])
    return str(instruction[1]) if instruction[0] == ir.NAME else ""


def _says_never(annotation: TypeExpr | None) -> bool:
    if annotation is None:
        return False
    return annotation[0] in ("name", "attr", "const") and annotation[-1] in _NEVER
