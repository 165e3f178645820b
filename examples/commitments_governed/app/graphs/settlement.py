"""Decides what a partner is owed and has it paid."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import END, START, StateGraph

from app.graphs.state import SettlementState
from app.integrations.llm import complete
from app.workflows.requests import PayoutRequest


class SettlementGraph:
    actor_type = "recommender_agent"

    def __init__(self, start: Callable[[PayoutRequest], Awaitable[str]], checkpoints: AsyncSqliteSaver) -> None:
        self._start = start
        self._checkpoints = checkpoints

    async def _assess(self, state: SettlementState) -> SettlementState:
        return {"reasoning": await complete("Assess this commission.", f"{state['amount']} halalas")}

    async def _settle(self, state: SettlementState) -> SettlementState:
        request = PayoutRequest(state["partner_id"], state["amount"], state.get("approved_by"), state["correlation_id"])
        return {"payout": await self._start(request)}

    def build(self) -> Any:
        builder = StateGraph(SettlementState)
        builder.add_node("assess", self._assess)
        builder.add_node("settle", self._settle)
        builder.add_edge(START, "assess")
        builder.add_edge("assess", "settle")
        builder.add_edge("settle", END)
        return builder.compile(checkpointer=self._checkpoints)
