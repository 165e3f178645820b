"""What frameworks have been told about: units by name, callables remembered on objects."""

from __future__ import annotations

from dataclasses import dataclass

from dealix_lint.callgraph.values import Value


@dataclass(frozen=True, slots=True, order=True)
class UnitTarget:
    """A registered unit: index of its rule, its name, the value that runs, its function, and where it was registered."""

    rule: int
    name: str
    value: Value
    function: int  # function id, or -1 for a class unit
    site: int


class UnitRegistry:
    """Units found so far, by framework and name, and by function."""

    def __init__(self) -> None:
        self.targets: dict[UnitTarget, None] = {}
        self.by_name: dict[tuple[str, str], dict[Value, None]] = {}
        self.by_value: dict[Value, dict[str, None]] = {}

    def add(self, framework: str, target: UnitTarget) -> bool:
        """Remember a unit; True if it is new."""
        if target in self.targets:
            return False
        self.targets[target] = None
        self.by_name.setdefault((framework, target.name), {})[target.value] = None
        self.by_value.setdefault(target.value, {})[framework] = None
        return True

    def frameworks_of(self, value: Value) -> dict[str, None]:
        """Frameworks that a value is a unit of."""
        return self.by_value.get(value, {})
