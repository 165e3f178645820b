"""The inventory as a table: one row per effect, grouped by kind, with the starts that lead to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dealix_lint.model.inventory import EffectRow, Inventory
from dealix_lint.reporters.styled import Line, line, plural

_KINDS = ("payment", "contract", "messaging", "external_write", "llm", "external_read")
_HEAD = ("kind", "provider", "operation", "where", "function", "classes", "confidence", "reached from")


def inventory_text(inventory: Inventory, prefix: str = "") -> Iterator[Line]:
    """A table of the effects, commitments first, then a line with the totals. `prefix` is put before every path."""
    effects = sorted(inventory.effects, key=lambda row: (_KINDS.index(row.kind), row.provider, row.path, row.line))
    if effects:
        yield from _table([_HEAD, *(_row(effect, prefix) for effect in effects)])
        yield line()
    said = f"{plural(len(effects), 'effect')}, {plural(len(inventory.entry_points), 'entry point')}"
    yield line(("strong", said), ("dim", f" ({_by_mechanism(inventory)})"))


def _row(effect: EffectRow, prefix: str) -> tuple[str, ...]:
    classes = effect.classes
    declared = (
        "/".join(c or "-" for c in (classes.approval, classes.reversibility, classes.sensitivity)) if classes else "-"
    )
    return (
        effect.kind,
        effect.provider,
        effect.operation,
        f"{prefix}{effect.path}:{effect.line}",
        effect.function,
        declared,
        effect.confidence,
        _reached(effect),
    )


def _reached(effect: EffectRow) -> str:
    first = [reach.entry_point for reach in effect.reached_from[:2]]
    more = len(effect.reached_from) - len(first)
    return ", ".join(first) + (f" +{more}" if more else "") or "-"


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[Line]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    for number, row in enumerate(rows):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        text = "  ".join(cells).rstrip()
        yield line(("strong" if number == 0 else "", text))


def _by_mechanism(inventory: Inventory) -> str:
    counts: dict[str, int] = {}
    for start in inventory.entry_points:
        counts[start.mechanism] = counts.get(start.mechanism, 0) + 1
    return ", ".join(f"{name} {counts[name]}" for name in sorted(counts)) or "none"
