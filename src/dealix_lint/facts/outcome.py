"""Which side of a branch means that a call succeeded."""

from __future__ import annotations

from enum import Enum
from typing import Final

from dealix_lint.facts.code import ScopeCode, operands
from dealix_lint.facts.names import words
from dealix_lint.model import ir
from dealix_lint.model.ir import Instruction
from dealix_lint.model.summary import Scope


class Outcome(Enum):
    """What it means for the call that the test holds."""

    SUCCESS = "success"
    FAILURE = "failure"
    UNKNOWN = "unknown"  # the test is about the call's result, but what it says is not known
    UNRELATED = "unrelated"

    @property
    def opposite(self) -> Outcome:
        """What it means that the test does not hold."""
        return {Outcome.SUCCESS: Outcome.FAILURE, Outcome.FAILURE: Outcome.SUCCESS}.get(self, self)


_GOOD_WORDS: Final = frozenset(
    {
        "ok",
        "is_success",
        "success",
        "succeeded",
        "sent",
        "delivered",
        "accepted",
        "paid",
        "is_ok",
        "status_ok",
        "queued",
        "created",
    }
)
_BAD_WORDS: Final = frozenset(
    {
        "is_error",
        "is_client_error",
        "is_server_error",
        "error",
        "errors",
        "failed",
        "failure",
        "error_code",
        "error_message",
        "exception",
    }
)
_GONE: Final = frozenset({404, 409, 410, 412})
_GONE_WORDS: Final = frozenset(
    {
        "exist",
        "exists",
        "existing",
        "already",
        "gone",
        "missing",
        "found",
        "deleted",
        "removed",
        "duplicate",
        "duplicated",
    }
)
"""What codes of errors say after which things are as they were wanted."""
_NEGATED: Final = {"!=": "==", "not in": "in", "is not": "is"}
_BELOW: Final = frozenset({"<", "<="})
_ABOVE: Final = frozenset({">", ">="})


def branch_outcome(scope: Scope, test: int, place: int) -> Outcome:
    """What the test at register `test` says of the call at `place` when it holds."""
    if not _depends(scope, test, place):
        return Outcome.UNRELATED
    found = _outcome(scope, test, place)
    # What an error is like says nothing of whether there is one.
    return Outcome.UNRELATED if scope.code[place][0] == ir.CAUGHT and not _is_about_presence(scope, test) else found


def _is_about_presence(scope: Scope, test: int) -> bool:
    """Whether a test asks whether something is there: `if error`, `if error is None`."""
    instruction = scope.code[test]
    if instruction[0] == ir.LOGIC:
        is_none = scope.code[instruction[2][-1]] == (ir.CONST, None) or instruction[1] == "not"
        return is_none and _is_about_presence(scope, instruction[2][0])
    if instruction[0] == ir.PHI:
        return any(_is_about_presence(scope, part) for part in instruction[1] if part < test)
    return instruction[0] in (ir.CAUGHT, ir.NARROW)


def particular_side(scope: Scope, test: int, error: int) -> int:
    """Which side of a test is for one particular error (`error.code == "exists"`, `isinstance(error, Gone)`): 0 where it
    holds, 1 where it does not, -1 if none is."""
    if not _depends(scope, test, error):
        return -1
    instruction = scope.code[test]
    if instruction[0] == ir.PHI and len(instruction) > 2:
        sides = [particular_side(scope, part, error) for part in instruction[1]]
        return 0 if 0 in sides else -1
    if instruction[0] != ir.LOGIC:
        return 0 if instruction[0] in (ir.CALL, ir.ATTR, ir.SUBSCRIPT) else -1
    if instruction[1] == "not":
        inner = particular_side(scope, instruction[2][0], error)
        return 1 - inner if inner >= 0 else -1
    if len(instruction[2]) != 2 or not _may_be_harmless(scope, scope.code[instruction[2][1]]):
        return -1
    return {"==": 0, "in": 0, "is": 0, "!=": 1, "not in": 1, "is not": 1}.get(instruction[1], -1)


