"""Ids that a function or object would take on to an effect, and makes itself or does without because nobody hands one in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dealix_lint.facts.code import call_operands
from dealix_lint.facts.handing import handed_to
from dealix_lint.facts.passing import Passing
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import CALL_EDGE, Edge
from dealix_lint.model.summary import KEYWORDS, VARIADIC


@dataclass(frozen=True, slots=True)
class Withheld:
    """A call without the id that is at hand: its register, the parameter that asks for one, and the site by which what it
    runs or makes gets to the effect."""

    register: int
    parameter: str
    site: int


class Withholding:
    """Calls that leave a default in place of the id that the caller has."""

    __slots__ = ("passing", "sites")

    def __init__(self, sites: Sites, passing: Passing) -> None:
        self.sites = sites
        self.passing = passing

    def of(self, node: int) -> Iterator[Withheld]:
        """Those of a node."""
        for register, edges in sorted(self.sites.edges(node).items()):
            asked = [(edge, name) for edge in edges for name in self._left_out(node, register, edge)]
            if not asked or not self.passing.in_scope(node, register) or self.passing.carries(node, register):
                continue
            for edge, name in asked:
                site = self._way_on(node, register, edge)
                if site != NO_SITE:
                    yield Withheld(register, name, site)

    def _left_out(self, node: int, register: int, edge: Edge) -> Iterator[str]:
        """Optional parameters of a callee that take an id on and are not given any."""
        code = self.sites.code(edge.target)
        asking = [
            (index, p.name)
            for index, p in enumerate(code.scope.parameters)
            if p.has_default and p.kind not in (VARIADIC, KEYWORDS) and self.passing.is_id(p.name)
        ]
        if not asking or register == NO_SITE or edge.kind != CALL_EDGE:
            return
        call = self.passing.correlation.handovers.call_of_target(node, register, edge)
        for index, name in asking if call is not None else ():
            if call is not None and not any(handed_to(call, code.scope, index)) and self._takes_on(edge.target, index):
                yield name

    def _way_on(self, node: int, register: int, edge: Edge) -> int:
        """The call itself, or the first call of a method of what it makes, that leads to an effect."""
        if edge.target in self.sites.reaching:
            return register
        if not self.sites.is_constructor(edge.target):
            return NO_SITE
        code = self.sites.code(node)
        on_it = (site for site in sorted(self.sites.calls(node)) if site > register and code.is_made_on(site, register))
        found = next((site for site in on_it if self.sites.leads_to_effect(node, site)), NO_SITE)
        return NO_SITE if found != NO_SITE and self._is_brought_later(node, register, found) else found

    def _is_brought_later(self, node: int, register: int, site: int) -> bool:
        """Whether a call is not of the object itself, but of one that is made of it and an id."""
        code = self.sites.code(node)
        receiver = code.value_of(code.receiver(site))
        is_other = receiver != register and code.scope.code[receiver][0] == ir.CALL
        return is_other and self.passing.carries(node, receiver)

    def _takes_on(self, node: int, parameter: int) -> bool:
        """Whether a parameter goes into a call that leads to an effect, or is kept by the object that is made."""
        code = self.sites.code(node)
        if self.sites.is_constructor(node):
            roots = [i[3] for i in code.scope.code if i[0] == ir.SET_ATTR and code.scope.code[i[1]] == (ir.PARAM, 0)]
        else:
            leading = (site for site in self.sites.sites(node) if self.sites.leads_to_effect(node, site))
            calls = (code.scope.code[site] for site in leading if site != NO_SITE)
            roots = [value for call in calls if call[0] == ir.CALL for value in call_operands(call)]
        return any(code.scope.code[register] == (ir.PARAM, parameter) for register in code.closure(roots))
