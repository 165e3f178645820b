"""What decorators of the project are told of the functions that they register: `@app.route("/pay", methods=["POST"])`."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.entrypoints.arguments import Arguments, says_something
from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.details import METHODS
from dealix_lint.entrypoints.givers import handed
from dealix_lint.entrypoints.literals import Literals
from dealix_lint.model import ir
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import Place


class Told:
    """Reads arguments of the call that makes a decorator, where the decorator hands them to a library."""

    def __init__(self, code: Code, literals: Literals, arguments: Arguments) -> None:
        self._code = code
        self._literals = literals
        self._arguments = arguments

    def of(self, function: FunctionId, call: Place, names: tuple[Argument, ...]) -> Iterator[tuple[str, str]]:
        """The name under which `call` registers a function, and the HTTP verbs, for each decorator in which the call stands."""
        for decorator, maker in self._decorators(function, call):
            for argument in names:
                text = next(self._texts(decorator, maker, call, argument), None)
                if text is not None and says_something(text):
                    yield text, "|".join(dict.fromkeys(map(str.upper, self._texts(decorator, maker, call, METHODS))))
                    break

    def _decorators(self, function: FunctionId, call: Place) -> Iterator[tuple[Place, FunctionId]]:
        """The decorators of a function that calls make, each with the function of the project which is called, around `call`."""
        for decorator in self._code.resolution.decorators(*function):
            if self._code.instruction(decorator.place)[0] == ir.CALL:
                for name in decorator.names:
                    maker = self._code.by_name.get(name)
                    if maker is not None and self._code.is_inside((call.module, call.scope), maker):
                        yield decorator.place, maker

    def _texts(self, decorator: Place, maker: FunctionId, call: Place, argument: Argument) -> Iterator[str]:
        for place in self._arguments.places(call, argument):
            for origin in self._code.origins.of(place):
                opcode, *operands = self._code.instruction(origin)
                if opcode == ir.PARAM and (origin.module, origin.scope) == maker:
                    for given in handed(self._code, decorator, maker, operands[0]):
                        for element in list(self._literals.elements(given)) or [given]:
                            yield from self._literals.texts(element)[:1]
