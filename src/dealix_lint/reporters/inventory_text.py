"""The inventory as a table: one row per effect, grouped by kind, with the starts that lead to it."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.model.inventory import EffectRow, Inventory
from dealix_lint.reporters.inventoried import classes_of, counted, in_order
from dealix_lint.reporters.styled import Line, Shown, line, plural, table

_HEAD = ("kind", "provider", "operation", "where", "function", "classes", "confidence", "reached from")


def inventory_text(inventory: Inventory, shown: Shown = str) -> Iterator[Line]:
    """A table of the effects, commitments first, then a line with the totals. `shown` says how to print a path."""
    effects = in_order(inventory.effects)
    if effects:
        yield from table([_HEAD, *(_row(effect, shown) for effect in effects)])
        yield line()
    said = f"{plural(len(effects), 'effect')}, {plural(len(inventory.entry_points), 'entry point')}"
    starts = counted(start.mechanism for start in inventory.entry_points) or "none"
    yield line(("strong", said), ("dim", f" ({starts})"))


def _row(effect: EffectRow, shown: Shown) -> tuple[str, ...]:
    return (
        effect.kind,
        effect.provider,
        effect.operation,
        f"{shown(effect.path)}:{effect.line}",
        effect.function,
        classes_of(effect) or "-",
        effect.confidence,
        _reached(effect),
    )


def _reached(effect: EffectRow) -> str:
    first = [reach.entry_point for reach in effect.reached_from[:2]]
    more = len(effect.reached_from) - len(first)
    return ", ".join(first) + (f" +{more}" if more else "") or "-"
