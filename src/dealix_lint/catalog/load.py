"""Reading TOML files in `rules/` format: every mistake of every file, each with file, key and remedy."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dealix_lint.model.errors import CatalogError

M = TypeVar("M", bound=BaseModel)


def load_labelled(files: Iterable[tuple[str, Path]], model: type[M]) -> tuple[tuple[str, M], ...]:
    """Like `load_files`, each with its label."""
    files = tuple(files)
    return tuple((label, loaded) for (label, _), loaded in zip(files, load_files(files, model), strict=True))


def load_files(files: Iterable[tuple[str, Path]], model: type[M]) -> tuple[M, ...]:
    """Each `(label, path)` as `model`, in the order given. Raises CatalogError that lists all mistakes of all files by
    label."""
    loaded: list[M] = []
    mistakes: list[str] = []
    for label, path in files:
        try:
            loaded.append(_load(path, model, _state(path)))
        except ValidationError as error:
            mistakes.extend(f"{label}: {mistake}" for mistake in describe_mistakes(error, model))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            mistakes.append(f"{label}: not valid TOML: {error}; correct the syntax there")
        except OSError as error:
            mistakes.append(f"{label}: cannot be read: {error.strerror}; check the path and its permissions")
    if mistakes:
        raise CatalogError("\n".join(mistakes))
    return tuple(loaded)


@cache
def _load(path: Path, model: type[M], state: tuple[int, ...]) -> M:
    """The file in the `state` that it is in. A process that answers for several projects reads each file once."""
    return model.model_validate(read_toml(path))


def _state(path: Path) -> tuple[int, ...]:
    """What changes when the file does, as far as the file system tells. Raises OSError."""
    found = path.stat()
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def read_toml(path: Path) -> dict[str, object]:
    """The tables of a TOML file, with or without a byte order mark. Raises OSError, UnicodeDecodeError,
    TOMLDecodeError."""
    return tomllib.loads(path.read_text(encoding="utf-8-sig"))


def describe_mistakes(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """Each mistake that validation found: key, reason, remedy."""
    return [f"{_key(detail['loc'])}: {_remedy(detail, model)}" for detail in error.errors(include_url=False)]


def _key(location: Sequence[int | str]) -> str:
    key = ""
    for part in location:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else part
    return key or "the file"


def _remedy(detail: ErrorDetails, model: type[BaseModel]) -> str:
    if detail["type"] == "extra_forbidden":
        return _unknown_key(str(detail["loc"][-1]), _fields_at(model, detail["loc"][:-1]))
    if detail["type"] == "missing":
        return "is missing; add it"
    message = detail["msg"].removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]}; found {detail['input']!r}"


def _unknown_key(key: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    advice = f"did you mean `{close[0]}`?" if close else f"known keys: {', '.join(known)}"
    return f"unknown key; {advice}"


def _fields_at(model: type[BaseModel], location: Sequence[int | str]) -> list[str]:
    """Names of the fields of the model that stands at `location` inside `model`."""
    current = model
    for part in location:
        if isinstance(part, str) and part in current.model_fields:
            current = _nested(current.model_fields[part].annotation) or current
    return sorted(field.alias or name for name, field in current.model_fields.items())


def _nested(annotation: object) -> type[BaseModel] | None:
    """The model inside `Model | None`, `tuple[Model, ...]` and the like."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _nested(argument)
        if found is not None:
            return found
    return None
