"""Fresh ids that are sent instead of the one that a function was given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dealix_lint.facts.code import call_operands
from dealix_lint.facts.passing import Passing
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import CorrelationNames


@dataclass(frozen=True, slots=True)
class Minted:
    """A new id: the register of the call that makes it, the site it leaves by, the name it goes under, and what the
    id that was there is called."""

    register: int
    site: int
    name: str
    own: str


class Minting:
    """Where functions make new ids."""

    __slots__ = ("_calls", "_making", "passing", "sites")

    def __init__(self, sites: Sites, passing: Passing, names: CorrelationNames) -> None:
        self.sites = sites
        self.passing = passing
        self._calls = PatternIndex((pattern, True) for pattern in names.minting)
        self._making: dict[int, bool] = {}

    def regenerated(self, node: int) -> Iterator[Minted]:
        """Ids that a function mints for a call on the way to an effect although it was given one."""
        reads = self.passing.reads(node)
        minted = self._minted(node) if reads else frozenset()
        if not minted:
            return
        code, flow = self.sites.code(node), self.sites.flow(node)
        holding = self.passing.holding(node)
        given = frozenset(read for read in reads if code.closure((read,)).isdisjoint(minted)) - holding
        for site in sorted(self.sites.calls(node)):
            if code.scope.code[site][0] != ir.CALL or not self.sites.leads_to_effect(node, site):
                continue
            receiver = code.receiver(site)
            sent = (*call_operands(code.scope.code[site]), *((receiver,) if receiver >= 0 else ()))
            everything = code.closure(sent)
            if not everything.isdisjoint(given) or self._hands_on_a_holder(node, site, minted):
                continue  # the id that was given goes along, alone or as what the new one falls back from
            for name, value in self._stated(node, site, everything):
                for register in sorted(minted & code.closure((value,))):
                    own = [reads[read] for read in sorted(reads) if read < register and flow.dominates(read, register)]
                    if own:
                        yield Minted(register, site, name, own[0])

    def _hands_on_a_holder(self, node: int, site: int, minted: frozenset[int]) -> bool:
        """Whether a call is given an object that holds an id which is not made here."""
        if not self.passing.hands_a_holder(node, site):
            return False
        code = self.sites.code(node)
        closures = (code.closure((value,)) for value in call_operands(code.scope.code[site]))
        is_made = any(not closure.isdisjoint(minted) for closure in closures)
        return not is_made or not code.closure(call_operands(code.scope.code[site])).isdisjoint(
            self.passing.holding(node)
        )

    def _minted(self, node: int) -> frozenset[int]:
        """Calls of a node that make a new id, by themselves or in a function that gives back nothing else."""
        return frozenset(
            register
            for register, view in self.sites.calls(node).items()
            if (view.names and all(map(self._calls.find, view.names))) or self._is_made_by_callee(node, register)
        )

    def _is_made_by_callee(self, node: int, register: int) -> bool:
        callees = self.sites.callees(node, register)
        return bool(callees) and all(map(self._makes_one, callees))

    def _makes_one(self, node: int) -> bool:
        known = self._making.get(node)
        if known is None:
            self._making[node] = False
            known = self._making[node] = self._returns_one(node)
        return known

    def _returns_one(self, node: int) -> bool:
        """Whether all that a function gives back is a new id, whatever it is given."""
        code = self.sites.code(node)
        returned = [code.closure((i[1],)) for i in code.scope.code if i[0] == ir.RETURN]
        if not returned or code.scope.is_generator or code.scope.name.startswith("__"):
            return False
        made = {code.scope.code[register][0] for closure in returned for register in closure}
        if not made.isdisjoint((ir.PARAM, ir.FREE, ir.PHI, ir.DICT, ir.LIST, ir.TUPLE)):
            return False
        minted = self._minted(node)
        return bool(minted) and not any(map(minted.isdisjoint, returned))

    def _stated(self, node: int, site: int, everything: frozenset[int]) -> Iterator[tuple[str, int]]:
        """Values that a call states under the name of an id: by keyword, by key, by the parameter they are bound to, also in
        calls that make what it is handed."""
        code = self.sites.code(node).scope.code
        for register in (site, *sorted(everything)):
            instruction = code[register]
            if instruction[0] == ir.CALL:
                yield from ((k, value) for k, value in instruction[3] if k is not None and self.passing.is_id(k))
                yield from self._bound(node, register)
            elif instruction[0] == ir.DICT:
                keyed = (
                    (code[key][1], value)
                    for key, value in instruction[1]
                    if key is not None and code[key][0] == ir.CONST
                )
                yield from ((k, value) for k, value in keyed if isinstance(k, str) and self.passing.is_id(k))
            elif instruction[0] == ir.SET_ITEM and code[instruction[2]][0] == ir.CONST:
                key = code[instruction[2]][1]
                yield from ((key, instruction[3]),) if isinstance(key, str) and self.passing.is_id(key) else ()

    def _bound(self, node: int, register: int) -> Iterator[tuple[str, int]]:
        values = self.sites.code(node).scope.code[register][2]
        view = self.sites.calls(node).get(register)
        for name in view.names if view is not None else ():
            for parameter, value in zip(self.sites.definitions.positional_parameters(name), values, strict=False):
                if value >= 0 and self.passing.is_id(parameter):
                    yield parameter, value
