"""A pytest plugin that records the call edges of one package while its tests run (see `bench/dynamic_recall.py`).

`DEALIX_RECORD_ROOT` is the folder imports start from, `DEALIX_RECORD_PACKAGE` the package in it,
`DEALIX_RECORD_OUTPUT` the JSON file to write: a list of (caller, callee, how), `how` being one of

* `call`: the caller's frame is right above;
* `c`: the same, but the caller was inside a function written in C (a key function, a callback);
* `library`: frames of other packages, of the tests or of generated code lie between;
* `resumed`: the callee is a generator or coroutine, seen where it is first resumed, not where it was called.
"""

from __future__ import annotations

import dis
import json
import os
import sys
import threading
from pathlib import Path
from types import CodeType, FrameType

from code_names import IS_RESUMABLE, CodeNames, is_callee

FIRST_RESUME = bytes((dis.opmap["RESUME"], 0))
ROOT = Path(os.environ["DEALIX_RECORD_ROOT"]).resolve()
PACKAGE = os.environ["DEALIX_RECORD_PACKAGE"]


def learn_package() -> CodeNames:
    """Names of all code of the package, its own tests left out."""
    names = CodeNames()
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        relative = path.relative_to(ROOT).with_suffix("")
        if not {"tests", "test"} & set(relative.parts) and path.name != "conftest.py":
            code = compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
            names.learn(code, ".".join(part for part in relative.parts if part != "__init__"))
    return names


class Recorder:
    """Keeps every edge once, under the most direct way it was seen."""

    RANK = ("library", "resumed", "c", "call")

    def __init__(self, names: CodeNames) -> None:
        self.name = names.name
        self.inside_c: set[int] = set()
        self.found: dict[tuple[CodeType, CodeType], str] = {}

    def profile(self, frame: FrameType, event: str, argument: object) -> None:
        """The `sys.setprofile` callback."""
        if event == "c_call":
            self.inside_c.add(id(frame))
        elif event == "call":
            code = frame.f_code
            if self.name(code) and is_callee(code):
                self.called(frame, code)
        else:  # a C function or the frame itself has come to its end
            self.inside_c.discard(id(frame))

    def called(self, frame: FrameType, code: CodeType) -> None:
        """Record the edge into a frame that begins."""
        if code.co_flags & IS_RESUMABLE:
            if code.co_code[frame.f_lasti : frame.f_lasti + 2] != FIRST_RESUME:
                return
            how = "resumed"
        else:
            how = "c" if frame.f_back and id(frame.f_back) in self.inside_c else "call"
        above = frame.f_back
        while above is not None and self.name(above.f_code) is None:
            how, above = "library", above.f_back
        if above is not None:
            edge = (above.f_code, code)
            self.found[edge] = max(self.found.get(edge, how), how, key=self.RANK.index)

    def edges(self) -> list[tuple[str | None, str | None, str]]:
        """What was seen, by name."""
        best: dict[tuple[str | None, str | None], str] = {}
        for (caller, callee), how in self.found.items():
            pair = (self.name(caller), self.name(callee))
            best[pair] = max(best.get(pair, how), how, key=self.RANK.index)
        return sorted((*pair, how) for pair, how in best.items())


RECORDER = Recorder(learn_package())
threading.setprofile(RECORDER.profile)
sys.setprofile(RECORDER.profile)


def pytest_runtest_setup() -> None:
    """Tests that trace or profile switch the recorder off; switch it on again."""
    sys.setprofile(RECORDER.profile)


def pytest_unconfigure() -> None:
    """Write what was recorded."""
    sys.setprofile(None)
    Path(os.environ["DEALIX_RECORD_OUTPUT"]).write_text(json.dumps(RECORDER.edges()))
