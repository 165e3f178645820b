"""Tells when generator and coroutine functions are called.

A profiler sees them only when they are first resumed, and whoever resumes them need not be who called them: CPython 3.11
to 3.13 report the begin of a function after the generator has been made (`RETURN_GENERATOR` precedes `RESUME`). So the
functions get an innermost decorator, put there when their file is imported. It keeps the flags by which
`inspect.iscoroutinefunction` and its like know them, and the defaults, which some code copies to what it makes of them.
"""

from __future__ import annotations

import ast
import functools
import importlib.machinery
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, TypeAlias

from code_names import IS_RESUMABLE, CodeNames

Tell: TypeAlias = Callable[[CodeType, FrameType], None]
MARK = "__announce_call__"
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


class _Marker(ast.NodeTransformer):
    """Adds the innermost decorator to generator and coroutine functions."""

    def _mark(self, node: Any) -> Any:
        self.generic_visit(node)
        if isinstance(node, ast.AsyncFunctionDef) or _yields(node):
            node.decorator_list.append(ast.copy_location(ast.Name(MARK, ast.Load()), node))
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = _mark  # noqa: N815 - the names `ast` calls


def _yields(node: ast.AST) -> bool:
    inner = [child for child in ast.iter_child_nodes(node) if not isinstance(child, SCOPES)]
    return any(isinstance(child, (ast.Yield, ast.YieldFrom)) or _yields(child) for child in inner)


def marked(data: bytes, path: str) -> CodeType:
    """A module's code, its generator and coroutine functions announcing that they are called."""
    tree = ast.fix_missing_locations(_Marker().visit(ast.parse(data)))
    return compile(tree, path, "exec", dont_inherit=True)


def module_name(path: Path, root: Path) -> str:
    """The name a file below the folder is imported under."""
    return ".".join(part for part in path.relative_to(root).with_suffix("").parts if part != "__init__")


def announcing(tell: Tell) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that tells the function's code and its caller's frame, each time it is called."""

    def announce(function: Any) -> Callable[..., Any]:
        def announced(*arguments: Any, **keywords: Any) -> Any:
            tell(function.__code__, sys._getframe(1))
            return function(*arguments, **keywords)

        code, kind = announced.__code__, function.__code__.co_flags & IS_RESUMABLE
        announced.__code__ = code.replace(co_flags=code.co_flags | kind)
        announced.__defaults__, announced.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
        return functools.update_wrapper(announced, function)

    return announce


def install(root: Path, names: CodeNames, tell: Tell, is_named: Callable[[Path], bool] = lambda path: True) -> None:
    """Make imports below `root` announce calls, and know the names of their code."""
    original = importlib.machinery.SourceFileLoader.source_to_code

    def source_to_code(self: Any, data: Any, path: Any, **options: Any) -> CodeType:
        file = Path(str(path))
        if not isinstance(data, (bytes, bytearray)) or not file.is_relative_to(root) or not is_named(file):
            return original(self, data, path, **options)
        code = marked(bytes(data), str(path))
        names.learn(code, module_name(file, root))
        return code

    importlib.machinery.SourceFileLoader.source_to_code = source_to_code  # type: ignore[method-assign]
    vars(sys.modules["builtins"])[MARK] = announcing(tell)
