"""What a class puts before the routes of its methods: `route_base = "/register"`."""

from __future__ import annotations

import re

from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.literals import Literals
from dealix_lint.model import ir
from dealix_lint.model.graph import Place

MOST_BASES = 3  # of one method that subclasses inherit; with more, the route is known by its end
_FIELD = re.compile(r"\{(\w+)\}")


class Bases:
    """Fills templates with the attributes of classes."""

    def __init__(self, code: Code, literals: Literals) -> None:
        self._code = code
        self._literals = literals

    def before(self, method: FunctionId, templates: tuple[str, ...]) -> list[str]:
        """What stands before the routes of a method: the first template of which its class says all parts; where it leaves them
        to its subclasses, what these say that do not override it. `""` where nothing is known."""
        if not templates or not self._code.is_method(method):
            return [""]
        owner = (method[0], self._code.scope(method).parent)
        heirs = self._code.classes.heirs(owner, self._code.scope(method).name)
        known = sorted(
            {base for identity in (owner, *heirs) if (base := self._filled(identity, templates)) is not None}
        )
        return known if 0 < len(known) <= MOST_BASES else [""]

    def _filled(self, identity: FunctionId, templates: tuple[str, ...]) -> str | None:
        for template in templates:
            fields = {field: self._text(identity, field) for field in _FIELD.findall(template)}
            if None not in fields.values():
                return template.format_map(fields)
        return None

    def _text(self, identity: FunctionId, attribute: str) -> str | None:
        """The text that a class, or the nearest base that says anything else than None, has for an attribute."""
        for owner in self._code.classes.info(identity).ancestry:
            registers = self._code.symbols.exports(*owner).get(attribute, ())
            for register in reversed(registers):
                instruction = self._code.instruction(Place(*owner, register))
                if instruction[0] == ir.DECLARED and instruction[2] >= 0:
                    register = instruction[2]
                text = self._literals.text(Place(*owner, register))
                if text is not None:
                    return text
        return None
