"""What the tables of a file in `rules/frameworks/` are made of: patterns, mechanisms, arguments of calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from dealix_lint.model.entrypoints import MECHANISMS
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.patterns import expand


def _pattern(text: str) -> str:
    if not text or " " in text:
        raise ValueError(f"{text!r} is not a pattern of dotted names; write for example `celery.Celery().task`")
    expand(text)
    return text


def _mechanism(text: str) -> str:
    if text not in MECHANISMS:
        raise ValueError(f"{text!r} is not a mechanism; choose one of {', '.join(MECHANISMS)}")
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]
Mechanism = Annotated[str, AfterValidator(_mechanism)]
Patterns = tuple[Pattern, ...]


class Table(BaseModel):
    """A table of a framework file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class ArgumentTable(Table):
    """`{ position = 0, keyword = "fn", each = true }`."""

    position: int | None = Field(default=None, ge=-1)
    keyword: str | None = None
    each: bool = False

    @model_validator(mode="after")
    def _is_named(self) -> ArgumentTable:
        if self.position is None and self.keyword is None:
            raise ValueError("an argument needs `position` or `keyword` (or both)")
        return self

    def value(self) -> Argument:
        """The argument as the stages read it."""
        return Argument(self.position, self.keyword, self.each)


def optional(table: ArgumentTable | None) -> Argument | None:
    """The argument of a table that may be left out."""
    return table.value() if table else None


def arguments(tables: Iterable[ArgumentTable]) -> tuple[Argument, ...]:
    """The arguments of several tables."""
    return tuple(table.value() for table in tables)
