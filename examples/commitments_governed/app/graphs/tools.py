"""What the deal desk may do."""

from __future__ import annotations

from langchain_core.runnables import RunnableConfig
from langchain_core.tools import tool

from app.core.database import session_scope
from app.models import Deal


@tool
def lookup_stage(deal_id: int) -> str:
    """Look up the stage of a deal."""
    with session_scope() as session:
        return session.get_one(Deal, deal_id).stage


@tool
async def send_contract(title: str, signer: str, phone: str, config: RunnableConfig) -> str:
    """Have a contract sent to a signer."""
    from app.workflows.client import start_signing
    from app.workflows.requests import SigningRequest

    context = config["configurable"]
    request = SigningRequest(title, signer, phone, context.get("approved_by"), context["correlation_id"])
    return await start_signing(request)


DESK_TOOLS = [lookup_stage, send_contract]
