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
async def send_contract(title: str, signer: str, config: RunnableConfig) -> str:
    """Send a contract to a signer."""
    from app.services.contracts import ContractService

    context = config["configurable"]
    return await ContractService().send_contract(
        title, signer, approved_by=context.get("approved_by"), correlation_id=context["correlation_id"]
    )


DESK_TOOLS = [lookup_stage, send_contract]
