"""All routers under their versioned prefix."""

from __future__ import annotations

from fastapi import APIRouter

from app.api import billing, campaigns, contracts, deals, leads, partners, webhooks

api = APIRouter(prefix="/v1")
api.include_router(deals.router)
api.include_router(billing.router, prefix="/billing")
api.include_router(contracts.router)
api.include_router(campaigns.router)
api.include_router(partners.router)
api.include_router(leads.router)
api.include_router(webhooks.router)
