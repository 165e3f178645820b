"""Decides what a partner is owed and settles it."""

from __future__ import annotations

from typing import Any

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph

from app.graphs.state import SettlementState
from app.integrations.llm import complete
from app.services.partners import PartnerService


class SettlementGraph:
    actor_type = "recommender_agent"  # expect: DLX108

    def __init__(self, partners: PartnerService) -> None:
        self.partners = partners

    async def _assess(self, state: SettlementState) -> SettlementState:
        return {"reasoning": await complete("Assess this commission.", f"{state['amount']} halalas")}

    async def _settle(self, state: SettlementState) -> SettlementState:
        payout = await self.partners.pay_commission(
            state["partner_id"],
            state["amount"],
            approved_by=state.get("approved_by"),
            correlation_id=state["correlation_id"],
        )
        return {"payout": payout}

    def build(self) -> Any:
        builder = StateGraph(SettlementState)
        builder.add_node("assess", self._assess)
        builder.add_node("settle", self._settle)
        builder.add_edge(START, "assess")
        builder.add_edge("assess", "settle")
        builder.add_edge("settle", END)
        return builder.compile(checkpointer=InMemorySaver())  # expect: DLX305
