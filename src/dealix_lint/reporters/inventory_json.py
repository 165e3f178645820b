"""`dealix-lint/inventory/1`, and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from dealix_lint.model.inventory import Classes, EffectRow, Inventory, MechanismRow, Reach, StartRow

SCHEMA: Final = "dealix-lint/inventory/1"


def inventory_document(inventory: Inventory) -> dict[str, object]:
    """The inventory as the document that `formats.md` describes."""
    return {"schema": SCHEMA, **asdict(inventory)}


def inventory_json(inventory: Inventory) -> str:
    """The document as text, the same bytes for equal inventories."""
    return json.dumps(inventory_document(inventory), indent=1, ensure_ascii=False) + "\n"


def read_inventory(document: dict[str, Any]) -> Inventory:
    """The inventory that a document was made of. Raises KeyError, TypeError or ValueError for anything else."""
    if document["schema"] != SCHEMA:
        raise ValueError(document["schema"])
    effects = tuple(_effect(entry) for entry in document["effects"])
    starts = tuple(StartRow(**entry) for entry in document["entry_points"])
    return Inventory(effects, starts, tuple(MechanismRow(**entry) for entry in document["mechanisms"]))


def _effect(entry: dict[str, Any]) -> EffectRow:
    reached = tuple(
        Reach(row["entry_point"], row["mechanism"], tuple(row["chain"]), tuple(row["edges"]), row["runs_in"])
        for row in entry["reached_from"]
    )
    classes = Classes(**entry["classes"]) if entry["classes"] else None
    return EffectRow(**{**entry, "classes": classes, "reached_from": reached})
