"""Drafts the first message to a lead and decides how to make contact."""

from __future__ import annotations

from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from app.graphs.state import OutreachState
from app.integrations.llm import complete
from app.services.outreach import book_meeting
from app.workflows.client import start_intro
from app.workflows.requests import IntroRequest


async def draft(state: OutreachState) -> OutreachState:
    return {"draft": await complete("Write two friendly sentences.", f"Introduce us to {state['lead']}.")}


async def by_whatsapp(state: OutreachState) -> str:
    request = IntroRequest(state["phone"], state["draft"], state.get("approved_by"), state["correlation_id"])
    return await start_intro(request)


async def by_meeting(state: OutreachState) -> str:
    return await book_meeting(state["lead"], correlation_id=state["correlation_id"])


CHANNELS = {"whatsapp": by_whatsapp, "meeting": by_meeting}


async def make_contact(state: OutreachState) -> OutreachState:
    return {"outcome": await CHANNELS[state["channel"]](state)}


def build_outreach_graph(checkpoints: AsyncSqliteSaver) -> CompiledStateGraph[OutreachState]:
    builder = StateGraph(OutreachState)
    builder.add_node("draft", draft)
    builder.add_node("make_contact", make_contact)
    builder.add_edge(START, "draft")
    builder.add_edge("draft", "make_contact")
    builder.add_edge("make_contact", END)
    return builder.compile(checkpointer=checkpoints)
