from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from app.core.correlation import CorrelationId
from app.services.leads import LeadService, get_lead_service

router = APIRouter()
Leads = Annotated[LeadService, Depends(get_lead_service)]


class Lead(BaseModel):
    email: str
    source: str = "website"


@router.post("/leads", status_code=201)
async def register(body: Lead, leads: Leads, correlation_id: CorrelationId) -> dict[str, str]:
    return {"contact": await leads.register(body.email, body.source, correlation_id=correlation_id)}