def asked_classes(code: ScopeCode, test: int, error: int) -> tuple[int, ...]:
    """Registers of the classes of which a test asks whether the error is of one, and nothing else."""
    instruction = code.scope.code[test]
    if instruction[0] == ir.LOGIC and instruction[1] in ("not", "bool"):
        return asked_classes(code, instruction[2][0], error)
    if instruction[0] == ir.PHI and instruction[2:] == ("or",):
        parts = [asked_classes(code, part, error) for part in instruction[1]]
        return tuple(types for part in parts for types in part) if all(parts) else ()
    is_asked = instruction[0] == ir.CALL and code.callee_name(test) == "isinstance" and len(instruction[2]) == 2
    if not is_asked or min(instruction[2]) < 0 or code.value_of(instruction[2][0]) != error:
        return ()
    types: tuple[int, ...] = instruction[2][1:]
    return types


def is_harmless(scope: Scope, test: int) -> bool:
    """Whether a test holds only where an answer says that things are as they were wanted: `status == 404`."""
    instruction = scope.code[test]
    if instruction[0] == ir.PHI:
        return all(is_harmless(scope, part) for part in instruction[1] if part < test)
    is_one = instruction[0] == ir.LOGIC and instruction[1] in ("==", "in", "is") and len(instruction[2]) == 2
    return is_one and _may_be_harmless(scope, scope.code[instruction[2][1]])


def _may_be_harmless(scope: Scope, wanted: Instruction) -> bool:
    """Whether an error of that code means that what was wanted is so already: gone, or there. What a name stands for may."""
    if wanted[0] in (ir.TUPLE, ir.LIST, ir.SET):
        return all(item >= 0 and _may_be_harmless(scope, scope.code[item]) for item in wanted[1])
    if wanted[0] != ir.CONST:
        return True
    if isinstance(wanted[1], str):
        return (wanted[1].isdigit() and int(wanted[1]) in _GONE) or not _GONE_WORDS.isdisjoint(words(wanted[1]))
    return wanted[1] in _GONE


def _depends(scope: Scope, register: int, place: int) -> bool:
    seen: set[int] = set()
    pending = [register]
    while pending:
        current = pending.pop()
        if current == place:
            return True
        if current not in seen:
            seen.add(current)
            pending.extend(operands(scope.code[current]))
    return False


def _outcome(scope: Scope, register: int, place: int, joined: frozenset[int] = frozenset()) -> Outcome:
    """`joined`: the `PHI`s that are being looked at; loops make them depend on each other."""
    instruction = scope.code[register]
    opcode = instruction[0]
    if register == place:
        return Outcome.SUCCESS
    if opcode == ir.LOGIC:
        return _logic(scope, instruction, place, joined)
    if _is_other_part(scope, register):
        return Outcome.UNKNOWN
    if opcode in (ir.AWAIT, ir.NARROW, ir.ITEM):
        return _outcome(scope, instruction[1], place, joined)
    if opcode == ir.DECLARED and instruction[2] >= 0:
        return _outcome(scope, instruction[2], place, joined)
    if opcode == ir.PHI:
        above = joined | {register}
        parts = [part for part in instruction[1] if part not in above and _depends(scope, part, place)]
        outcomes = [_outcome(scope, part, place, above) for part in parts]
        if len(instruction) > 2:  # `isinstance(r, dict) and r["status"] == "failed"`: what says something decides
            outcomes = [outcome for outcome in outcomes if outcome is not Outcome.UNKNOWN]
        return _agreed(outcomes)
    word = _word(scope, instruction)
    return Outcome.SUCCESS if word in _GOOD_WORDS else Outcome.FAILURE if word in _BAD_WORDS else Outcome.UNKNOWN


def _is_other_part(scope: Scope, register: int) -> bool:
    """Whether a register is what comes along with an answer: `errors` of `answer, errors = send()`."""
    instruction = scope.code[register]
    return bool(instruction[0] == ir.ITEM and instruction[2] != 0)


