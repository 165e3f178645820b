"""Addresses, as the settings name the requests that they declare to be effects."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dealix_lint.model.effect_rules import READ_METHODS, WRITE_METHODS

_METHODS: Final = "|".join((*READ_METHODS, *WRITE_METHODS))
_URL: Final = re.compile(rf"(?:(?P<method>{_METHODS}) )?https?://(?P<host>[\w*?.:\[\]-]+)(?P<path>/\S*)?")


@dataclass(frozen=True, slots=True)
class Address:
    """Requests: a host glob, a URL path pattern (empty: any) and a method (empty: any that writes)."""

    host: str
    path: str = ""
    method: str = ""


def parse_address(target: str) -> Address | None:
    """The requests that `https://api.example/v1/*` or `PUT https://api.example` stands for; None for anything else."""
    match = _URL.fullmatch(target)
    if match is None:
        return None
    path = (match["path"] or "").rstrip("/")
    return Address(match["host"].lower(), path, match["method"] or "")
