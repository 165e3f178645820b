"""The id that ties a request to everything it causes."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

from fastapi import Depends, Header

CORRELATION_HEADER = "X-Correlation-ID"


def correlation_id(x_correlation_id: Annotated[str | None, Header()] = None) -> str:
    return x_correlation_id or uuid4().hex


CorrelationId = Annotated[str, Depends(correlation_id)]
