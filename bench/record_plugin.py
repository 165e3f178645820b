"""A pytest plugin that records the call edges of one package while its tests run (see `bench/dynamic_recall.py`).

`DEALIX_RECORD_ROOT` is the folder imports start from, `DEALIX_RECORD_PACKAGE` the package in it,
`DEALIX_RECORD_TREE` the folder of its source distribution, with the tests, `DEALIX_RECORD_OUTPUT` the JSON file to write:
a list of (caller, callee, how), `how` being one of

* `call`: the caller's frame is right above;
* `c`: the same, but the caller was inside a function written in C (a key function, a callback);
* `library`: code of another package (the standard library, too) lies between, and made the call;
* `generated`: the same of code that stands in no file (made by `exec`);
* `tests`: the same of the tests' own code;
* `finalizer`: the callee is a `__del__` that the caller does not name: it runs wherever the last reference goes;
* `resumed`: the callee is a generator or coroutine that did not announce its call (see `bench/announcing.py`), seen
  where it is first resumed.
"""

from __future__ import annotations

import dis
import json
import os
import sys
import threading
from functools import cache
from pathlib import Path
from types import CodeType, FrameType

import announcing
from code_names import IS_RESUMABLE, CodeNames, is_callee

FIRST_RESUME = bytes((dis.opmap["RESUME"], 0))
ROOT = Path(os.environ["DEALIX_RECORD_ROOT"]).resolve()
PACKAGE = os.environ["DEALIX_RECORD_PACKAGE"]
TREE = Path(os.environ["DEALIX_RECORD_TREE"]).resolve()


def is_named(path: Path) -> bool:
    """Whether a file is the package's own code, its tests left out."""
    is_inside = path.is_relative_to(ROOT / PACKAGE)
    return is_inside and not {"tests", "test", "conftest.py"} & set(path.relative_to(ROOT).parts)


def learn_package() -> CodeNames:
    """Names of all code of the package, as it is imported and as it is written."""
    names = CodeNames()
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        if is_named(path):
            data, name = path.read_bytes(), announcing.module_name(path, ROOT)
            names.learn(announcing.marked(data, str(path)), name)
            names.learn(compile(data, str(path), "exec", dont_inherit=True), name)
    return names


@cache
def stranger(filename: str) -> str:
    """Whose code it is that is not the package's."""
    path = Path(filename)
    if path.is_absolute() and path.exists():
        return "tests" if path.is_relative_to(TREE) else "library"
    return "library" if filename.startswith("<frozen ") else "generated"


class Recorder:
    """Keeps every edge once, under the most direct way it was seen."""

    RANK = ("finalizer", "tests", "generated", "library", "resumed", "c", "call")

    def __init__(self, names: CodeNames) -> None:
        self.name = names.name
        self.inside_c: set[int] = set()
        self.announced: dict[int, CodeType] = {}
        self.found: dict[tuple[CodeType, CodeType], str] = {}

    def profile(self, frame: FrameType, event: str, argument: object) -> None:
        """The `sys.setprofile` callback."""
        if event == "c_call":
            self.inside_c.add(id(frame))
        elif event == "call":
            code = frame.f_code
            if self.name(code) and is_callee(code):
                if not code.co_flags & IS_RESUMABLE:
                    self.called(code, frame.f_back)
                elif id(code) not in self.announced and code.co_code[frame.f_lasti : frame.f_lasti + 2] == FIRST_RESUME:
                    self.called(code, frame.f_back, "resumed")
        else:  # a C function or the frame itself has come to its end
            self.inside_c.discard(id(frame))

    def announce(self, code: CodeType, caller: FrameType) -> None:
        """A generator or coroutine function is called."""
        self.announced[id(code)] = code
        if self.name(code):
            self.called(code, caller)

    def called(self, code: CodeType, above: FrameType | None, how: str = "call") -> None:
        """Record the edge to code that `above` calls."""
        if above is None:
            return
        if self.name(above.f_code) is None:
            how = stranger(above.f_code.co_filename)
        elif id(above) in self.inside_c:
            how = "c"
        while above is not None and self.name(above.f_code) is None:
            above = above.f_back
        if above is not None:
            if code.co_name == "__del__" and "__del__" not in above.f_code.co_names:
                how = "finalizer"
            edge = (above.f_code, code)
            self.found[edge] = max(self.found.get(edge, how), how, key=self.RANK.index)

    def edges(self) -> list[tuple[str | None, str | None, str]]:
        """What was seen, by name."""
        best: dict[tuple[str | None, str | None], str] = {}
        for (caller, callee), how in self.found.items():
            pair = (self.name(caller), self.name(callee))
            best[pair] = max(best.get(pair, how), how, key=self.RANK.index)
        return sorted((*pair, how) for pair, how in best.items())


NAMES = learn_package()
RECORDER = Recorder(NAMES)
announcing.install(ROOT, NAMES, RECORDER.announce, is_named)
threading.setprofile(RECORDER.profile)
sys.setprofile(RECORDER.profile)


def pytest_runtest_setup() -> None:
    """Tests that trace or profile switch the recorder off; switch it on again."""
    sys.setprofile(RECORDER.profile)


def pytest_unconfigure() -> None:
    """Write what was recorded."""
    sys.setprofile(None)
    Path(os.environ["DEALIX_RECORD_OUTPUT"]).write_text(json.dumps(RECORDER.edges()))
