from __future__ import annotations

from typing import Annotated, Any, TypedDict

from langgraph.graph.message import add_messages


class OutreachState(TypedDict, total=False):
    lead: str
    phone: str
    channel: str
    approved_by: str | None
    correlation_id: str
    draft: str
    outcome: str


class DeskState(TypedDict):
    messages: Annotated[list[Any], add_messages]


class SettlementState(TypedDict, total=False):
    partner_id: int
    amount: int
    approved_by: str | None
    correlation_id: str
    reasoning: str
    payout: str
