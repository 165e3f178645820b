from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from app.core.correlation import CorrelationId
from app.core.database import DatabaseSession
from app.integrations.moyasar import MoyasarClient
from app.services.disputes import DisputeHandler

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


class ProviderNotice(BaseModel):
    type: str
    data: dict[str, Any]


@router.post("/moyasar")
async def moyasar(body: ProviderNotice, session: DatabaseSession, correlation_id: CorrelationId) -> dict[str, str]:
    handler = DisputeHandler(MoyasarClient(), session)
    return {"result": await handler.handle(body.type, body.data, correlation_id=correlation_id)}
