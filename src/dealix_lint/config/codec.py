"""Settings as JSON and back, so that an unchanged table is not validated again."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any, Final

from dealix_lint.model.settings import ClassifyEntry, EffectEntry, FlowClass, PathSettings, Settings

_NESTED: Final = {"effects": EffectEntry, "flows": FlowClass, "classify": ClassifyEntry, "per_path": PathSettings}
_FIELDS: Final = frozenset(field.name for field in fields(Settings))


def encode_settings(settings: Settings) -> bytes:
    """The settings as JSON, the same bytes for equal settings."""
    return json.dumps(asdict(settings), sort_keys=True).encode()


def decode_settings(data: bytes) -> Settings | None:
    """The settings that `encode_settings` wrote; None for anything else."""
    try:
        document = json.loads(data)
        if set(document) != _FIELDS:
            return None
        values: dict[str, Any] = {name: _value(name, value) for name, value in document.items()}
        return Settings(**values)
    except (ValueError, TypeError):
        return None


def _value(name: str, value: object) -> object:
    nested = _NESTED.get(name)
    if nested is None:
        return _frozen(value)
    if not isinstance(value, list):
        raise TypeError(name)
    return tuple((key, nested(**{k: _frozen(v) for k, v in entry.items()})) for key, entry in value)


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
