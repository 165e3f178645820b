"""What the table and the Markdown of an inventory say alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from dealix_lint.model.inventory import EffectRow

_KINDS: Final = ("payment", "contract", "messaging", "external_write", "llm", "external_read")


def in_order(rows: Iterable[EffectRow]) -> list[EffectRow]:
    """Commitments first, by kind, provider and place."""
    return sorted(rows, key=lambda row: (_KINDS.index(row.kind), row.provider, row.path, row.line))


def classes_of(row: EffectRow) -> str:
    """`A2/R3/-`; "" where nothing is declared."""
    classes = row.classes
    if classes is None:
        return ""
    return "/".join(level or "-" for level in (classes.approval, classes.reversibility, classes.sensitivity))


def counted(names: Iterable[str]) -> str:
    """`celery 2, web 5`; "" for none."""
    return ", ".join(f"{name} {number}" for name, number in sorted(Counter(names).items()))
