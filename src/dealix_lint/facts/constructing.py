"""What the objects of first-party classes are made of: which arguments of the call that makes one an attribute holds."""

from __future__ import annotations

from dealix_lint.facts.code import ScopeCode, is_empty
from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.described import default_register, describes_field
from dealix_lint.facts.handing import handed_to
from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.ir import Instruction


class Constructing:
    """Calls of constructors."""

    __slots__ = ("_empty", "sites")

    def __init__(self, sites: Sites) -> None:
        self.sites = sites
        self._empty: dict[tuple[str, str], bool] = {}

    def of(self, node: int, register: int, attribute: str) -> tuple[int, ...]:
        """Arguments of the call that makes an object of a first-party class which an attribute of that name holds: those of the
        parameter or field that is called so."""
        sites, call = self.sites, self.sites.code(node).scope.code[register]
        if not any(sites.definitions.find_class(name) for name in sites.calls(node)[register].names):
            return ()
        named = tuple(value for keyword, value in call[3] if keyword == attribute)
        if named:
            return named
        constructors = [e.target for e in sites.edges(node).get(register, ()) if sites.is_constructor(e.target)]
        if not constructors:  # a dataclass or model: its fields are its parameters
            positions = (
                p for name in sites.calls(node)[register].names for p in sites.definitions.positional_parameters(name)
            )
            given = (value for p, value in zip(positions, call[2], strict=False) if p == attribute)
            return tuple(given) if all(value >= 0 for value in call[2]) else ()
        return tuple(
            value
            for target in constructors
            for index, parameter in enumerate(sites.code(target).scope.parameters)
            if parameter.name == attribute
            for _, value, _ in handed_to(call, sites.code(target).scope, index)
        )

    def leaves_empty(self, node: int, register: int, attribute: str) -> bool:
        """Whether a call makes an object of a first-party class, and leaves an attribute at a default that is nothing."""
        call, names = self.sites.code(node).scope.code[register], self.sites.calls(node)[register].names
        if any(value < 0 for value in call[2]) or any(keyword is None for keyword, _ in call[3]):
            return False
        is_left = bool(names) and all(self._is_empty_by_default(name, attribute) for name in names)
        return is_left and not self.of(node, register, attribute)

    def _is_empty_by_default(self, name: str, field: str) -> bool:
        known = self._empty.get((name, field))
        if known is None:
            place = self.sites.definitions.find_class(name)
            known = self._empty[name, field] = place is not None and self._find_empty(place, field)
        return known

    def _find_empty(self, place: ScopeId, field: str) -> bool:
        definitions = self.sites.definitions
        initialiser = definitions.initialiser(place)
        if any(definitions.find(f"{definitions.name(base)}.__post_init__") for base in definitions.mro(place)):
            return False
        if initialiser is not None:
            return self._keeps_empty(initialiser, field)
        for base in definitions.mro(place):
            register = definitions.attribute_register(base, field)
            if register >= 0:
                return _says_nothing(self.sites.code_of(base), register)
        return False

    def _keeps_empty(self, initialiser: ScopeId, field: str) -> bool:
        """Whether a constructor keeps a parameter of that name as it is, and its default is nothing."""
        code = self.sites.code_of(initialiser)
        outer, defaults = self.sites.definitions.default_registers(initialiser)
        index = next((n for n, p in enumerate(code.scope.parameters) if p.name == field), -1)
        written = [i[3] for i in code.scope.code if i[0] == ir.SET_ATTR and i[2] == field]
        is_kept = bool(written) and all(code.scope.code[code.value_of(r)] == (ir.PARAM, index) for r in written)
        return is_kept and any(n == index and _says_nothing(self.sites.code_of(outer), r) for n, r in defaults)


def _says_nothing(code: ScopeCode, register: int) -> bool:
    """Whether a default is None or an empty text: `= None`, `= Field(default="")`."""
    register = code.value_of(register)
    instruction: Instruction = code.scope.code[register]
    if describes_field(code.scope.code, register):
        default = default_register(instruction)
        return default >= 0 and is_empty(code.scope.code[default])
    return is_empty(instruction)
