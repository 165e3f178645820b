from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from app.core.correlation import CorrelationId
from app.core.database import DatabaseSession
from app.graphs.checkpoints import open_checkpoints
from app.graphs.deal_desk import build_deal_desk
from app.graphs.state import DeskState
from app.integrations import pricing
from app.models import Deal
from app.services.subscribers import announce_stage
from app.workers.celery_app import celery_app
from app.workers.crm import push_deal
from app.workers.statements import send_welcome

router = APIRouter(prefix="/deals", tags=["deals"])


class NewDeal(BaseModel):
    title: str
    contact_email: str
    contact_phone: str


class StageChange(BaseModel):
    stage: str
    callback_url: str | None = None


class DeskQuestion(BaseModel):
    text: str
    approved_by: str | None = None


@router.post("", status_code=201)
def create_deal(body: NewDeal, session: DatabaseSession, correlation_id: CorrelationId) -> dict[str, int]:
    deal = Deal(**body.model_dump())
    session.add(deal)
    session.commit()
    send_welcome.delay(deal.id, correlation_id)
    return {"id": deal.id}


@router.patch("/{deal_id}")
def change_stage(
    deal_id: int, body: StageChange, session: DatabaseSession, correlation_id: CorrelationId
) -> dict[str, str]:
    deal = session.get_one(Deal, deal_id)
    deal.stage = body.stage
    session.commit()
    push_deal.apply_async(args=[deal_id, correlation_id], countdown=5)
    celery_app.send_task("crm.mirror", args=[deal_id, correlation_id])
    if body.callback_url:
        announce_stage(session, deal, body.callback_url, correlation_id=correlation_id)
    return {"stage": deal.stage}


@router.get("/{deal_id}/quote")
def quote(deal_id: int, product: str, quantity: int) -> dict[str, int]:
    return {"deal": deal_id, "amount": pricing.quote(product, quantity)}


@router.post("/{deal_id}/desk")
async def ask_desk(deal_id: int, body: DeskQuestion, correlation_id: CorrelationId) -> dict[str, Any]:
    context = {"thread_id": f"deal-{deal_id}", "correlation_id": correlation_id, "approved_by": body.approved_by}
    async with open_checkpoints() as checkpoints:
        desk = build_deal_desk(checkpoints)
        question: DeskState = {"messages": [("user", body.text)]}
        result = await desk.ainvoke(question, {"configurable": context}, durability="sync")
    return {"answer": result["messages"][-1].content}
