"""Methods of a base that never run on the objects of a subclass: it overrides all those that call them on `self`.

`purge_all(self, urls)` of a base calls `self._each(urls)`, which calls `self.purge(url)`. Where a subclass has a `purge_all` of
its own, and nothing else calls `_each`, its `purge` is not what `_each` calls."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from dealix_lint.link import Classes, ClassId
from dealix_lint.model import ir
from dealix_lint.model.program import Program

Method = tuple[ClassId, str]
_PLAIN_BASES = frozenset(("ABC", "object", "Generic", "Protocol"))


class Bypassing:
    """Who calls the methods of a program on `self`."""

    def __init__(self, program: Program, classes: Classes) -> None:
        self._program = program
        self._classes = classes
        self._known: dict[tuple[ClassId, Method], bool] = {}

    @cached_property
    def _uses(self) -> Mapping[str, set[Method]]:
        """The methods in which a name is only ever an attribute of `self`; nothing of names that are read in other ways."""
        found: dict[str, set[Method]] = {}
        elsewhere: set[str] = set()
        for module, summary in enumerate(self._program.summaries):
            for scope in summary.scopes:
                is_method = scope.kind == "function" and scope.parent >= 0
                is_method = is_method and summary.scopes[scope.parent].kind == "class"
                for instruction in scope.code:
                    if instruction[0] != ir.ATTR:
                        continue
                    if is_method and scope.code[instruction[1]] == (ir.PARAM, 0):
                        found.setdefault(instruction[2], set()).add(((module, scope.parent), scope.name))
                    else:
                        elsewhere.add(instruction[2])
        return {name: methods for name, methods in found.items() if name not in elsewhere}

    def never_runs(self, heir: ClassId, owner: ClassId, name: str) -> bool:
        """Whether a method that a class inherits from another one never runs on its objects."""
        key = (heir, (owner, name))
        found = self._known.get(key)
        if found is None:
            self._known[key] = True  # what only calls itself is not called
            found = self._known[key] = self._find(heir, name)
        return found

    def _find(self, heir: ClassId, name: str) -> bool:
        info = self._classes.info(heir)
        if any(base.rpartition(".")[2] not in _PLAIN_BASES for base in info.external):
            return False  # a library may call it
        below = self._classes.subclasses.get(heir, ())
        callers = [
            method for method in sorted(self._uses.get(name, ())) if method[0] in info.ancestry or method[0] in below
        ]
        return bool(callers) and all(self._is_passed(heir, *caller) for caller in callers)

    def _is_passed(self, heir: ClassId, owner: ClassId, name: str) -> bool:
        if owner not in self._classes.info(heir).ancestry:
            return False
        return self._classes.definer(heir, name) != owner or self.never_runs(heir, owner, name)
