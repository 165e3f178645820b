"""The inventory as Markdown: what runs here today, with evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dealix_lint.model.inventory import EffectRow, Inventory, MechanismRow, Reach
from dealix_lint.model.visible import visible
from dealix_lint.reporters.styled import plural

_ROLES: Final = {
    "web": "web routes and middleware",
    "celery": "tasks of a queue",
    "langgraph": "nodes and tools of graphs and agents",
    "temporal": "durable workflows and activities",
    "background": "work that a crash loses",
    "flow": "durable flows of the house",
    "cli": "commands and scripts",
    "open": "functions that nothing analysed calls",
}
"""What each mechanism is for, in the order of the table."""
_KINDS: Final = ("payment", "contract", "messaging", "external_write", "llm", "external_read")
_PLACES: Final = 3


def inventory_markdown(inventory: Inventory, prefix: str = "") -> str:
    """Three tables: the mechanisms with their role, the functions they run and the effects that happen in them; the
    effects by kind and provider with who reaches them; every commitment with its place."""
    parts = ["# Current state", "", "What the code does today, read from it by dealix-lint.", "", "## Mechanisms", ""]
    parts += _table(
        ("mechanism", "role", "functions", "entry points", "what it does here", "where"), _mechanisms(inventory, prefix)
    )
    parts += ["", "## Effects by provider", ""]
    parts += _table(("kind", "provider", "effects", "operations", "reached by"), _providers(inventory.effects))
    commitments = [row for row in _in_order(inventory.effects) if row.kind not in ("llm", "external_read")]
    parts += ["", "## Commitments", ""]
    head = ("kind", "provider", "operation", "where", "function", "classes", "confidence", "reached from")
    parts += _table(head, (_commitment(row, prefix) for row in commitments))
    totals = f"{plural(len(inventory.effects), 'effect')}, {plural(len(inventory.entry_points), 'entry point')}."
    return "\n".join([*parts, "", totals, ""])


def _mechanisms(inventory: Inventory, prefix: str) -> Iterator[tuple[str, ...]]:
    for mechanism, role in _ROLES.items():
        rows = [row for row in inventory.mechanisms if row.mechanism == mechanism]
        starts = sum(start.mechanism == mechanism for start in inventory.entry_points)
        if rows:
            done = [row for row in inventory.effects if any(reach.runs_in == mechanism for reach in row.reached_from)]
            functions = sum(row.functions for row in rows)
            yield mechanism, role, str(functions), str(starts), _done(done), _files(rows, prefix)


def _done(rows: Sequence[EffectRow]) -> str:
    """`payment (stripe) 2, messaging (twilio) 1`."""
    counts: dict[tuple[str, str], int] = {}
    for row in _in_order(rows):
        counts[row.kind, row.provider] = counts.get((row.kind, row.provider), 0) + 1
    return ", ".join(f"{kind} ({provider}) {number}" for (kind, provider), number in counts.items()) or "no effect"


def _files(rows: Sequence[MechanismRow], prefix: str) -> str:
    """The files with most functions first."""
    paths = [row.path for row in sorted(rows, key=lambda row: (-row.functions, row.path))]
    more = len(paths) - _PLACES
    shown = [_code(prefix + path) for path in paths[:_PLACES]]
    return ", ".join(shown) + (f" and {plural(more, 'more file')}" if more > 0 else "")


def _providers(effects: Sequence[EffectRow]) -> Iterator[tuple[str, ...]]:
    groups: dict[tuple[str, str], list[EffectRow]] = {}
    for row in _in_order(effects):
        groups.setdefault((row.kind, row.provider), []).append(row)
    for (kind, provider), rows in groups.items():
        operations = dict.fromkeys(row.operation for row in rows)
        reached = {reach.entry_point: reach for row in rows for reach in row.reached_from}
        yield kind, provider, str(len(rows)), ", ".join(operations), _by_mechanism(reached.values())


def _by_mechanism(reached: Iterable[Reach]) -> str:
    counts: dict[str, int] = {}
    for reach in reached:
        counts[reach.mechanism] = counts.get(reach.mechanism, 0) + 1
    return ", ".join(f"{mechanism} {counts[mechanism]}" for mechanism in sorted(counts)) or "nothing"


def _commitment(row: EffectRow, prefix: str) -> tuple[str, ...]:
    levels = (row.classes.approval, row.classes.reversibility, row.classes.sensitivity) if row.classes else ()
    first = [_code(reach.entry_point) for reach in row.reached_from[:_PLACES]]
    more = len(row.reached_from) - len(first)
    return (
        row.kind,
        row.provider,
        row.operation,
        _code(f"{prefix}{row.path}:{row.line}"),
        _code(row.function),
        "/".join(level or "-" for level in levels) or "none",
        row.confidence,
        ", ".join(first) + (f" and {more} more" if more > 0 else "") or "nothing",
    )


def _in_order(rows: Iterable[EffectRow]) -> list[EffectRow]:
    return sorted(rows, key=lambda row: (_KINDS.index(row.kind), row.provider, row.path, row.line))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    cells = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in cells]


def _cell(text: str) -> str:
    return visible(text).replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{text.replace('`', chr(39))}`"
