"""Drafts the first message to a lead and decides how to make contact."""

from __future__ import annotations

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from app.graphs.state import OutreachState
from app.integrations.llm import complete
from app.services.outreach import book_meeting, send_intro


async def draft(state: OutreachState) -> OutreachState:
    return {"draft": await complete("Write two friendly sentences.", f"Introduce us to {state['lead']}.")}


async def by_whatsapp(state: OutreachState) -> str:
    return await send_intro(
        state["phone"],
        state["draft"],
        approved_by=state.get("approved_by"),
        correlation_id=state["correlation_id"],
    )


async def by_meeting(state: OutreachState) -> str:
    return await book_meeting(state["lead"], correlation_id=state["correlation_id"])


CHANNELS = {"whatsapp": by_whatsapp, "meeting": by_meeting}


async def make_contact(state: OutreachState) -> OutreachState:
    return {"outcome": await CHANNELS[state["channel"]](state)}


_graph: CompiledStateGraph[OutreachState] | None = None


def get_outreach_graph() -> CompiledStateGraph[OutreachState]:
    global _graph
    if _graph is None:
        builder = StateGraph(OutreachState)
        builder.add_node("draft", draft)
        builder.add_node("make_contact", make_contact)
        builder.add_edge(START, "draft")
        builder.add_edge("draft", "make_contact")
        builder.add_edge("make_contact", END)
        _graph = builder.compile(checkpointer=InMemorySaver())  # expect: DLX305
    return _graph
