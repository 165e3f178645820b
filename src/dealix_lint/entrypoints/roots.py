"""Starts that no framework makes: open roots, scripts, and imports that do something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealix_lint.entrypoints.candidate import Candidate
from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.entrypoints.cycles import Callers
from dealix_lint.entrypoints.inner import is_only_called
from dealix_lint.entrypoints.references import References
from dealix_lint.entrypoints.unknowns import UnknownCallers
from dealix_lint.model import ir
from dealix_lint.model.graph import MEDIUM, Place
from dealix_lint.model.summary import Scope

NO_CALLERS = "nothing analysed calls it"
UNKNOWN_CALLERS = "its callers are not known"
"""What people are told of functions that no framework runs: that there is no call, or that there may be calls."""


def open_roots(code: Code, callers: Callers, known: frozenset[FunctionId]) -> Iterator[Candidate]:
    """Functions and methods that nothing analysed is known to call or refers to and no framework runs."""
    uncalled = [
        function
        for function, scope in code.scopes()
        if function not in known and _may_be_root(code, function, scope) and not callers.is_entered(function)
    ]
    referred = References(code, frozenset(uncalled)).all()
    found = [function for function in uncalled if function not in referred]
    unknown = UnknownCallers(code, callers, found)
    for function in found:
        if unknown.has(function) or _is_unheld(code, callers, function):
            yield Candidate(function, "open", UNKNOWN_CALLERS, "always", confidence=MEDIUM)
        else:
            yield Candidate(function, "open", NO_CALLERS, "always")


def stranded(code: Code, callers: Callers, starts: Iterable[Candidate], targets: frozenset[int]) -> Iterator[Candidate]:
    """Functions that somebody refers to, that nothing analysed calls, and without which one of `targets` would be reached
    by no start: handlers in a table that is read outside, callbacks kept for later."""
    graph = code.resolution.graph
    reached = graph.reached_from({node for start in starts for node in callers.starting_nodes(start.function)})
    reaching = graph.reaching(targets - reached) if targets - reached else frozenset()
    found = [
        function
        for function, scope in (code.scopes() if reaching else ())
        if scope.kind in ("function", "lambda")
        and not reaching.isdisjoint(code.nodes.get(function, ()))
        and not callers.has_any(function)
    ]
    for function in _without_wrappers(code, callers, found, reaching):
        yield Candidate(function, "open", UNKNOWN_CALLERS, "always", confidence=MEDIUM)


def _is_unheld(code: Code, callers: Callers, function: FunctionId) -> bool:
    """Whether the function, or a wrapper around it, came to a place that holds too much to tell what is called out of it."""
    around = callers.wrapping_nodes(function) if code.scope(function).decorators else frozenset()
    return any(map(code.resolution.is_unheld, around.union(code.nodes.get(function, ()))))


def _without_wrappers(
    code: Code, callers: Callers, found: list[FunctionId], reaching: frozenset[int]
) -> Iterator[FunctionId]:
    """Of some functions those that are more than the wrappers of others, whose runs begin in them."""
    around = {function: callers.wrapping_nodes(function) for function in found}
    wrapped: dict[int, list[FunctionId]] = {}  # by the nodes of their wrappers
    for function, shell in around.items():
        for node in shell:
            wrapped.setdefault(node, []).append(function)
    for function in found:
        nodes, own = reaching.intersection(code.nodes.get(function, ())), around[function]
        if any(all(not own.isdisjoint(code.nodes.get(other, ())) for other in wrapped.get(node, ())) for node in nodes):
            yield function


def _may_be_root(code: Code, function: FunctionId, scope: Scope) -> bool:
    """Plain functions and methods; of nested functions, which live and die with a call, those that a decorator hands
    on while the function around them does not call them."""
    if scope.kind != "function" or scope.name == "__call__":
        return scope.kind == "function"
    if scope.name.startswith("__") and scope.name.endswith("__"):
        return False
    outer = (code.scope(around).kind for around in code.enclosing(function))
    is_inner = any(kind in ("function", "lambda") for kind in outer)
    return not is_inner or (bool(scope.decorators) and not is_only_called(code, function))


def scripts(code: Code) -> Iterator[Candidate]:
    """Modules with an `if __name__ == "__main__"`, and those that stand for their package as a program."""
    for module in range(len(code.program.summaries)):
        if is_script(code, module):
            name = code.program.sources[module].module
            yield Candidate((module, 0), "cli", f"script {name}", "always")


def is_script(code: Code, module: int) -> bool:
    """True if the module's code tests whether it is run as a program, or is what `python -m package` runs."""
    if code.program.sources[module].path.rpartition("/")[2] == "__main__.py":
        return True
    blocks = code.scope((module, 0)).blocks
    return any(block.test >= 0 and _is_main_test(code, Place(module, 0, block.test)) for block in blocks)


def _is_main_test(code: Code, place: Place) -> bool:
    instruction = code.instruction(place)
    if instruction[0] != ir.LOGIC:
        return False
    operands = [code.instruction(Place(place.module, place.scope, register)) for register in instruction[2]]
    names = any(operand[:2] == (ir.NAME, "__name__") for operand in operands)
    return names and any(operand[:2] == (ir.CONST, "__main__") for operand in operands)


def imports(code: Code, reaching: frozenset[int]) -> Iterator[Candidate]:
    """Modules whose top-level code reaches one of these nodes: importing them does it."""
    for module in range(len(code.program.summaries)):
        if not reaching.isdisjoint(code.nodes.get((module, 0), ())) and not is_script(code, module):
            yield Candidate((module, 0), "open", f"import of {code.program.sources[module].module}", "always")
