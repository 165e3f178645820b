"""The inventory as Markdown: what runs here today, with evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dealix_lint.model.inventory import EffectRow, Inventory, MechanismRow
from dealix_lint.model.visible import visible
from dealix_lint.reporters.inventoried import classes_of, counted, in_order
from dealix_lint.reporters.styled import Shown, plural

_ROLES: Final = {
    "web": "web routes and middleware",
    "celery": "tasks of a queue",
    "langgraph": "nodes and tools of graphs and agents",
    "temporal": "durable workflows and activities",
    "background": "work that a crash loses",
    "flow": "durable flows of the house",
    "cli": "commands and scripts",
    "open": "functions that nothing analysed is known to call",
}
"""What each mechanism is for, in the order of the table."""
_PLACES: Final = 3


def inventory_markdown(inventory: Inventory, shown: Shown = str) -> str:
    """Three tables: the mechanisms with their role, the functions they run and the effects that happen in them; the
    effects by kind and provider with who reaches them; every commitment with its place."""
    parts = ["# Current state", "", "What the code does today, read from it by dealix-lint.", "", "## Mechanisms", ""]
    parts += _table(
        ("mechanism", "role", "functions", "entry points", "what it does here", "where"), _mechanisms(inventory, shown)
    )
    parts += ["", "## Effects by provider", ""]
    parts += _table(("kind", "provider", "effects", "operations", "reached by"), _providers(inventory.effects))
    commitments = [row for row in in_order(inventory.effects) if row.kind not in ("llm", "external_read")]
    parts += ["", "## Commitments", ""]
    head = ("kind", "provider", "operation", "where", "function", "classes", "confidence", "reached from")
    parts += _table(head, (_commitment(row, shown) for row in commitments))
    totals = f"{plural(len(inventory.effects), 'effect')}, {plural(len(inventory.entry_points), 'entry point')}."
    return "\n".join([*parts, "", totals, ""])


def _mechanisms(inventory: Inventory, shown: Shown) -> Iterator[tuple[str, ...]]:
    for mechanism, role in _ROLES.items():
        rows = [row for row in inventory.mechanisms if row.mechanism == mechanism]
        starts = sum(start.mechanism == mechanism for start in inventory.entry_points)
        if rows:
            done = [row for row in inventory.effects if any(reach.runs_in == mechanism for reach in row.reached_from)]
            functions = sum(row.functions for row in rows)
            yield mechanism, role, str(functions), str(starts), _done(done), _files(rows, shown)


def _done(rows: Sequence[EffectRow]) -> str:
    """`payment (stripe) 2, messaging (twilio) 1`."""
    counts = Counter((row.kind, row.provider) for row in in_order(rows))
    return ", ".join(f"{kind} ({provider}) {number}" for (kind, provider), number in counts.items()) or "no effect"


def _files(rows: Sequence[MechanismRow], shown: Shown) -> str:
    """The files with most functions first."""
    paths = [row.path for row in sorted(rows, key=lambda row: (-row.functions, row.path))]
    more = len(paths) - _PLACES
    named = [_code(shown(path)) for path in paths[:_PLACES]]
    return ", ".join(named) + (f" and {plural(more, 'more file')}" if more > 0 else "")


def _providers(effects: Sequence[EffectRow]) -> Iterator[tuple[str, ...]]:
    groups: dict[tuple[str, str], list[EffectRow]] = {}
    for row in in_order(effects):
        groups.setdefault((row.kind, row.provider), []).append(row)
    for (kind, provider), rows in groups.items():
        operations = dict.fromkeys(row.operation for row in rows)
        reached = {reach.entry_point: reach.mechanism for row in rows for reach in row.reached_from}
        yield kind, provider, str(len(rows)), ", ".join(operations), counted(reached.values()) or "nothing"


def _commitment(row: EffectRow, shown: Shown) -> tuple[str, ...]:
    first = [_code(reach.entry_point) for reach in row.reached_from[:_PLACES]]
    more = len(row.reached_from) - len(first)
    return (
        row.kind,
        row.provider,
        row.operation,
        _code(f"{shown(row.path)}:{row.line}"),
        _code(row.function),
        classes_of(row) or "none",
        row.confidence,
        ", ".join(first) + (f" and {more} more" if more > 0 else "") or "nothing",
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    cells = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in cells]


def _cell(text: str) -> str:
    return visible(text).replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{text.replace('`', chr(39))}`"
