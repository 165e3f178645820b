"""Starts of graphs and workflows."""

from __future__ import annotations

from .static_resolution import known_as

GRAPH = """
    from langgraph.graph import StateGraph
    from langchain_core.tools import tool
    from langgraph.prebuilt import ToolNode

    def plan(state): ...
    def route(state): ...

    @tool("search")
    def search(q): ...

    def build():
        g = StateGraph(dict)
        g.add_node("plan", plan)
        g.add_node("tools", ToolNode([search]))
        g.add_conditional_edges("plan", route)
        return g.compile()

    graph = build()
"""


def test_nodes_and_tools_nobody_invokes_are_starts() -> None:
    assert known_as(GRAPH) == {
        "langgraph:app.plan": "node plan",
        "langgraph:app.route": "route route",
        "langgraph:app.search": "tool search",
    }


def test_nodes_of_an_invoked_graph_start_at_the_invocation() -> None:
    found = known_as(
        GRAPH + "\n    def ask(q):\n        return graph.invoke(q)\n",
        *(("app.ask", f"app.{name}") for name in ("plan", "route", "search")),
    )
    assert sorted(found) == ["open:app.ask"]


WORKFLOW = """
    from temporalio import workflow, activity
    from temporalio.client import ScheduleActionStartWorkflow
    from temporalio.worker import Worker

    @activity.defn(name="charge_card")
    async def charge(): ...

    @workflow.defn
    class Pay:
        @workflow.run
        async def run(self): ...

        @workflow.signal
        def approve(self): ...

    async def main(client):
        worker = Worker(client, workflows=[Pay], activities=[charge])
"""


def test_registration_with_a_worker_is_no_dispatch() -> None:
    assert known_as(WORKFLOW) == {
        "temporal:app.charge": "activity charge_card",
        "temporal:app.Pay.run": "workflow Pay",
        "temporal:app.Pay.approve": "signal Pay.approve",
        "open:app.main": "nothing analysed calls it",
    }


def test_an_activity_starts_at_the_workflow_that_executes_it() -> None:
    assert "temporal:app.charge" not in known_as(WORKFLOW, ("app.Pay.run", "app.charge"))


def test_a_scheduled_workflow_is_a_start_although_a_client_starts_it_too() -> None:
    scheduled = WORKFLOW + '\n    ACTION = ScheduleActionStartWorkflow(Pay.run, id="nightly", task_queue="q")\n'
    found = known_as(scheduled, ("app.main", "app.Pay.run"))
    assert found["temporal:app.Pay.run"] == "schedule nightly"
    by_name = WORKFLOW + '\n    ACTION = ScheduleActionStartWorkflow("Pay", id="nightly", task_queue="q")\n'
    assert known_as(by_name, ("app.main", "app.Pay.run"))["temporal:app.Pay.run"] == "schedule nightly"
