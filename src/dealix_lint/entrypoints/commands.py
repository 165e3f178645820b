"""Functions that an installed command runs: `pay = "shop.cli:main"` of a packaging file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dealix_lint.entrypoints.candidate import Candidate
from dealix_lint.entrypoints.code import Code
from dealix_lint.link import Definition


def commands(code: Code, declared: Iterable[tuple[str, str]]) -> Iterator[Candidate]:
    """The functions that declared commands name, also where a module only imports them from another."""
    for name, target in declared:
        module, _, path = target.partition(":")
        for found in _meant(code, module.strip(), path.partition("[")[0].strip().split(".")):
            if found.kind == "function":
                yield Candidate((found.module, found.scope), "cli", f"command {name}", "always")


def _meant(code: Code, module: str, path: list[str]) -> tuple[Definition, ...]:
    if module not in code.program.modules:
        return ()
    found = code.symbols.member(module, path[0])
    for name in path[1:]:
        classes = [(item.module, item.scope) for item in found if item.kind == "class"]
        found = tuple(member for cls in classes for member in code.symbols.class_member(cls, name))
    return found
