"""Places at which code says that something was sent, paid or signed, in functions that are called like doing it, and in what
functions give back that do it on another way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dealix_lint.facts.code import ScopeCode
from dealix_lint.facts.doing import Doing
from dealix_lint.facts.names import last_segment, words
from dealix_lint.facts.records import Records
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import CALL_EDGE
from dealix_lint.model.ir import Instruction
from dealix_lint.model.policy import ClaimNames, ClassificationNames, Deed
from dealix_lint.model.resolved import CallView

_LONGEST = 12  # words of a text that is a message, not an explanation
_ADDRESS = re.compile(r"://|^/|\w/\w|^\s*(?:select|insert|update|delete)\s", re.I)
_PARTS = frozenset({ir.DICT, ir.TUPLE, ir.LIST, ir.PHI})
_SPEAKING = frozenset({ir.DICT, ir.CALL})  # parts of a list that may say something of what happened; words are a choice
_GIVING = frozenset({ir.RETURN, ir.YIELD})
_MEMBER = frozenset({"value", "name"})  # of a member of an enumeration


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """Where a function says that something is done, and in what words."""

    rank: int
    register: int
    text: str


class Claims:
    """Claims of functions on whose way nothing is done."""

    __slots__ = ("_done", "_names", "_operations", "_queries", "doing", "records", "sites")

    def __init__(self, sites: Sites, records: Records, names: ClaimNames, queries: ClassificationNames) -> None:
        self.sites = sites
        self.records = records
        self.doing = Doing(sites, names)
        self._names = names
        self._queries = frozenset(
            (*queries.ignored_methods, "get", "get_or_none", "count", "exists", "find", "find_one")
        )
        self._operations: dict[int, set[str]] | None = None
        self._done = frozenset(word for deed in names.deeds for word in deed.done)

    def unfounded(self, node: int) -> Claim | None:
        """The plainest claim of a node that it reaches without a call that may do anything outside, unless it only tells
        of what it was told."""
        deeds = self._deeds(last_segment(self.sites.graph.nodes[node].function))
        done = frozenset(word for deed in deeds for word in deed.done)
        found = list(self._claims(node, done)) if done else []
        performed = frozenset(word for deed in self._performed(node) for word in deed.done) - done
        found += self._returned(node, performed) if performed else []
        if not found:
            return None
        flow, unreached = self.sites.flow(node), self.sites.resolution.never_reached(node)
        for claim in sorted(claim for claim in found if claim.register not in unreached):
            marks = self.doing.marks(node) - self._saving(node, claim.register)
            if flow.is_passed_by(claim.register, marks) or flow.is_followed(claim.register, marks):
                continue
            if not self._asks_before(node, claim.register, done | performed):
                return claim
        return None

    def _saving(self, node: int, register: int) -> frozenset[int]:
        """Calls that save the very object that is claimed of: `message.status = "sent"; message.save()`."""
        code = self.sites.code(node)
        said = code.scope.code[register]
        if said[0] != ir.SET_ATTR:
            return frozenset()
        calls = (place for place, instruction in enumerate(code.scope.code) if instruction[0] == ir.CALL)
        return frozenset(
            place
            for place in calls
            if code.receiver(place) == said[1]
            and code.callee_name(place) in self._names.saving
            and (node, place) not in self.sites.effect_sites
            and not self.sites.edges(node).get(place)
        )

    def _performed(self, node: int) -> tuple[Deed, ...]:
        """What the function does on some way, by itself or in a function that it calls."""
        if self._operations is None:
            self._operations = {}
            for effect in self.sites.effects:
                for one in effect.nodes if effect.is_commitment else ():
                    self._operations.setdefault(one, set()).update(words(effect.operation))
        near = {node, *(edge.target for edge in self.sites.graph.out[node] if edge.kind == CALL_EDGE)}
        spoken = {word for one in near for word in self._operations.get(one, ())}
        return tuple(d for d in self._names.deeds if not spoken.isdisjoint((*d.verbs, *d.nouns)))

    def _deeds(self, name: str) -> tuple[Deed, ...]:
        """What a function called like this does, after its name: `send_sms`, `do_send`, `process_payment`."""
        parts = list(words(name))
        if not parts or parts[-1] in self._names.reporting or not self._done.isdisjoint(parts):
            return ()
        has_auxiliary = False
        while parts and parts[0] in self._names.auxiliaries:
            has_auxiliary = True
            del parts[0]
        verb = parts[0] if parts else ""
        return tuple(
            d
            for d in self._names.deeds
            if d.unlike.isdisjoint(parts) and (verb in d.verbs or (has_auxiliary and parts and parts[-1] in d.nouns))
        )

    def _asks_before(self, node: int, register: int, done: frozenset[str]) -> bool:
        """Whether a test on the way asks for what the claim says, or for what is known already."""
        code = self.sites.code(node)
        spoken = (
            word
            for test in self.sites.flow(node).tests_before(register)
            for part in code.closure((test,))
            for name in code.identifiers(part)
            for word in words(name)
        )
        return any(word in done or word in self._names.known for word in spoken)

    # -- what is said -------------------------------------------------------------------------------------------

    def _claims(self, node: int, done: frozenset[str]) -> Iterator[Claim]:
        yield from self._returned(node, done)
        code = self.sites.code(node)
        for register, instruction in enumerate(code.scope.code):
            opcode = instruction[0]
            if opcode == ir.SET_ATTR and self._is_said(code, instruction[2], instruction[3], done):
                yield Claim(1, register, f"{instruction[2]} = {_shown(code, instruction[3])}")
            elif opcode == ir.CALL:
                yield from self._said_in_call(node, register, instruction, done)

    def _returned(self, node: int, done: frozenset[str]) -> Iterator[Claim]:
        code = self.sites.code(node)
        given = (instruction[1] for instruction in code.scope.code if instruction[0] in _GIVING)
        yield from (Claim(0, part, text) for value in given for part, text in self._said(code, value, done))

    def _said(
        self, code: ScopeCode, register: int, done: frozenset[str], seen: frozenset[int] = frozenset()
    ) -> Iterator[tuple[int, str]]:
        """Claims in what is given back."""
        instruction = code.scope.code[register]
        if register in seen:
            return
        if self._text(code, register, done):
            yield register, _shown(code, register)
        elif instruction[0] == ir.DICT:
            for key, value in ((_key(code, key), value) for key, value in instruction[1]):
                if self._is_said(code, key, value, done):
                    yield value, f"{key}: {_shown(code, value)}"
                elif code.scope.code[value][0] in _PARTS:
                    yield from self._said(code, value, done, seen | {register})
            yield from self._said_later(code, register, done, seen | {register})
        elif instruction[0] in _PARTS:
            for part in (max(part, -part - 1) for part in instruction[1]):
                if instruction[0] != ir.LIST or code.scope.code[part][0] in _SPEAKING:
                    yield from self._said(code, part, done, seen | {register})
            yield from self._said_later(code, register, done, seen | {register})
        elif instruction[0] == ir.CALL:
            yield from self._said_in_result(code, instruction, done, seen | {register})

    def _said_later(
        self, code: ScopeCode, register: int, done: frozenset[str], seen: frozenset[int]
    ) -> Iterator[tuple[int, str]]:
        """What is put into it before it is given back: `result["status"] = "sent"`, `results.append({"status": "sent"})`."""
        for place in code.fillers(register):
            instruction = code.scope.code[place]
            if instruction[0] == ir.SET_ITEM:
                key = _key(code, instruction[2])
                if self._is_said(code, key, instruction[3], done):
                    yield instruction[3], f"{key}: {_shown(code, instruction[3])}"
            elif instruction[0] == ir.CALL:
                for value in instruction[2]:
                    if value >= 0 and code.scope.code[value][0] in _SPEAKING:
                        yield from self._said(code, value, done, seen)

    def _said_in_result(
        self, code: ScopeCode, instruction: Instruction, done: frozenset[str], seen: frozenset[int]
    ) -> Iterator[tuple[int, str]]:
        """`SendResult(status="sent")`, `JSONResponse({"status": "sent"})`."""
        for keyword, value in instruction[3]:
            if keyword is not None and self._is_said(code, keyword, value, done):
                yield value, f"{keyword}={_shown(code, value)}"
            elif code.scope.code[value][0] in (ir.DICT, ir.CALL):
                yield from self._said(code, value, done, seen)
        for value in instruction[2]:
            if value >= 0:
                yield from self._said(code, value, done, seen)

    def _said_in_call(
        self, node: int, register: int, instruction: Instruction, done: frozenset[str]
    ) -> Iterator[Claim]:
        """Records and log lines: `SendLog(status="sent")`, `logger.info("SMS sent to %s", number)`."""
        code = self.sites.code(node)
        name = code.callee_name(register)
        if name in self._queries:
            return
        for keyword, value in instruction[3]:
            if keyword is not None and self._is_said(code, keyword, value, done):
                yield Claim(1, value, f"{keyword}={_shown(code, value)}")
        first = instruction[2][0] if instruction[2] else -1
        if first >= 0 and self._text(code, first, done) and self._is_telling(self.sites.calls(node)[register]):
            yield Claim(2, first, _shown(code, first))

    def _is_telling(self, view: CallView) -> bool:
        return self.records.is_log_line(view) or any(map(self.records.is_audit_named, (view.spelling, *view.names)))

    def _is_said(self, code: ScopeCode, key: str, value: int, done: frozenset[str]) -> bool:
        """Whether a value under a key is a claim: a status that says so, or a flag or time of that name."""
        parts = words(key)
        if not done.isdisjoint(parts):
            instruction = code.scope.code[value]
            if instruction[0] == ir.CONST:
                return instruction[1] is True and not self._pretends(key)
            return parts[-1] == "at" and instruction[0] == ir.CALL
        return (parts[-1:] == () or parts[-1] in self._names.keys) and self._text(code, value, done)

    def _text(self, code: ScopeCode, register: int, done: frozenset[str]) -> bool:
        """Whether a text, or a member of an enumeration, says that it is done and nothing else."""
        register = _member(code, register)
        instruction = code.scope.code[register]
        if instruction[0] == ir.ATTR and instruction[2].isupper():
            return not done.isdisjoint(words(instruction[2])) and not self._disclaims(instruction[2])
        text = _shown(code, register) if instruction[0] in (ir.CONST, ir.TEXT) else ""
        spoken = words(text)
        if done.isdisjoint(spoken) or len(spoken) > _LONGEST or _ADDRESS.search(text):
            return False
        return not self._disclaims(text)

    def _disclaims(self, text: str) -> bool:
        parts = words(text)
        return "n't" in text or self._pretends(text) or any(word in self._names.disclaiming for word in parts)

    def _pretends(self, name: str) -> bool:
        return any(word in self._names.pretending for word in words(name))


def _key(code: ScopeCode, register: int | None) -> str:
    instruction = code.scope.code[register] if register is not None else (ir.NOP,)
    return str(instruction[1]) if instruction[0] == ir.CONST else ""


def _shown(code: ScopeCode, register: int) -> str:
    """A constant as text, with `...` for what is not constant in it."""
    instruction = code.scope.code[_member(code, register)]
    if instruction[0] == ir.CONST:
        return str(instruction[1])
    if instruction[0] == ir.TEXT:
        return "".join(part if isinstance(part, str) else "..." for part in instruction[1])
    return str(instruction[2]) if instruction[0] == ir.ATTR else "..."


def _member(code: ScopeCode, register: int) -> int:
    """The member of an enumeration of which a register holds the value."""
    instruction = code.scope.code[register]
    inner = code.scope.code[instruction[1]] if instruction[0] == ir.ATTR and instruction[2] in _MEMBER else (ir.NOP,)
    return int(instruction[1]) if inner[0] == ir.ATTR and inner[2].isupper() else register
