"""Functions that an installed command runs (`pay = "shop.cli:main"` of a packaging file), and programs that only call one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from dealix_lint.entrypoints.candidate import CLI, Candidate
from dealix_lint.entrypoints.code import Code, FunctionId
from dealix_lint.link import Definition

Installed = Mapping[FunctionId, tuple[str, ...]]
"""Functions, with the names of the commands that run them."""


def installed(code: Code, declared: Iterable[tuple[str, str]]) -> Installed:
    """The functions that declared commands name, also where a module only imports them from another."""
    known: dict[FunctionId, tuple[str, ...]] = {}
    for name, target in declared:
        module, _, path = target.partition(":")
        for found in _meant(code, module.strip(), path.partition("[")[0].strip().split(".")):
            if found.kind == "function":
                function = found.module, found.scope
                known[function] = (*known.get(function, ()), name)
    return known


def with_commands(candidates: Iterable[Candidate], known: Installed) -> list[Candidate]:
    """The candidates and the installed commands; a function that is installed as one is known by that name alone."""
    others = [one for one in candidates if one.mechanism != CLI or one.function not in known]
    return others + [Candidate(f, CLI, f"command {name}", "always") for f, names in known.items() for name in names]


def without_callers(
    code: Code, known: Installed, programs: Iterable[Candidate], effect_nodes: Collection[int] | None
) -> list[Candidate]:
    """Programs but those that come to effects only by calling what is installed as a command: `main()` under
    `if __name__ == "__main__"` is that very command."""
    graph = code.resolution.graph
    nodes = {node for function in known for node in code.nodes.get(function, ())}
    reaching = graph.reaching(effect_nodes) if effect_nodes is not None and nodes else None
    found: list[Candidate] = []
    for program in programs:
        called = {edge.target for node in code.nodes.get(program.function, ()) for edge in graph.out[node]}
        direct = effect_nodes is not None and not set(effect_nodes).isdisjoint(code.nodes.get(program.function, ()))
        rest = called - nodes if reaching is None else (called & reaching) - nodes
        if direct or rest or called.isdisjoint(nodes):
            found.append(program)
    return found


def _meant(code: Code, module: str, path: list[str]) -> tuple[Definition, ...]:
    if module not in code.program.modules:
        return ()
    found = code.symbols.member(module, path[0])
    for name in path[1:]:
        classes = [(item.module, item.scope) for item in found if item.kind == "class"]
        found = tuple(member for cls in classes for member in code.symbols.class_member(cls, name))
    return found
