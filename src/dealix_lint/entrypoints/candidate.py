"""A function that some framework may start."""

from __future__ import annotations

from dataclasses import dataclass

from dealix_lint.entrypoints.code import FunctionId
from dealix_lint.model.graph import HIGH

CLI = "cli"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A function, the mechanism that runs it, and how people know it.

    `start` as in `Unit`. `vagueness`: a candidate is left out where another of the function has less of it: 0 says how the
    function is run, 1 leaves its route open, 2 is a catch-all rule for its class. `bare` as in `Unit`. `name` is what
    dispatches by name within `framework` use ("" for what has none).
    `handler`: the simple name of the class on which it is run ("" for none).
    `on`: the class on which the framework runs the method, which a base may define."""

    function: FunctionId
    mechanism: str
    detail: str
    start: str
    vagueness: int = 0
    framework: str = ""
    name: str = ""
    confidence: int = HIGH
    bare: bool = False
    on: FunctionId | None = None
    handler: str = ""
