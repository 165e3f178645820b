"""A function that some framework may start."""

from __future__ import annotations

from dataclasses import dataclass

from dealix_lint.entrypoints.code import FunctionId
from dealix_lint.model.graph import HIGH


@dataclass(frozen=True, slots=True)
class Candidate:
    """A function, the mechanism that runs it, and how people know it.

    `start` as in `Unit`. `is_hook`: only a catch-all rule for its class says so; any other candidate of the function
    is better. `bare` as in `Unit`. `name` is what dispatches by name within `framework` use ("" for what has none).
    `on`: the class on which the framework runs the method, which a base may define."""

    function: FunctionId
    mechanism: str
    detail: str
    start: str
    is_hook: bool = False
    framework: str = ""
    name: str = ""
    confidence: int = HIGH
    bare: bool = False
    on: FunctionId | None = None
