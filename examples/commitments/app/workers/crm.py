"""Keeping the two CRMs up to date."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from celery import shared_task

from app.audit import record_audit
from app.core.database import session_scope
from app.core.governance import governed
from app.integrations.hubspot import HubSpotClient
from app.integrations.salesforce import SalesforceClient
from app.models import Deal
from app.workers.celery_app import celery_app


@celery_app.task(bind=True, autoretry_for=(httpx.HTTPError,), retry_backoff=True, max_retries=3)
@governed(approval_class="A0", reversibility_class="R1", sensitivity_class="S1")  # expect: DLX105
def push_deal(self: Any, deal_id: int, correlation_id: str) -> None:
    async def inner(deal: Deal) -> None:
        await HubSpotClient().sync_deal(
            deal.external_id or str(deal.id), {"dealstage": deal.stage}, correlation_id=correlation_id
        )

    with session_scope() as session:
        deal = session.get_one(Deal, deal_id)
        asyncio.run(inner(deal))
        record_audit(session, action="push_deal", subject=f"deal {deal_id}", correlation_id=correlation_id)


@shared_task(name="crm.mirror")
@governed(approval_class="manager", reversibility_class="R1", sensitivity_class="S1")  # expect: DLX103
def mirror_deal(deal_id: int, correlation_id: str) -> str:
    with session_scope() as session:
        deal = session.get_one(Deal, deal_id)
        opportunity = SalesforceClient().operations_snapshot(deal.title, deal.stage)  # expect: DLX202
        record_audit(
            session,
            action="mirror_deal",
            subject=f"deal {deal_id}",
            correlation_id=correlation_id,
            reference=opportunity,
        )
    return opportunity


@celery_app.task(name="crm.refresh")
@governed(approval_class="A1", reversibility_class="R1", sensitivity_class="S1")
def refresh_deal(deal_id: int, correlation_id: str) -> None:
    with session_scope() as session:
        deal = session.get_one(Deal, deal_id)
        HubSpotClient().sync_deal(  # expect: DLX306
            deal.external_id or "", {"dealname": deal.title}, correlation_id=correlation_id
        )
        record_audit(session, action="refresh_deal", subject=f"deal {deal_id}", correlation_id=correlation_id)
