"""The web application: `uvicorn app.main:application`."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from app.api.router import api
from app.core.database import create_tables
from app.core.governance import ApprovalRequired
from app.core.middleware import bind_request_context


async def refuse(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=403)


def create_application() -> FastAPI:
    create_tables()
    application = FastAPI(title="Commitments")
    application.middleware("http")(bind_request_context)
    application.add_exception_handler(ApprovalRequired, refuse)
    application.include_router(api)
    return application


application = create_application()
