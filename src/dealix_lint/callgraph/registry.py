"""What frameworks have been told about."""

from __future__ import annotations

from dataclasses import dataclass

from dealix_lint.callgraph.values import Value
from dealix_lint.link import ClassId


@dataclass(frozen=True, slots=True, order=True)
class UnitTarget:
    """A registered unit: index of its rule, its name, the value that runs, its function, and where it was registered."""

    rule: int
    name: str
    value: Value
    function: int  # function id, or -1 for a class unit
    site: int


class UnitRegistry:
    """Units found so far."""

    def __init__(self) -> None:
        self.targets: dict[UnitTarget, None] = {}
        self.objects: dict[int, set[ClassId]] = {}  # functions -> classes of units that are objects, see `actors`

    def add(self, target: UnitTarget) -> bool:
        """Remember a unit; True if it is new."""
        if target in self.targets:
            return False
        self.targets[target] = None
        return True
