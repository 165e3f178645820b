"""How people know an entry point: `POST /route`, `task name`, `beat schedule key`."""

from __future__ import annotations

import re

from dealix_lint.entrypoints.arguments import Arguments
from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.literals import Literals
from dealix_lint.entrypoints.rules import Rules
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Argument, Unit
from dealix_lint.model.graph import Place

VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
METHODS = Argument(keyword="methods", each=True)
_FIELD = re.compile(r"\{(\w+)\}")
_OF_ITEM = Argument(keyword="detail")


class Details:
    """Fills the templates of rules."""

    def __init__(self, code: Code, rules: Rules, literals: Literals, arguments: Arguments) -> None:
        self._code = code
        self._rules = rules
        self._literals = literals
        self._arguments = arguments

    def fields(self, function: FunctionId) -> dict[str, str]:
        """What a template may name of a function itself."""
        code = self._code
        module = code.program.sources[function[0]].module
        scope = code.scope(function)
        owner = code.parent(function).name if code.is_method(function) else ""
        return {
            "module": module,
            "file": module.rpartition(".")[2],
            "function": f"{owner}.{scope.name}" if owner and scope.name.startswith("_") else scope.name,
            "command": scope.name.replace("_", "-"),
            "class": scope.name if scope.kind == "class" else owner,
        }

    def method(self, call: Place | None, path: str, function: FunctionId) -> str:
        """HTTP verbs: `methods=[...]` of the call ("route" where these are not known), else the verb that the call or the
        method is named after, else `methods` of the class, else GET."""
        given = self.given(call) if call is not None else ()
        if given:
            return "|".join(given)
        if call is not None and any(True for _ in self._arguments.places(call, METHODS)):
            return "route"
        name = self._code.scope(function).name
        if self._code.is_method(function):  # `do_GET`, `on_post`, `on_post_collection`, `render_POST`
            words = name.lower().split("_")
            name = words[1] if words[0] == "on" and len(words) > 1 else words[-1]
        for spelled in (path.rpartition(".")[2].removeprefix("add_"), name):
            if spelled in VERBS:
                return spelled.upper()
        return "|".join(self._of_class(function)) or "GET"

    def given(self, call: Place) -> tuple[str, ...]:
        """The HTTP verbs that a call lists in `methods=`, as far as each is one of which it is known which."""
        listed = (self._literals.texts(place) for place in self._arguments.places(call, METHODS))
        return tuple(dict.fromkeys(texts[0].upper() for texts in listed if len(texts) == 1 and texts[0]))

    def _of_class(self, method: FunctionId) -> tuple[str, ...]:
        """The HTTP verbs that the class of a method lists in its attribute `methods`."""
        if not self._code.is_method(method):
            return ()
        owner = (method[0], self._code.scope(method).parent)
        registers = self._code.symbols.exports(*owner).get("methods", ())
        places = (place for register in registers for place in self._literals.elements(Place(*owner, register)))
        return tuple(dict.fromkeys(text.upper() for place in places if (text := self._literals.text(place))))

    def verb(self, function: FunctionId) -> str:
        """The HTTP verbs that decorators let a view answer, else "route"."""
        found: dict[str, None] = {}
        for decorator in self._code.resolution.decorators(*function):
            for name in decorator.names:
                for rule in self._rules.verbs.find(self._rules.canonical(name)):
                    found.update(dict.fromkeys(rule.verbs))
                    places = self._arguments.places(decorator.place, rule.argument) if rule.argument else ()
                    found.update((text.upper(), None) for place in places if (text := self._literals.text(place)))
        return "|".join(found) or "route"

    def item(self, call: Place | None) -> str:
        """`{pk}/` for a decorator that says with `detail=True` that the route is of one object."""
        places = self._arguments.places(call, _OF_ITEM) if call is not None else ()
        return "{pk}/" if any(self._code.instruction(place)[:2] == (ir.CONST, True) for place in places) else ""

    def fill(self, template: str, fields: dict[str, str]) -> str:
        """The template with its fields; a field that is unknown is left as it is."""
        return _FIELD.sub(lambda found: fields.get(found.group(1), found.group()), template).strip()

    def name(self, unit: Unit, owner: FunctionId, place: Place | None, fields: dict[str, str]) -> str:
        """What the decorator, an attribute of the class or else the rule calls a unit."""
        if place is not None:
            find = self._arguments.name if "{name}" in unit.detail else self._arguments.text
            text = find(place, unit.names)
            if text is not None:
                return text
        if unit.name_attribute:
            registers = self._code.symbols.exports(*owner).get(unit.name_attribute, ())
            texts = (self._literals.text(Place(*owner, register)) for register in registers)
            text = next((text for text in texts if text), None)
            if text is not None:
                return text
        return self.fill(unit.default_name, fields)
