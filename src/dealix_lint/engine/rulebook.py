"""What judging takes of the catalogue, remembered; everything, loaded when it is asked for."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Final

from dealix_lint.engine.snapshot import Snapshot
from dealix_lint.engine.store import Store
from dealix_lint.model.plain import from_plain, to_plain
from dealix_lint.model.rule import Rule

if TYPE_CHECKING:
    from dealix_lint.engine.knowledge import Knowledge

_RULES: Final = "rules"
_EVERYTHING: Final = "knowledge"


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
        return self._known() or self._loaded()

    def _known(self) -> Knowledge | None:
        from dealix_lint.engine.knowledge import decoded

        data = self._store.get(_EVERYTHING, self._snapshot.context)
        try:
            return None if data is None else decoded(data)
        except (ValueError, TypeError):
            return None

    def _loaded(self) -> Knowledge:
        from dealix_lint.engine.loading import load_knowledge

        found = load_knowledge(self._snapshot.root, self._snapshot.settings)
        if self._store.is_working:
            rules = json.dumps(to_plain(tuple(found.rules.values())))
            self._store.put(_RULES, [(self._snapshot.context, rules.encode())])
            self._store.put(_EVERYTHING, [(self._snapshot.context, found.encoded)])
        return found

    def _recalled(self) -> dict[str, Rule] | None:
        data = self._store.get(_RULES, self._snapshot.context)
        try:
            return None if data is None else {row[0]: from_plain(Rule, row) for row in json.loads(data)}
        except (ValueError, TypeError, IndexError):
            return None
