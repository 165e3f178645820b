"""Mistakes in a configuration, in words: each with its TOML key, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, get_args

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

_TYPES: Final = {
    "missing": "is missing; add it",
    "string_type": "must be a string",
    "tuple_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "greater_than_equal": "must not be negative",
    "string_too_short": "must not be empty",
}


def describe(error: ValidationError, schema: type[BaseModel], prefix: str) -> tuple[str, ...]:
    """One line per mistake, sorted by key: `tool.dealix-lint.selekt: unknown key; did you mean "select"?`."""
    return tuple(sorted(f"{_key(prefix, item['loc'])}: {_text(item, schema)}" for item in error.errors()))


def suggestion(word: str, known: Iterable[str]) -> str:
    """`; did you mean "select"?`, or nothing where nothing known is near."""
    near = get_close_matches(word, sorted(known), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def _key(prefix: str, location: tuple[int | str, ...]) -> str:
    """The TOML key of a place; parts that are no bare keys in quotes, list items as [number], counted from 1."""
    key = prefix
    for part in location:
        if isinstance(part, int):
            key += f"[{part + 1}]"
        elif part != "[key]":
            is_bare = part.replace("-", "").replace("_", "").isalnum() and part.isascii()
            key += f".{part}" if is_bare else f'."{part}"'
    return key


def _text(item: ErrorDetails, schema: type[BaseModel]) -> str:
    kind = item["type"]
    if kind == "extra_forbidden":
        table = _table_at(schema, item["loc"][:-1])
        known = _keys(table) if table else ()
        return "unknown key" + suggestion(str(item["loc"][-1]), known)
    if kind == "value_error":
        return str(item["ctx"]["error"])
    if kind == "literal_error":
        return f"must be {item['ctx']['expected']}"
    return _TYPES.get(kind, item["msg"])


def _keys(table: type[BaseModel]) -> Iterator[str]:
    for name, field in table.model_fields.items():
        yield field.alias or name


def _table_at(schema: type[BaseModel], location: tuple[int | str, ...]) -> type[BaseModel] | None:
    """The model of a nested table."""
    if not location:
        return schema
    fields = {field.alias or name: field for name, field in schema.model_fields.items()}
    field = fields.get(str(location[0]))
    if field is None:
        return None
    if isinstance(field.annotation, type) and hasattr(field.annotation, "model_fields"):
        return _table_at(field.annotation, location[1:])
    for inner in get_args(field.annotation):
        if hasattr(inner, "model_fields"):
            return _table_at(inner, location[2:])
    return None