def _agreed(outcomes: list[Outcome]) -> Outcome:
    return outcomes[0] if outcomes and all(outcome is outcomes[0] for outcome in outcomes) else Outcome.UNKNOWN


def _word(scope: Scope, instruction: Instruction) -> str:
    """The attribute, key or method that is asked for: `r.ok`, `r["ok"]`, `r.get("ok")`, `r.is_success()`."""
    opcode = instruction[0]
    if opcode == ir.ATTR:
        return str(instruction[2])
    if opcode == ir.SUBSCRIPT:
        return _constant_text(scope, instruction[2])
    if opcode == ir.CALL:
        callee = scope.code[instruction[1]]
        if callee[0] == ir.ATTR and callee[2] == "get" and instruction[2]:
            return _constant_text(scope, max(instruction[2][0], 0))
        return _word(scope, callee)
    return ""


def _constant_text(scope: Scope, register: int) -> str:
    instruction = scope.code[register]
    return instruction[1].lower() if instruction[0] == ir.CONST and isinstance(instruction[1], str) else ""


def _logic(scope: Scope, instruction: Instruction, place: int, joined: frozenset[int]) -> Outcome:
    operator: str = instruction[1]
    registers: tuple[int, ...] = instruction[2]
    if operator == "not":
        return _outcome(scope, registers[0], place, joined).opposite
    if len(registers) != 2:
        return Outcome.UNKNOWN
    positive = _NEGATED.get(operator, operator)
    outcome = _comparison(scope, positive, registers[0], registers[1], place, joined)
    return outcome.opposite if positive != operator else outcome


def _comparison(scope: Scope, operator: str, left: int, right: int, place: int, joined: frozenset[int]) -> Outcome:
    wanted = scope.code[right]
    if wanted[0] in (ir.TUPLE, ir.LIST, ir.SET) and wanted[1]:
        return _agreed([_compared_with(scope.code[max(item, 0)], "==") for item in wanted[1]])
    if wanted[0] in (ir.NAME, ir.ATTR):
        return _compared_with_name(wanted[1 if wanted[0] == ir.NAME else 2], operator)
    if wanted[0] != ir.CONST:
        return Outcome.UNKNOWN
    value = wanted[1]
    if isinstance(value, bool):
        inner = _outcome(scope, left, place, joined)
        return inner if value else inner.opposite
    if value is None and _is_other_part(scope, left):
        return Outcome.UNKNOWN
    if value is None:
        return Outcome.SUCCESS if _word(scope, scope.code[left]) in _BAD_WORDS else Outcome.FAILURE
    return _compared_with(wanted, operator)


def _compared_with_name(name: str, operator: str) -> Outcome:
    """A status compared with a named constant: `OK_STATUS_CODE`, `HTTPStatus.CREATED`, `Status.FAILED`."""
    words = frozenset(name.lower().split("_"))
    if operator not in ("==", "is") or words.isdisjoint(_GOOD_WORDS | _BAD_WORDS):
        return Outcome.UNKNOWN
    return Outcome.FAILURE if words & _BAD_WORDS else Outcome.SUCCESS


def _compared_with(constant: Instruction, operator: str) -> Outcome:
    """A status compared with a constant: HTTP codes and words."""
    value = constant[1] if constant[0] == ir.CONST else None
    if isinstance(value, str):
        word = value.lower()
        return Outcome.SUCCESS if word in _GOOD_WORDS else Outcome.FAILURE if word in _BAD_WORDS else Outcome.UNKNOWN
    if not isinstance(value, int) or not 100 <= value < 600:
        return Outcome.UNKNOWN
    if operator == "==":
        return Outcome.SUCCESS if value < 400 else Outcome.FAILURE
    if operator in _BELOW:
        return Outcome.SUCCESS
    return Outcome.FAILURE if operator in _ABOVE else Outcome.UNKNOWN
