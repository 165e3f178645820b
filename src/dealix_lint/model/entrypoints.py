"""Where execution starts, as values."""

from __future__ import annotations

from dataclasses import dataclass

from dealix_lint.model.graph import HIGH

OPEN = "open"
"""No mechanism: what nothing is known to call, and imports."""
MECHANISMS = ("web", "celery", "langgraph", "temporal", "background", "flow", "cli", OPEN)


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A start: `id` "<mechanism>:<function>", the graph nodes it starts in, and how people know it (`POST /route`, task name).
    `confidence`: that execution starts here at all. `bare`: nothing that instruments or wraps the others of its
    mechanism is around it. `details`: every way people know it, where there are several (`detail` joins the
    first ones), each with the class that it is of ("" for none)."""

    id: str
    function: str
    mechanism: str
    detail: str
    nodes: tuple[int, ...]
    confidence: int = HIGH
    bare: bool = False
    details: tuple[tuple[str, str], ...] = ()
