"""Functions that run a coroutine function to its end: `async_to_sync(send)`."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.facts.sites import Sites
from dealix_lint.model import ir
from dealix_lint.model.graph import Place
from dealix_lint.model.patterns import PatternIndex


class Bridges:
    """Whether what a call calls was made by such a bridge, wherever that was."""

    __slots__ = ("_bridging", "sites")

    def __init__(self, sites: Sites, bridging: tuple[str, ...]) -> None:
        self.sites = sites
        self._bridging = PatternIndex((pattern, True) for pattern in bridging)

    def is_call_of_one(self, node: int, register: int) -> bool:
        """Whether the call at a site of a node may call one."""
        module, scope = self.sites.scope_of(node)
        callee = self.sites.code(node).scope.code[register][1]
        places = [Place(module, scope, callee), *self._assigned(Place(module, scope, callee))]
        return any(self._is_made_by_bridge(origin) for place in places for origin in self.sites.origins(place))

    def _is_made_by_bridge(self, place: Place) -> bool:
        view = self.sites.view_at(place) if self.sites.instruction(place)[0] == ir.CALL else None
        return view is not None and any(map(self._bridging.find, view.names))

    def _assigned(self, place: Place) -> Iterator[Place]:
        """What methods of the same class assign to an attribute of `self`."""
        instruction = self.sites.instruction(place)
        owner = self._owner(place)
        if instruction[0] != ir.ATTR or owner is None:
            return
        for index, scope in enumerate(self.sites.resolution.program.summaries[place.module].scopes):
            if scope.parent == owner:
                yield from (
                    Place(place.module, index, i[3])
                    for i in scope.code
                    if i[0] == ir.SET_ATTR and i[2] == instruction[2] and scope.code[i[1]] == (ir.PARAM, 0)
                )

    def _owner(self, place: Place) -> int | None:
        """The class whose method a place is in."""
        scopes = self.sites.resolution.program.summaries[place.module].scopes
        parent = scopes[place.scope].parent
        return parent if parent >= 0 and scopes[parent].kind == "class" else None
