from __future__ import annotations

from fastapi import APIRouter, BackgroundTasks
from pydantic import BaseModel

from app.core.correlation import CorrelationId
from app.graphs.outreach import get_outreach_graph
from app.graphs.state import OutreachState
from app.integrations.sms import send_local_sms
from app.workers import messaging

router = APIRouter(prefix="/campaigns", tags=["campaigns"])


class TemplateCampaign(BaseModel):
    phones: list[str]
    template: str
    approved_by: str | None = None


class SmsCampaign(BaseModel):
    phones: list[str]
    body: str


class Outreach(BaseModel):
    lead: str
    phone: str
    channel: str
    approved_by: str | None = None


@router.post("/template", status_code=202)
def broadcast(body: TemplateCampaign, correlation_id: CorrelationId) -> dict[str, str]:
    messaging.broadcast_template.delay(body.phones, body.template, body.approved_by)  # expect: DLX205
    return {"status": "queued"}


@router.post("/sms", status_code=202)
def announce(body: SmsCampaign, background: BackgroundTasks) -> dict[str, str]:
    background.add_task(send_local_sms, body.phones, body.body)
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
    result = await get_outreach_graph().ainvoke(state, {"configurable": {"thread_id": correlation_id}})
    return {"outcome": result["outcome"]}
