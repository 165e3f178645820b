"""What findings advise, and where what they say comes from."""

from __future__ import annotations

from pathlib import Path

from tests.unit.checks.projects import check_files


def test_the_approval_that_is_advised_is_the_one_that_the_declared_levels_ask_for(tmp_path: Path) -> None:
    files = {
        "app.py": """
        import stripe
        from gov import governed


        @governed(approval_class="A0", reversibility_class="R0", sensitivity_class="S3")
        def refund(charge):
            stripe.Refund.create(charge=charge)
        """
    }
    (finding,) = check_files(tmp_path, files, "DLX105")
    assert "A0 with S3, which needs at least A1" in finding.message
    assert "at least A1" in finding.fix


def test_a_graph_with_a_checkpointer_is_not_told_to_get_one(tmp_path: Path) -> None:
    files = {
        "app.py": """
        import stripe
        from langgraph.checkpoint.postgres import PostgresSaver
        from langgraph.graph import START, StateGraph


        def pay(state):
            stripe.Refund.create(charge=state["charge"])


        def run(saver: PostgresSaver):
            builder = StateGraph(dict)
            builder.add_node("pay", pay)
            builder.add_edge(START, "pay")
            builder.compile(checkpointer=saver).invoke({}, durability="exit")
        """
    }
    (finding,) = check_files(tmp_path, files, "DLX305")
    assert finding.fix.startswith('Run the graph with durability="sync"')


def test_a_level_that_another_path_declares_says_where(tmp_path: Path) -> None:
    files = {
        "app.py": """
        import httpx
        from gov import governed


        def put(contact):
            httpx.post("https://api.hubapi.com/crm/v3/objects/contacts", json=contact)


        @governed(approval_class="A3", reversibility_class="R3", sensitivity_class="S2")
        def merged(contact):
            put(contact)


        def added(contact):
            put(contact)
        """
    }
    (finding,) = check_files(tmp_path, files, "DLX109")
    assert "R3 by @governed in app.merged, is reachable" in finding.message


def test_the_decorator_that_is_advised_is_the_one_that_the_project_has(tmp_path: Path) -> None:
    files = {
        "gov.py": """
        def governed(*, approval_class, reversibility_class, sensitivity_class):
            return lambda function: function
        """,
        "app.py": """
        import stripe
        from gov import governed


        @governed(approval_class="A3", reversibility_class="R3", sensitivity_class="S2")
        def refund(charge):
            stripe.Refund.create(charge=charge)


        def pay(amount):
            stripe.PaymentIntent.create(amount=amount)
        """,
    }
    (finding,) = check_files(tmp_path, files, "DLX101")
    assert '@governed(approval_class="A3"' in finding.fix
    assert "external_effect" not in finding.fix


def test_what_is_undone_where_approval_was_refused_is_not_told_to_ask_before(tmp_path: Path) -> None:
    files = {
        "app.py": """
        import stripe


        def is_approved(order) -> bool:
            return order.approvals.count() > 1


        def settle(order):
            if not is_approved(order):
                stripe.PaymentIntent.cancel(order.intent)
                return
            stripe.PaymentIntent.capture(order.intent)


        def capture(order):
            stripe.PaymentIntent.capture(order.intent)
        """
    }
    undone, captured = check_files(tmp_path, files, "DLX109")
    assert "where approval was refused" in undone.fix
    assert captured.fix.startswith("Ask an approval")
