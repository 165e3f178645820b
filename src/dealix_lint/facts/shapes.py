"""The three classes as they stand in the arguments of a call or decorator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dealix_lint.facts.definitions import Definitions
from dealix_lint.facts.levels import fold, is_level
from dealix_lint.facts.names import snake
from dealix_lint.model import ir, text
from dealix_lint.model.facts import NO_CLASSES, ClassTriple, ClassValue
from dealix_lint.model.policy import AXES, Axis, Policy
from dealix_lint.model.resolved import CallView, Decorator
from dealix_lint.model.text import ArgumentValue

Values = tuple[ArgumentValue, ...]
Named = Iterable[tuple[str, Values]]


class Shapes:
    """Reads classes from arguments, by the keywords of the policy."""

    __slots__ = ("_long", "_short", "definitions", "policy")

    def __init__(self, policy: Policy, definitions: Definitions) -> None:
        self.policy = policy
        self.definitions = definitions
        self._long = {snake(word): axis for axis, entry in enumerate(policy.axes) for word in entry.keywords}
        self._short = {snake(word): axis for axis, entry in enumerate(policy.axes) for word in entry.short}

    def spellings(self) -> frozenset[str]:
        """All keywords as they are usually written: snake, camel, Pascal and kebab case, capitals."""
        found: set[str] = set()
        for word in (*self._long, *self._short):
            parts = word.split("_")
            pascal = "".join(part.title() for part in parts)
            found |= {word, word.upper(), "-".join(parts), pascal, pascal[:1].lower() + pascal[1:]}
        return frozenset(found)

    @property
    def long_names(self) -> frozenset[str]:
        """The long keywords, as attributes are called."""
        return frozenset(self._long)

    def telling(self) -> frozenset[str]:
        """Words without which code states no classes: the keywords and all levels."""
        return self.spellings() | {level for axis in self.policy.axes for level in axis.levels}

    def is_keyword(self, name: str) -> bool:
        """Whether a name states a class, in its long or short form."""
        word = snake(name)
        return word in self._long or word in self._short

    def long_axis(self, name: str) -> int | None:
        """The axis that a long name states."""
        return self._long.get(snake(name))

    def read(self, named: Named, positional: Sequence[Values] = (), *, trusts_short: bool = False) -> ClassTriple:
        """Classes among arguments: named ones, then those of dict values, then levels that stand by position.

        `trusts_short`: the short keywords count alone too (configured markers)."""
        named = tuple(named)
        found = self._bundle(named, trusts_short)
        everything = (*positional, *(values for _, values in named))
        for mapping in _mappings(everything):
            found = filled(found, self._bundle(mapping.items, trusts_short))
        if any(value is None for value in found):
            found = filled(found, self._by_position(positional, everything))
        return found

    def named(self, call: CallView | Decorator) -> Named:
        """The keyword arguments of a call; a member of an enumeration counts by its own name where its value is no level
        (`Approval.A2`, numbered 2)."""
        code = self.definitions.scope((call.place.module, call.place.scope)).code
        instruction = code[call.place.register]
        registers = dict(instruction[3]) if instruction[0] == ir.CALL else {}
        for name, values in call.keywords:
            axis = self._long.get(snake(name), self._short.get(snake(name)))
            member = _member_name(code, registers.get(name, -1))
            if axis is not None and name in registers:
                values = self._looked_up(code, registers[name], values) or values
            is_level = axis is not None and member in self.policy.axes[axis].levels
            yield name, (text.Text((member,)),) if is_level and not self._has_level(values, axis or 0) else values

    def bound(self, call: CallView | Decorator) -> list[tuple[str, Values]]:
        """Positional arguments by the names of the parameters they are bound to."""
        for name in call.names if call.arguments else ():
            parameters = self.definitions.positional_parameters(name)
            if any(map(self.is_keyword, parameters)):
                return list(zip(parameters, call.arguments, strict=False))
        return []

    def _looked_up(self, code: tuple[ir.Instruction, ...], register: int, values: Values) -> Values:
        """A member of an enumeration by its name or value: `Approval["EXECUTIVE"]`, `Approval("A3")`."""
        instruction = code[register]
        is_call = (
            instruction[0] == ir.CALL and len(instruction[2]) == 1 and instruction[2][0] >= 0 and not instruction[3]
        )
        if not is_call and instruction[0] != ir.SUBSCRIPT:
            return ()
        key = code[instruction[2][0] if is_call else instruction[2]]
        for value in values if key[0] == ir.CONST and isinstance(key[1], str) else ():
            name = value.name.removesuffix("()") if isinstance(value, text.Symbol) else ""
            place = self.definitions.find_class(name)
            members = self.definitions.attributes(place) if place is not None else {}
            if not is_call and key[1] in members:
                return members[key[1]]
            if is_call and any(text.Text((key[1],)) in stated for stated in members.values()):
                return (text.Text((key[1],)),)
        return ()

    def of_value(self, values: Values) -> ClassTriple:
        """Classes that a value itself is made of: a dict with the keywords as keys, or a tuple of three levels."""
        return self.read((), (values,))

    def joined(self, triples: Sequence[ClassTriple]) -> ClassTriple:
        """What one of several things states, whichever it is: on each axis that all of them state, all their values."""
        parts = [_either([triple[index] for triple in triples], axis) for index, axis in enumerate(self.policy.axes)]
        return parts[0], parts[1], parts[2]

    def _bundle(self, named: Named, trusts_short: bool) -> ClassTriple:
        long: dict[int, Values] = {}
        short: dict[int, Values] = {}
        for name, values in named:
            word = snake(name)
            if word in self._long:
                long[self._long[word]] = values
            elif word in self._short:
                short[self._short[word]] = values
        if not trusts_short:
            certain = sum(self._has_level(values, axis) for axis, values in short.items())
            short = short if certain and certain + len(long) > 1 else {}
        return self._folded({**short, **long})

    def _has_level(self, values: Values, axis: int) -> bool:
        return any(is_level(value, self.policy.axes[axis], self.definitions) for value in values)

    def _folded(self, by_axis: dict[int, Values]) -> ClassTriple:
        parts = [
            fold(by_axis[axis], self.policy.axes[axis], self.definitions) if axis in by_axis else None
            for axis in range(len(AXES))
        ]
        return parts[0], parts[1], parts[2]

    def _by_position(self, positional: Sequence[Values], everything: Sequence[Values]) -> ClassTriple:
        groups = [[value for values in positional for value in values]]
        groups += [list(sequence.elements) for sequence in _sequences(everything)]
        for group in groups:
            parts = [_levels_among(group, axis, self.definitions) for axis in self.policy.axes]
            if all(parts):
                return parts[0], parts[1], parts[2]
        return NO_CLASSES


def filled(first: ClassTriple, second: ClassTriple) -> ClassTriple:
    """The first triple, its gaps filled from the second."""
    return first[0] or second[0], first[1] or second[1], first[2] or second[2]


def certain(classes: ClassTriple) -> ClassTriple:
    """Without what is only known at run time."""
    parts = [value if value is not None and (value.levels or value.invalid) else None for value in classes]
    return parts[0], parts[1], parts[2]


def _member_name(code: tuple[ir.Instruction, ...], register: int) -> str:
    """The last attribute written: `A2` of `Approval.A2`, of `Approval.A2.value`."""
    if register < 0 or code[register][0] != ir.ATTR:
        return ""
    _, holder, name = code[register]
    return _member_name(code, holder) if name in ("value", "name") else name


def _either(values: Sequence[ClassValue | None], axis: Axis) -> ClassValue | None:
    stated = [value for value in values if value is not None]
    if len(stated) < len(values):
        return None
    levels = {level for value in stated for level in value.levels}
    invalid = {text for value in stated for text in value.invalid}
    is_open = any(value.is_open for value in stated)
    return ClassValue(tuple(sorted(levels, key=axis.rank)), tuple(sorted(invalid)), is_open)


def _levels_among(group: list[ArgumentValue], axis: Axis, definitions: Definitions) -> ClassValue | None:
    values = [value for value in group if is_level(value, axis, definitions)]
    return fold(values, axis, definitions) if values else None


def _mappings(arguments: Iterable[Values]) -> Iterator[text.Mapping]:
    for values in arguments:
        for value in values:
            if isinstance(value, text.Mapping):
                yield value
                yield from (inner for _, nested in value.items for inner in nested if isinstance(inner, text.Mapping))


def _sequences(arguments: Iterable[Values]) -> Iterator[text.Sequence]:
    for values in arguments:
        yield from (value for value in values if isinstance(value, text.Sequence))
