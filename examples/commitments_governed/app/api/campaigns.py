from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from app.core.correlation import CorrelationId
from app.graphs.checkpoints import open_checkpoints
from app.graphs.outreach import build_outreach_graph
from app.graphs.state import OutreachState
from app.workers import messaging

router = APIRouter(prefix="/campaigns", tags=["campaigns"])


class TemplateCampaign(BaseModel):
    phones: list[str]
    template: str
    approved_by: str | None = None


class SmsCampaign(BaseModel):
    phones: list[str]
    body: str
    approved_by: str | None = None


class Outreach(BaseModel):
    lead: str
    phone: str
    channel: str
    approved_by: str | None = None


@router.post("/template", status_code=202)
def broadcast(body: TemplateCampaign, correlation_id: CorrelationId) -> dict[str, str]:
    messaging.broadcast_template.delay(body.phones, body.template, body.approved_by, correlation_id)
    return {"status": "queued"}


@router.post("/sms", status_code=202)
def announce(body: SmsCampaign, correlation_id: CorrelationId) -> dict[str, str]:
    messaging.announce_locally.delay(body.phones, body.body, body.approved_by, correlation_id)
    return {"status": "queued"}


@router.post("/outreach")
async def reach_out(body: Outreach, correlation_id: CorrelationId) -> dict[str, str]:
    state: OutreachState = {
        "lead": body.lead,
        "phone": body.phone,
        "channel": body.channel,
        "approved_by": body.approved_by,
        "correlation_id": correlation_id,
    }
    async with open_checkpoints() as checkpoints:
        graph = build_outreach_graph(checkpoints)
        result = await graph.ainvoke(state, {"configurable": {"thread_id": correlation_id}}, durability="sync")
    return {"outcome": result["outcome"]}
