"""Answers of humans that one node of a graph keeps in its state, and others read there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealix_lint.facts.code import ScopeCode, operands
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.verdicts import UNDECIDED, Lexicon, Sides, Verdicts
from dealix_lint.model import ir
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import GateNames


class Stored:
    """Finds calls that wait for an answer, the keys under which functions give it back, and where these are read."""

    __slots__ = ("_asking", "_interrupts", "_keys", "_words", "lexicon", "sites")

    def __init__(self, sites: Sites, names: GateNames) -> None:
        self.sites = sites
        self.lexicon = Lexicon(names)
        self._interrupts = PatternIndex((pattern, True) for pattern in names.interrupts)
        self._words = frozenset(pattern.rpartition(".")[2] for pattern in names.interrupts)
        self._asking: dict[str, bool] = {}
        self._keys: dict[str, frozenset[str]] = {}

    def interrupts(self, node: int) -> list[int]:
        """Calls of a function that give back what a human answered."""
        if self._words.isdisjoint(self.sites.words(node)):
            return []
        calls = self.sites.calls(node).items()
        return [register for register, view in calls if any(self._interrupts.find(name) for name in view.names)]

    def asks(self, function: str) -> bool:
        """Whether a function waits for an answer and looks at it."""
        known = self._asking.get(function)
        if known is None:
            known = self._asking[function] = any(map(self._uses_an_answer, self.sites.nodes_of(function)))
        return known

    def _uses_an_answer(self, node: int) -> bool:
        answers = self.interrupts(node)
        return bool(answers) and any(o in answers for i in self.sites.code(node).scope.code for o in operands(i))

    def keys(self, function: str) -> frozenset[str]:
        """The keys under which a function gives back what was answered."""
        known = self._keys.get(function)
        if known is None:
            known = self._keys[function] = frozenset(
                key for node in self.sites.nodes_of(function) for key in self._keys_of(node)
            )
        return known

    def _keys_of(self, node: int) -> Iterator[str]:
        answers, code = self.interrupts(node), self.sites.code(node)
        given = code.closure(i[1] for i in code.scope.code if i[0] == ir.RETURN) if answers else ()
        for register in given:
            instruction = code.scope.code[register]
            for key, value in instruction[1] if instruction[0] == ir.DICT else ():
                name = code.scope.code[key][1] if key is not None and code.scope.code[key][0] == ir.CONST else None
                if isinstance(name, str) and not code.closure((value,)).isdisjoint(answers):
                    yield name

    def read(self, node: int, keys: frozenset[str]) -> dict[int, Sides]:
        """Where a function reads one of the keys of what it is given, and what it says that the value is true."""
        code, found = self.sites.code(node), dict[int, Sides]()
        for register in range(len(code.scope.code)) if keys else ():
            key = _key_of_parameter(code, register)
            if key in keys:
                found[register] = self.lexicon.sides_of(key)
        return found

    def are_guarded(self, node: int, places: Iterable[int], given: dict[int, Sides]) -> dict[int, bool]:
        """Whether the places of a function come after a test of what is given."""
        tests = dict(Verdicts(self.sites.code(node), given, self.lexicon).tests())
        flow = self.sites.flow(node)
        return {place: bool(tests) and flow.is_guarded(place, frozenset(), tests) for place in places}

    def answered(self, node: int) -> dict[int, Sides]:
        """What the humans say whom the function asks itself."""
        return dict.fromkeys(self.interrupts(node), UNDECIDED)


def _key_of_parameter(code: ScopeCode, register: int) -> str:
    """`state["approved"]`, `state.get("approved")`, `state.approved`: the key; "" for anything else."""
    instruction, key = code.scope.code[register], ""
    if instruction[0] == ir.ATTR:
        holder, key = instruction[1], instruction[2]
    elif instruction[0] == ir.SUBSCRIPT:
        holder, key = instruction[1], _text(code, instruction[2])
    elif instruction[0] == ir.CALL and code.callee_name(register) == "get" and instruction[2]:
        holder, key = code.receiver(register), _text(code, max(instruction[2][0], 0))
    else:
        return ""
    is_parameter = holder >= 0 and code.scope.code[code.value_of(holder)][0] == ir.PARAM
    return key if is_parameter else ""


def _text(code: ScopeCode, register: int) -> str:
    instruction = code.scope.code[register]
    return instruction[1] if instruction[0] == ir.CONST and isinstance(instruction[1], str) else ""
