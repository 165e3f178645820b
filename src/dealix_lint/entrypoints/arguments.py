"""Arguments of a call as rules name them, and the functions they denote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.literals import Literals
from dealix_lint.entrypoints.rules import Rules
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import Place
from dealix_lint.model.resolved import CallView
from dealix_lint.model.text import ArgumentValue, Symbol, Text

DEEPEST = 6
_HOLE: Final = re.compile(r"\{[^{}]*\}")
_SUPER = "<builtin>.super().__init__"
"""Of which class this is, is not spelled."""


class Arguments:
    """Finds argument places and the functions that values stand for."""

    def __init__(self, code: Code, literals: Literals, rules: Rules) -> None:
        self._code = code
        self._literals = literals
        self._rules = rules

    def places(self, call: Place, argument: Argument) -> Iterator[Place]:
        """Where the argument of the call at `call` is computed; nothing if `call` is no call or has no such
        argument."""
        instruction = self._code.instruction(call)
        if instruction[0] != ir.CALL:
            return
        for register in self._registers(instruction, argument):
            place = Place(call.module, call.scope, register)
            if not argument.each:
                yield place
                continue
            found = tuple(self._literals.elements(place))
            yield from found or (place,)

    def _registers(self, instruction: ir.Instruction, argument: Argument) -> list[int]:
        positional = instruction[2]
        if argument.each and argument.keyword is None:
            return [register if register >= 0 else -register - 1 for register in positional[argument.position or 0 :]]
        found = [register for keyword, register in instruction[3] if keyword and keyword == argument.keyword]
        position = argument.position
        known = 0 if position is None else position + 1
        # Behind a spread, positions say nothing.
        if not found and 0 < known <= len(positional) and min(positional[:known]) >= 0:
            found.append(positional[known - 1])
        return found

    def text(self, call: Place, arguments: tuple[Argument, ...]) -> str | None:
        """The first of these arguments that is a text."""
        for argument in arguments:
            for place in self.places(call, argument):
                text = self._literals.text(place)
                if text is not None:
                    return text
        return None

    def name(self, call: Place, arguments: tuple[Argument, ...]) -> str | None:
        """The first of these arguments that is a text of which something is known."""
        texts = (self.text(call, (argument,)) for argument in arguments)
        return next((text for text in texts if text is not None and says_something(text)), None)

    def has_several_texts(self, call: Place, arguments: tuple[Argument, ...]) -> bool:
        """Whether one of these arguments may be any of several texts: which one, only the loop around it knows."""
        places = (place for argument in arguments for place in self.places(call, argument))
        return any(len(self._literals.texts(place)) > 1 for place in places)

    def named_apart(
        self, call: Place, target: Argument, names: tuple[Argument, ...]
    ) -> dict[FunctionId, tuple[str | None, ...]]:
        """Functions that a call in a helper of the project is handed, each with the names that it is handed along with
        (None where nobody knows): `def route(path, view): urls.append(re_path(path, view))`."""
        found: dict[FunctionId, dict[str | None, None]] = {}
        for node in self._code.nodes.get((call.module, call.scope), ()):
            view = self._code.views(node).get(call)
            given = () if view is None else _values(view, target)
            functions = [self._code.by_name.get(value.name) for value in given if isinstance(value, Symbol)]
            texts = [value for name in names if view for value in _values(view, name) if isinstance(value, Text)]
            own = str(texts[0]) if len(texts) == 1 and any(isinstance(part, str) for part in texts[0].parts) else None
            for function in functions:
                if function is not None:
                    found.setdefault(function, {})[own] = None
        return {function: tuple(n for n in known if n is not None) or (None,) for function, known in found.items()}

    def functions(self, place: Place, names: dict[str, list[FunctionId]], depth: int = 0) -> list[FunctionId]:
        """Functions and classes that the value at a place stands for: by reference, by name of a unit, wrapped or as
        a signature."""
        found: dict[FunctionId, None] = {}
        for source in self._wrapped(place, depth):
            found.update(dict.fromkeys(self.functions(source, names, depth + 1)))
        for definition in self._code.denoted(place):
            if definition.kind in ("function", "class"):
                found[definition.module, definition.scope] = None
        if not found:
            for text in self._texts(place):
                found.update(dict.fromkeys(names.get(text) or self._named(text)))
        return list(found)

    def classes(self, place: Place) -> list[FunctionId]:
        """The classes of the objects that the value at a place may be."""
        names = (
            v.name.removesuffix("()") for v in self._code.values(place) if isinstance(v, Symbol) and v.name[-1:] == ")"
        )
        found = (self._code.by_name.get(name) for name in names)
        return [cls for cls in found if cls is not None and self._code.scope(cls).kind == "class"]

    def _wrapped(self, place: Place, depth: int) -> Iterator[Place]:
        """What a call hands through: `task.s()`, `partial(f)`, `csrf_exempt(view)`."""
        if depth >= DEEPEST:
            return
        for source in self._code.origins.of(place):
            instruction = self._code.instruction(source)
            if instruction[0] != ir.CALL:
                continue
            callee = Place(source.module, source.scope, instruction[1])
            callee_instruction = self._code.instruction(callee)
            if callee_instruction[0] == ir.ATTR and callee_instruction[2] in self._rules.attribute_names:
                yield Place(source.module, source.scope, callee_instruction[1])
            for name in self.callees(source):
                argument = self._rules.handed_through(name)
                if argument is not None:
                    yield from self.places(source, argument)

    def hand_over(self, call: Place) -> bool:
        """True if an argument of the call is, as written, a function or class (which `rows.append(row)` has not)."""
        _, _, positional, keywords = self._code.instruction(call)
        registers = [*(r for r in positional if r >= 0), *(r for _, r in keywords)]
        places = (Place(call.module, call.scope, register) for register in registers)
        return any(found.kind in ("function", "class") for place in places for found in self._code.denoted(place))

    def callees(self, call: Place, only_spelled: bool = False) -> list[str]:
        """Canonical external paths that a call may go to, as written, else (unless `only_spelled`) as resolved."""
        instruction = self._code.instruction(call)
        callee = Place(call.module, call.scope, instruction[1])
        found = {item.name for item in self._code.denoted(callee) if item.kind == "external"}
        found.discard(_SUPER)
        if not found and not only_spelled:
            for node in self._code.nodes.get((call.module, call.scope), ()):
                views = self._code.views(node)
                found.update(views[call].names if call in views else ())
            found.update([path for name in sorted(found) for path in self._overridden(name)])
        return sorted({self._rules.canonical(name) for name in found})

    def bases(self, call: Place) -> list[str]:
        """Canonical paths of the libraries' classes from which the project's class that a call makes an object of inherits."""
        found: dict[str, None] = {}
        for cls in self.made(call):
            found.update((self._rules.canonical(base), None) for base in self._code.classes.info(cls).external)
        return list(found)

    def made(self, call: Place) -> list[FunctionId]:
        """The classes of the project of which a call, as written, makes an object."""
        callee = Place(call.module, call.scope, self._code.instruction(call)[1])
        return [(item.module, item.scope) for item in self._code.denoted(callee) if item.kind == "class"]

    def handed_on(self, call: Place) -> Iterator[Place]:
        """The calls of the library's constructor in that of the project's class that a call makes an object of."""
        for cls in self.made(call):
            constructor = dict(self._code.methods(cls)).get("__init__")
            code = () if constructor is None else self._code.scope(constructor).code
            for register, instruction in enumerate(code):
                if constructor and instruction[0] == ir.CALL and code[instruction[1]][::2] == (ir.ATTR, "__init__"):
                    yield Place(*constructor, register)

    def _overridden(self, name: str) -> Iterator[str]:
        """The library's method that a first-party method overrides: `flask.Blueprint().add_url_rule`."""
        function = self._code.by_name.get(name)
        if function is None or not self._code.is_method(function):
            return
        owner = (function[0], self._code.scope(function).parent)
        for base in self._code.classes.info(owner).external:
            yield f"{base}().{self._code.scope(function).name}"

    def _texts(self, place: Place) -> Iterator[str]:
        text = self._literals.text(place)
        if text is not None:
            yield text
        for value in self._code.values(place):
            if isinstance(value, Symbol):
                yield value.name
            elif isinstance(value, Text):
                yield str(value)

    def _named(self, text: str) -> list[FunctionId]:
        """The function or class of a dotted name; `C()` is an instance and stands for its `__call__`."""
        found = self._code.by_name.get(text)
        if found is None and text.endswith("()"):
            found = self._code.by_name.get(f"{text[:-2]}.__call__")
        return [] if found is None else [found]


def says_something(text: str) -> bool:
    """True for a text of which something is known."""
    known = _HOLE.sub("", text)
    return known == text or any(map(str.isalnum, known))


def _values(view: CallView, argument: Argument) -> tuple[ArgumentValue, ...]:
    """What a call hands over as an argument."""
    by_keyword = dict(view.keywords).get(argument.keyword or "", ())
    position = argument.position
    return by_keyword or (
        view.arguments[position] if position is not None and 0 <= position < len(view.arguments) else ()
    )
