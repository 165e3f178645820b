"""The inventory and the call graph as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import networkx

from dealix_lint.model.callmap import CallMap, NamedEdge
from dealix_lint.model.inventory import Classes, EffectRow, Inventory, MechanismRow, Reach, StartRow
from dealix_lint.reporters.graph import (
    graph_document,
    graph_dot,
    graph_edges_json,
    graph_graphml,
    graph_json,
    graph_text,
    read_graph,
)
from dealix_lint.reporters.inventory_json import inventory_json, read_inventory
from dealix_lint.reporters.inventory_markdown import inventory_markdown
from dealix_lint.reporters.inventory_text import inventory_text
from dealix_lint.reporters.styled import plain

REACHES = tuple(Reach(f"web:app.api.r{n}", "web", ("app.api.r", "app.pay.charge"), ("call",), "web") for n in range(3))
CHARGE = EffectRow(
    "app/pay.py", 4, 6, "app.pay.charge", "payment", "stripe", "charge.create", "high", "by symbol",
    Classes("A2", "R3", ""), REACHES,
)  # fmt: skip
SEARCH = EffectRow("app/a.py", 1, 1, "app.a.find", "external_read", "hubspot", "search", "low", "by host", None, ())
INVENTORY = Inventory(
    (SEARCH, CHARGE),
    (StartRow("web:app.api.r0", "app.api.r0", "web", "POST /r", "app/api.py"),),
    (MechanismRow("celery", "app/jobs.py", 2), MechanismRow("web", "app/api.py", 3)),
)

GRAPH = CallMap(
    (("a", ("a.f", "json.dumps")), ("a.f", ())),
    (NamedEdge("a", "a.f", "dispatch", "celery", "a.py", 3), NamedEdge("a", "json.dumps", "call", "", "a.py", 4)),
)


def test_the_inventory_table_has_commitments_first() -> None:
    head, first, second, _, total = plain(inventory_text(INVENTORY, "shop/".__add__)).splitlines()
    assert head.split()[:4] == ["kind", "provider", "operation", "where"]
    assert first.split("  ") != second.split("  ")
    assert "shop/app/pay.py:4" in first
    assert "A2/R3/-" in first
    assert first.endswith("web:app.api.r0, web:app.api.r1 +1")
    assert second.startswith("external_read")
    assert total == "2 effects, 1 entry point (web 1)"


def test_the_inventory_document_is_what_the_format_describes_and_can_be_read_back() -> None:
    document = json.loads(inventory_json(INVENTORY))
    assert document["schema"] == "dealix-lint/inventory/1"
    assert document["effects"][1]["classes"] == {"approval": "A2", "reversibility": "R3", "sensitivity": ""}
    assert document["effects"][1]["reached_from"][0] == {
        "entry_point": "web:app.api.r0",
        "mechanism": "web",
        "chain": ["app.api.r", "app.pay.charge"],
        "edges": ["call"],
        "runs_in": "web",
    }
    assert read_inventory(document) == INVENTORY


def test_the_inventory_in_markdown_says_what_each_mechanism_does_here() -> None:
    said = inventory_markdown(INVENTORY, "shop/".__add__).splitlines()
    assert "| web | web routes and middleware | 3 | 1 | payment (stripe) 1 | `shop/app/api.py` |" in said
    assert "| celery | tasks of a queue | 2 | 0 | no effect | `shop/app/jobs.py` |" in said
    assert "| payment | stripe | 1 | charge.create | web 3 |" in said
    assert "| external_read | hubspot | 1 | search | nothing |" in said
    (commitment,) = [row for row in said if "shop/app/pay.py:4" in row]
    assert "| A2/R3/- | high | `web:app.api.r0`, `web:app.api.r1`, `web:app.api.r2` |" in commitment
    assert said[-1] == "2 effects, 1 entry point."


def test_cells_of_a_markdown_table_cannot_break_it() -> None:
    row = replace(CHARGE, operation="pay | `now`\n")
    (cell,) = [line for line in inventory_markdown(Inventory((row,), ())).splitlines() if "app/pay.py" in line]
    assert "| pay \\| `now`\\u000a |" in cell


def test_the_graph_is_a_plain_adjacency_list() -> None:
    assert json.loads(graph_json(GRAPH)) == {"a": ["a.f", "json.dumps"], "a.f": []}


def test_edges_come_in_a_second_form() -> None:
    document = json.loads(graph_edges_json(GRAPH))
    assert document["schema"] == "dealix-lint/graph-edges/1"
    assert document["functions"] == ["a", "a.f"]
    assert document["edges"][0]["kind"] == "dispatch"


def test_the_graph_as_text_and_for_graphviz() -> None:
    assert plain(graph_text(GRAPH)) == "a\n  dispatch [celery] a.f  a.py:3\n  call json.dumps  a.py:4\na.f\n"
    assert plain(graph_text(CallMap(GRAPH.adjacency))) == "a\n  a.f\n  json.dumps\na.f\n"
    assert '"a" -> "a.f" [style=dashed];' in graph_dot(GRAPH)


def test_the_graph_in_graphml_is_read_by_networkx() -> None:
    names = (("a", ("a.<lambda1>", "json.dumps")), ("a.<lambda1>", ()))
    plain_graph = networkx.parse_graphml(graph_graphml(CallMap(names)))
    assert list(plain_graph.edges) == [("a", "a.<lambda1>"), ("a", "json.dumps")]
    assert dict(plain_graph.nodes(data="followed")) == {"a": True, "a.<lambda1>": True, "json.dumps": False}
    twice = CallMap(GRAPH.adjacency, (*GRAPH.edges, NamedEdge("a", "json.dumps", "call", "", "a.py", 9)))
    graph = networkx.parse_graphml(graph_graphml(twice))
    assert sorted(graph.edges(data="line")) == [("a", "a.f", 3), ("a", "json.dumps", 4), ("a", "json.dumps", 9)]
    assert [kind for *_, kind in graph.edges(data="kind") if kind != "call"] == ["dispatch"]


def test_the_graph_survives_the_store() -> None:
    assert read_graph(json.loads(json.dumps(graph_document(GRAPH)))) == GRAPH
