"""Runs `main` of a folder under `sys.setprofile` and prints the call edges of the folder's own code as JSON.

    python bench/record_edges.py FOLDER import|script

The profiler sees a generator or coroutine only when it is resumed, so their definitions get an innermost decorator that
reports the moment they are called. `direct`: caller frame right above; `through`: library frames in between;
`detached`: no frame of the folder above at all (threads, event loops); `external`: last names of library and builtin
callees.
"""

from __future__ import annotations

import ast
import functools
import importlib.machinery
import json
import runpy
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from code_names import IS_RESUMABLE, CodeNames, is_callee

Pair = tuple[str, str]
MARK = "__announce_call__"


class Recorder:
    """Collects edges of the code below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.names = CodeNames()
        self.edges: dict[str, set[Pair]] = {"direct": set(), "through": set(), "detached": set(), "external": set()}

    def caller_of(self, frame: FrameType | None) -> tuple[str | None, bool]:
        """The nearest node up the stack and whether it is right there."""
        is_direct = True
        while frame is not None:
            name = self.names.name(frame.f_code)
            if name is not None:
                return name, is_direct
            is_direct = is_direct and frame.f_code.co_name == "announced"
            frame = frame.f_back
        return None, False

    def add(self, callee: str, frame: FrameType | None) -> None:
        """Record an edge to `callee` from what `frame` belongs to."""
        caller, is_direct = self.caller_of(frame)
        if caller is None:
            self.edges["detached"].add(("", callee))
        else:
            self.edges["direct" if is_direct else "through"].add((caller, callee))

    def profile(self, frame: FrameType, event: str, argument: object) -> None:
        """The `sys.setprofile` callback."""
        name = self.names.name(frame.f_code)
        if event == "c_call" and name:
            self.edges["external"].add((name, getattr(argument, "__name__", "?")))
        elif event == "call" and name:
            if is_callee(frame.f_code) and not frame.f_code.co_flags & IS_RESUMABLE:
                self.add(name, frame.f_back)
        elif event == "call" and frame.f_back and (caller := self.names.name(frame.f_back.f_code)):
            called = frame.f_code.co_qualname.removesuffix(".__init__").removesuffix(".__new__").rpartition(".")[2]
            self.edges["external"].add((caller, called))

    def announce(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Innermost decorator of generator and coroutine functions: an edge when they are called."""

        @functools.wraps(function)
        def announced(*arguments: Any, **keywords: Any) -> Any:
            name = self.names.name(function.__code__)
            assert name is not None
            self.add(name, sys._getframe(1))
            return function(*arguments, **keywords)

        return announced


class _Marker(ast.NodeTransformer):
    """Adds the innermost decorator to generator and coroutine functions."""

    def _mark(self, node: Any) -> Any:
        self.generic_visit(node)
        if isinstance(node, ast.AsyncFunctionDef) or _yields(node):
            node.decorator_list.append(ast.copy_location(ast.Name(MARK, ast.Load()), node))
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = _mark  # noqa: N815 - the names `ast` calls


def _yields(node: ast.AST) -> bool:
    scopes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
    inner = [child for child in ast.iter_child_nodes(node) if not isinstance(child, scopes)]
    return any(isinstance(child, (ast.Yield, ast.YieldFrom)) or _yields(child) for child in inner)


def install(recorder: Recorder) -> None:
    """Make imports below the recorder's root compile with announcements and known names."""
    original = importlib.machinery.SourceFileLoader.source_to_code

    def source_to_code(self: Any, data: Any, path: Any, **options: Any) -> CodeType:
        text = str(path)
        if not text.startswith(recorder.root) or not isinstance(data, (bytes, bytearray)):
            return original(self, data, path, **options)
        tree = ast.fix_missing_locations(_Marker().visit(ast.parse(bytes(data))))
        code: CodeType = compile(tree, text, "exec", dont_inherit=True)
        relative = Path(text).relative_to(recorder.root).with_suffix("")
        recorder.names.learn(code, ".".join(part for part in relative.parts if part != "__init__"))
        return code

    importlib.machinery.SourceFileLoader.source_to_code = source_to_code  # type: ignore[method-assign]
    vars(sys.modules["builtins"])[MARK] = recorder.announce


def main() -> None:
    """Run the folder's `main` and print what happened."""
    root = Path(sys.argv[1]).resolve()
    recorder = Recorder(root)
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(root))
    install(recorder)
    threading.setprofile(recorder.profile)
    error = ""
    sys.setprofile(recorder.profile)
    try:
        if sys.argv[2] == "script":
            runpy.run_module("main", run_name="__main__")
        else:
            importlib.import_module("main")
    except (Exception, SystemExit) as problem:
        error = f"{type(problem).__name__}: {problem}" if not isinstance(problem, SystemExit) else ""
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]
    document = {kind: sorted(found) for kind, found in recorder.edges.items()}
    print("\n@@" + json.dumps({**document, "error": error}))


if __name__ == "__main__":
    main()
