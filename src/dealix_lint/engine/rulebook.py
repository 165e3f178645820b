"""What judging takes of the catalogue, remembered; everything, loaded when it is asked for."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Final

from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.engine.store import Store
from dealix_lint.model.rule import Rule

if TYPE_CHECKING:
    from dealix_lint.engine.knowledge import Knowledge

_KIND: Final = "rules"


class Rulebook:
    """The rules that hold for a snapshot. Reading and validating `rules/` and the user's packs takes longer than judging what
    is remembered; where they are as they were when it was done last, the store has the outcome."""

    def __init__(self, snapshot: Snapshot, store: Store) -> None:
        self._snapshot, self._store = snapshot, store

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The rules by code, in their order. Raises CatalogError for any mistake in what the snapshot is held against."""
        return self._recalled() or self.knowledge.rules

    @cached_property
    def knowledge(self) -> Knowledge:
        """Everything. Raises CatalogError."""
        from dealix_lint.engine.knowledge import load_knowledge

        found = load_knowledge(self._snapshot.root, self._snapshot.settings)
        rules = json.dumps([asdict(rule) for rule in found.rules.values()])
        self._store.put(_KIND, [(self._snapshot.context, rules.encode())])
        return found

    def _recalled(self) -> dict[str, Rule] | None:
        data = self._store.get(_KIND, self._snapshot.context)
        try:
            return None if data is None else {row["code"]: Rule(**row) for row in json.loads(data)}
        except (ValueError, TypeError, KeyError):
            return None
