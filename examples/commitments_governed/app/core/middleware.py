"""Binds the correlation id of each request to structlog's context; standard library loggers do not see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import uuid4

import structlog
from fastapi import Request, Response

from app.core.correlation import CORRELATION_HEADER


async def bind_request_context(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(correlation_id=request.headers.get(CORRELATION_HEADER) or uuid4().hex)
    return await call_next(request)
