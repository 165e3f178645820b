"""How people know an entry point: `POST /route`, `task name`, `beat schedule key`."""

from __future__ import annotations

from dealix_lint.entrypoints.arguments import Arguments
from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.literals import Literals
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import Place

VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_METHODS = Argument(keyword="methods", each=True)


class Details:
    """Fills the templates of rules."""

    def __init__(self, code: Code, literals: Literals, arguments: Arguments) -> None:
        self._code = code
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
            "function": scope.name,
            "command": scope.name.replace("_", "-"),
            "class": scope.name if scope.kind == "class" else owner,
        }

    def method(self, call: Place | None, path: str, function: FunctionId) -> str:
        """HTTP verbs: `methods=[...]` of the call, else the verb that the call or the method is named after, else
        GET."""
        if call is not None:
            texts = (self._literals.text(place) for place in self._arguments.places(call, _METHODS))
            given = [text.upper() for text in texts if text]
            if given:
                return "|".join(dict.fromkeys(given))
        name = self._code.scope(function).name
        if self._code.is_method(function):  # `do_GET`, `on_post`, `render_POST`
            name = name.rpartition("_")[2].lower()
        for spelled in (path.rpartition(".")[2].removeprefix("add_"), name):
            if spelled in VERBS:
                return spelled.upper()
        return "GET"

    def fill(self, template: str, fields: dict[str, str]) -> str:
        """The template with its fields; a field that is unknown is left as it is."""
        for key, value in fields.items():
            template = template.replace("{" + key + "}", value)
        return template.strip()
