"""Fields that a call describes: `level: str = Field(default="A2")`, `field(default_factory=lambda: "A2")`."""

from __future__ import annotations

from typing import Final

from dealix_lint.model import ir
from dealix_lint.model.graph import Place
from dealix_lint.model.ir import Instruction
from dealix_lint.model.resolved import Resolution
from dealix_lint.model.summary import Scope
from dealix_lint.model.text import ArgumentValue, Text

_FIELDS: Final = frozenset({"Field", "field", "attrib", "ib"})
"""Functions that describe the fields of dataclasses and models."""
FACTORIES: Final = ("default_factory", "factory")


def describes_field(code: tuple[Instruction, ...], register: int) -> bool:
    """Whether the instruction at a register is a call of such a function, by its last name."""
    callee = code[code[register][1]] if code[register][0] == ir.CALL else (ir.NOP,)
    return callee[0] in (ir.NAME, ir.FREE, ir.ATTR) and callee[2 if callee[0] == ir.ATTR else 1] in _FIELDS


def default_register(call: Instruction) -> int:
    """The register of the default that such a call states; -1 if it states none."""
    stated = [value for keyword, value in call[3] if keyword == "default"] or list(call[2][:1])
    return max(stated[0], -1) if stated else -1


def default_values(resolution: Resolution, owner: tuple[int, int], register: int) -> tuple[ArgumentValue, ...]:
    """The default of a field that the body of a class at (module, scope) describes at a register; nothing where it has
    none, or none that is known."""
    scopes = resolution.program.summaries[owner[0]].scopes
    code = scopes[owner[1]].code
    register = code[register][2] if code[register][0] == ir.DECLARED else register
    if register < 0 or not describes_field(code, register):
        return ()
    made = [scopes[code[r][1]] for name, r in code[register][3] if name in FACTORIES and code[r][0] == ir.FUNCTION]
    view = resolution.call_in_class(Place(*owner, register)) if default_register(code[register]) >= 0 else None
    if made or view is None:
        return _constant(made[0]) if made else ()
    stated = [values for name, values in view.keywords if name == "default"]
    return (*stated, *view.arguments)[0]


def _constant(factory: Scope) -> tuple[ArgumentValue, ...]:
    """The text that a function gives back, whatever happens."""
    given = {factory.code[instruction[1]] for instruction in factory.code if instruction[0] == ir.RETURN}
    texts = [Text((str(value[1]),)) for value in given if value[0] == ir.CONST and isinstance(value[1], str)]
    return tuple(texts) if len(texts) == len(given) == 1 else ()
