"""Path prefixes of routers: constructors and mounts, joined from the application down to the route."""

from __future__ import annotations

from dealix_lint.entrypoints.arguments import Arguments
from dealix_lint.entrypoints.code import Code
from dealix_lint.entrypoints.rules import Rules
from dealix_lint.entrypoints.survey import Survey
from dealix_lint.model import ir
from dealix_lint.model.graph import Place

MOST_MOUNTS = 3


class Prefixes:
    """Which prefix stands before the routes of the router that a decorator or call belongs to."""

    def __init__(self, code: Code, rules: Rules, arguments: Arguments, survey: Survey) -> None:
        self._code = code
        self._own: dict[Place, str] = {}
        self._mounts: dict[Place, list[tuple[Place, str, bool]]] = {}
        for call in survey.calls:
            for path in arguments.callees(call) if survey.is_prefix_call(call) else ():
                for rule in rules.prefixes.find(path)[:1]:
                    stated = arguments.text(call, (rule.prefix,))
                    prefix, is_replaced = stated or "", rule.replaces and stated is not None
                    if rule.child is None:
                        self._own[call] = prefix
                        continue
                    for place in arguments.places(call, rule.child):
                        for child in code.origins.of(place):
                            for parent in self._receivers(call):
                                self._mounts.setdefault(child, []).append((parent, prefix, is_replaced))

    def _receivers(self, call: Place) -> list[Place]:
        """Where the object was made whose method a call is."""
        instruction = self._code.instruction(call)
        if instruction[0] == ir.CALL:
            instruction = self._code.instruction(Place(call.module, call.scope, instruction[1]))
        if instruction[0] != ir.ATTR:
            return []
        return list(self._code.origins.of(Place(call.module, call.scope, instruction[1])))

    def before(self, call: Place, name: str) -> str:
        """The name of a route with the prefixes of its router; unchanged where it has none."""
        found = sorted({prefix for router in self._receivers(call) for prefix in self._all(router, ())})
        joined = [f"{prefix.rstrip('/')}{name}" for prefix in found if prefix]
        return ", ".join(joined[:MOST_MOUNTS]) or name

    def _all(self, router: Place, seen: tuple[Place, ...]) -> list[str]:
        own = self._own.get(router, "")
        if router in seen:
            return [own]
        mounts = self._mounts.get(router, [])
        found = [
            f"{above.rstrip('/')}{prefix.rstrip('/')}{'' if is_replaced else own}"
            for parent, prefix, is_replaced in mounts
            for above in self._all(parent, (*seen, router))
        ]
        return found or [own]
