"""Runs `main` of a folder under `sys.setprofile` and prints the call edges of the folder's own code as JSON.

    python bench/record_edges.py FOLDER import|script

Generators and coroutines are recorded where they are called (see `bench/announcing.py`). `direct`: caller frame right
above; `through`: library frames in between; `detached`: no frame of the folder above at all (threads, event loops);
`external`: last names of library and builtin callees.
"""

from __future__ import annotations

import importlib
import json
import runpy
import sys
import threading
from pathlib import Path
from types import CodeType, FrameType
from typing import TypeAlias

import announcing
from code_names import IS_RESUMABLE, CodeNames, is_callee

Pair: TypeAlias = tuple[str, str]


class Recorder:
    """Collects edges of the code whose names are known."""

    def __init__(self) -> None:
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

    def announced(self, code: CodeType, caller: FrameType) -> None:
        """A generator or coroutine function is called."""
        name = self.names.name(code)
        assert name is not None
        self.add(name, caller)


def main() -> None:
    """Run the folder's `main` and print what happened."""
    root = Path(sys.argv[1]).resolve()
    recorder = Recorder()
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(root))
    announcing.install(root, recorder.names, recorder.announced)
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
        threading.setprofile(None)
    document = {kind: sorted(found) for kind, found in recorder.edges.items()}
    print("\n@@" + json.dumps({**document, "error": error}))


if __name__ == "__main__":
    main()
