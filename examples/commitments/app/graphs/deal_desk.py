"""The deal desk: a model with tools."""

from __future__ import annotations

import json

from langchain_core.messages import AIMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.prebuilt import ToolNode, tools_condition

from app.graphs.state import DeskState
from app.graphs.tools import DESK_TOOLS
from app.integrations.llm import complete

INSTRUCTIONS = 'Answer, or ask for a tool with {"tool": name, "arguments": {...}}.'


async def decide(state: DeskState) -> dict[str, list[AIMessage]]:
    answer = await complete(INSTRUCTIONS, str(state["messages"][-1].content))
    if not answer.startswith("{"):
        return {"messages": [AIMessage(content=answer)]}
    wish = json.loads(answer)
    call = {"name": wish["tool"], "args": wish["arguments"], "id": f"call-{len(state['messages'])}"}
    return {"messages": [AIMessage(content="", tool_calls=[call])]}


def build_deal_desk() -> CompiledStateGraph[DeskState]:
    builder = StateGraph(DeskState)
    builder.add_node("decide", decide)
    builder.add_node("tools", ToolNode(DESK_TOOLS))
    builder.add_edge(START, "decide")
    builder.add_conditional_edges("decide", tools_condition)
    builder.add_edge("tools", "decide")
    return builder.compile(checkpointer=InMemorySaver())  # expect: DLX305
