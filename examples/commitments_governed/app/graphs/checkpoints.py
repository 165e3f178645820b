"""Where graphs keep their state: on disk, so that a restart loses nothing."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from app.core.settings import settings


def open_checkpoints() -> AbstractAsyncContextManager[AsyncSqliteSaver]:
    return AsyncSqliteSaver.from_conn_string(settings.checkpoint_path)
