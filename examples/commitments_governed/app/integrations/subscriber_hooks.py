"""Callbacks to the addresses customers gave us: the host is data."""

from __future__ import annotations

from typing import Any

import httpx

from app.core.correlation import CORRELATION_HEADER


def deliver(url: str, notice: dict[str, Any], *, correlation_id: str) -> int:
    with httpx.Client(timeout=5) as client:
        return client.post(url, json=notice, headers={CORRELATION_HEADER: correlation_id}).status_code
