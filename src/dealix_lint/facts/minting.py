"""Fresh ids that are sent instead of the one that a function was given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dealix_lint.facts.code import call_operands
from dealix_lint.facts.generated import GeneratedIds
from dealix_lint.facts.passing import Passing
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import CorrelationNames

_HANDED: Final = frozenset((ir.PARAM, ir.FREE, ir.PHI))


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

    __slots__ = ("_calls", "_generated", "_making", "_under", "passing", "sites")

    def __init__(self, sites: Sites, passing: Passing, names: CorrelationNames) -> None:
        self.sites = sites
        self.passing = passing
        self._calls = PatternIndex((pattern, True) for pattern in names.minting)
        self._generated = GeneratedIds(sites, passing.is_id)
        self._making: dict[int, bool] = {}
        self._under: dict[int, str] = {}

    def regenerated(self, node: int) -> Iterator[Minted]:
        """Ids that a function mints for a call on the way to an effect although it was given one."""
        reads = self.passing.reads(node)
        under = dict(self._made_under_names(node)) if reads else {}
        minted = self._minted(node).union(under) if reads else frozenset()
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
            made = ((name, register) for register, name in under.items() if register in everything)
            for name, value in (*self._stated(node, site, everything), *made):
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

    def _is_maker(self, function: str) -> bool:
        """Whether a function makes a new id, by its name."""
        nodes = self.sites.nodes_of(function)
        return bool(self._calls.find(function)) or (bool(nodes) and all(map(self._makes_one, nodes)))

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
        if not made.isdisjoint((*_HANDED, ir.DICT, ir.LIST, ir.TUPLE)):
            return False
        minted = self._minted(node)
        return bool(minted) and not any(map(minted.isdisjoint, returned))

    def _made_under_names(self, node: int) -> Iterator[tuple[int, str]]:
        """Calls of functions and classes that give back something with a new id in it, and the name that it has there."""
        for register in self.sites.calls(node):
            field = self._generated.left_by(node, register, self._is_maker)
            if field:
                yield register, field
                continue
            names = {self._name_in(callee) for callee in self.sites.callees(node, register)}
            if names and "" not in names:
                yield register, min(names)

    def _name_in(self, node: int) -> str:
        """The name under which a new id stands in all that a function gives back, whatever it is given: `{"X-Request-ID": uuid4()}`."""
        known = self._under.get(node)
        if known is None:
            self._under[node] = ""
            code = self.sites.code(node)
            given = [code.closure((i[1],)) for i in code.scope.code if i[0] == ir.RETURN]
            names = [{name for part in closure for name in self._new_under(node, part)} for closure in given]
            known = self._under[node] = min(frozenset.intersection(*map(frozenset, names)), default="") if names else ""
        return known

    def _new_under(self, node: int, register: int) -> Iterator[str]:
        """Names of ids under which an instruction puts a new one."""
        code = self.sites.code(node)
        keyed = list(self._keyed(code.scope.code, code.scope.code[register]))
        minted = self._minted(node) if keyed else frozenset()
        for name, value in keyed:
            closure = code.closure((value,))
            if not closure.isdisjoint(minted) and _HANDED.isdisjoint(code.scope.code[part][0] for part in closure):
                yield name

    def _keyed(self, code: tuple[ir.Instruction, ...], instruction: ir.Instruction) -> Iterator[tuple[str, int]]:
        """What an instruction puts under keys that are called like ids."""
        pairs = instruction[1] if instruction[0] == ir.DICT else ()
        pairs = (instruction[2:4],) if instruction[0] == ir.SET_ITEM else pairs
        for key, value in pairs:
            name = code[key][1] if key is not None and code[key][0] == ir.CONST else None
            if isinstance(name, str) and self.passing.is_id(name):
                yield name, value

    def _stated(self, node: int, site: int, everything: frozenset[int]) -> Iterator[tuple[str, int]]:
        """Values that a call states under the name of an id: by keyword, by key, by the parameter they are bound to, also in
        calls that make what it is handed."""
        code = self.sites.code(node).scope.code
        for register in (site, *sorted(everything)):
            instruction = code[register]
            if instruction[0] == ir.CALL:
                yield from ((k, value) for k, value in instruction[3] if k is not None and self.passing.is_id(k))
                yield from self._bound(node, register)
            else:
                yield from self._keyed(code, instruction)

    def _bound(self, node: int, register: int) -> Iterator[tuple[str, int]]:
        values = self.sites.code(node).scope.code[register][2]
        view = self.sites.calls(node).get(register)
        for name in view.names if view is not None else ():
            for parameter, value in zip(self.sites.definitions.positional_parameters(name), values, strict=False):
                if value >= 0 and self.passing.is_id(parameter):
                    yield parameter, value
