"""What is known of an argument's value: texts with holes, constants, mappings - never a guess presented as a fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

ONE_OF: Final = "one of "
"""Begins the origin of what subclasses have a field for that a class has not, where it is not known which of them it is."""


@dataclass(frozen=True, slots=True)
class Hole:
    """An unknown stretch of a text and where it comes from, as an access path: `app.settings.Settings.pay_url`,
    `os.environ['PAY_URL']`, `parameter:url`, `one of app.Config.host`, or "" where nothing is known."""

    origin: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text: known parts and holes in order. `Text(("https://api.x/", Hole("parameter:id")))`."""

    parts: tuple[str | Hole, ...]

    @property
    def literal(self) -> str | None:
        """The whole text if nothing of it is unknown."""
        return (
            "".join(p for p in self.parts if isinstance(p, str))
            if all(isinstance(p, str) for p in self.parts)
            else None
        )

    def __str__(self) -> str:
        return "".join(p if isinstance(p, str) else "{" + p.origin + "}" for p in self.parts)


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, truth value or None."""

    value: int | float | bool | None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A dict display or keyword spread: constant keys with their possible values; `open` when more keys may exist."""

    items: tuple[tuple[str, tuple[ArgumentValue, ...]], ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, tuple or set: all elements together; of a short list that is written down also what may stand at each place."""

    elements: tuple[ArgumentValue, ...]
    places: tuple[tuple[ArgumentValue, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something with a dotted name: first-party function, class, enum member (`app.gov.Approval.A2`), instance
    (`app.models.AuditLog()`), or an external access path (`httpx.AsyncClient()`)."""

    name: str


ArgumentValue: TypeAlias = Text | Constant | Mapping | Sequence | Symbol
