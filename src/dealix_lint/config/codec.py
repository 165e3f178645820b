"""Settings as JSON and back, so that an unchanged table is not validated again."""

from __future__ import annotations

import json

from dealix_lint.model.plain import from_plain, to_plain
from dealix_lint.model.settings import Settings


def encode_settings(settings: Settings) -> bytes:
    """The settings as JSON, the same bytes for equal settings."""
    return json.dumps(to_plain(settings)).encode()


def decode_settings(data: bytes) -> Settings | None:
    """The settings that `encode_settings` wrote; None for anything else."""
    try:
        return from_plain(Settings, json.loads(data))
    except (ValueError, TypeError):
        return None
