"""`dealix-lint graph` and `dealix-lint why` as their users run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.faces.conftest import Run

JOBS = """\
from concurrent.futures import ThreadPoolExecutor

from celery import shared_task

from app.pay import charge


def retry(function):
    return function()


def first():
    retry(one)


def second():
    retry(two)


def one():
    collect.delay()


def two(x):
    x.unknown()


@shared_task
def collect():
    charge(1)
"""


@pytest.fixture
def jobs(shop: Path) -> Path:
    """The application with jobs beside its route."""
    (shop / "app/jobs.py").write_text(JOBS)
    return shop


def graph_of(lint: Run, *arguments: str) -> dict[str, list[str]]:
    done = lint("graph", "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_from_shows_what_a_function_leads_to(lint: Run, jobs: Path) -> None:
    assert graph_of(lint, "--from", "app.jobs.first") == {
        "app.jobs.collect": ["app.pay.charge"],
        "app.jobs.first": ["app.jobs.retry"],
        "app.jobs.one": ["app.jobs.collect"],
        "app.jobs.retry": ["app.jobs.one"],
        "app.pay.charge": ["stripe.PaymentIntent.create"],
    }


def test_a_helper_that_two_callers_share_does_not_mix_what_they_hand_over(lint: Run, jobs: Path) -> None:
    assert "app.jobs.two" not in graph_of(lint, "--from", "first")
    assert "app.jobs.first" not in graph_of(lint, "--to", "app.jobs.two")


def test_to_shows_what_leads_to_a_function_or_to_a_library(lint: Run, jobs: Path) -> None:
    to_charge = graph_of(lint, "--to", "charge")
    assert to_charge["app.api.pay"] == ["app.pay.charge"]
    assert to_charge["app.pay.charge"] == []
    assert graph_of(lint, "--to", "PaymentIntent.create")["app.pay.charge"] == ["stripe.PaymentIntent.create"]


def test_from_and_to_together_show_the_ways_between(lint: Run, jobs: Path) -> None:
    between = graph_of(lint, "--from", "app.jobs.one", "--to", "app.pay.charge")
    assert between == {
        "app.jobs.collect": ["app.pay.charge"],
        "app.jobs.one": ["app.jobs.collect"],
        "app.pay.charge": [],
    }


def test_depth_says_how_far_to_go(lint: Run, jobs: Path) -> None:
    assert graph_of(lint, "--from", "first", "--depth", "1") == {
        "app.jobs.first": ["app.jobs.retry"],
        "app.jobs.retry": [],
    }
    assert graph_of(lint, "--to", "charge", "--depth", "1") == {
        "app.api.pay": ["app.pay.charge"],
        "app.jobs.collect": ["app.pay.charge"],
        "app.pay.charge": [],
    }
    assert "--from or --to" in lint("graph", "--depth", "2").stderr


def test_a_part_is_drawn_in_every_form(lint: Run, jobs: Path) -> None:
    mermaid = lint("graph", "--from", "app.jobs.one", "--edges", "--format", "mermaid").stdout
    assert mermaid.startswith("flowchart LR\n")
    assert '["app.jobs.one"]' in mermaid
    assert "-.->" in mermaid
    assert lint("graph", "--from", "one", "--format", "dot").stdout.count("->") == 3
    edges = json.loads(lint("graph", "--from", "one", "--edges", "--format", "json").stdout)["edges"]
    assert edges[0] == {
        "caller": "app.jobs.collect", "callee": "app.pay.charge", "kind": "call", "mechanism": "", "path": "app/jobs.py",
        "line": 30,
    }  # fmt: skip


def test_a_name_that_means_nothing_gets_a_hint_and_one_that_means_several_the_choice(lint: Run, jobs: Path) -> None:
    assert lint("graph", "--from", "chargee").stderr == (
        "dealix-lint: no function is called chargee; did you mean app.pay.charge?\n"
    )
    (jobs / "app/other.py").write_text("def charge(): pass\n")
    done = lint("why", "api.pay", "charge")
    assert (done.returncode, done.stderr) == (
        2,
        "dealix-lint: charge can be app.other.charge, app.pay.charge; give more of the name\n",
    )


def test_why_shows_the_shortest_way_with_its_lines(lint: Run, jobs: Path) -> None:
    done = lint("why", "first", "PaymentIntent.create")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "app.jobs.first",
        "└─ app.jobs.retry  app/jobs.py:13",
        "   └─ app.jobs.one  app/jobs.py:9",
        "      └─ dispatch -> [celery] app.jobs.collect  app/jobs.py:21",
        "         └─ app.pay.charge  app/jobs.py:30",
        "            └─ stripe.PaymentIntent.create  app/pay.py:5",
        "5 calls.",
    ]
    assert lint("why", "first", "PaymentIntent.create").stdout == done.stdout  # remembered


def test_why_says_where_there_is_no_way(lint: Run, jobs: Path) -> None:
    done = lint("why", "second", "app.pay.charge")
    assert (done.returncode, done.stdout) == (1, "app.jobs.second does not lead to app.pay.charge.\n")
    document = json.loads(lint("why", "second", "app.pay.charge", "--format", "json").stdout)
    assert document == {
        "schema": "dealix-lint/why/1", "from": "app.jobs.second", "to": "app.pay.charge", "edges": None,
    }  # fmt: skip


def test_statistics_count_what_is_resolved_and_say_why_the_rest_is_not(lint: Run, jobs: Path) -> None:
    document = json.loads(lint("graph", "--stats", "--format", "json").stdout)
    assert document["schema"] == "dealix-lint/graph-stats/1"
    assert document["functions"] == 8
    assert document["calls"] == document["first_party"] + document["external"] + sum(document["unknown"].values())
    assert document["unknown"] == {"a parameter that no caller gives a known value": 1}
    assert document["edges"]["dispatch, high confidence"] == 1
    text = lint("graph", "--stats").stdout
    assert text.startswith("8 functions, ")
    assert "reach nothing known" in text
    assert "leave out --edges" in lint("graph", "--stats", "--edges").stderr
    assert "text or json" in lint("graph", "--stats", "--format", "dot").stderr


def test_several_calls_in_one_line_are_listed_once(lint: Run, shop: Path) -> None:
    (shop / "app/sums.py").write_text(
        "def add(x): ...\n\n\ndef both():\n    return add(1), add(2)\n\n\nadd(3)\nadd(4)\n"
    )
    edges = json.loads(lint("graph", "--from", "app.sums.both", "--edges", "--format", "json").stdout)["edges"]
    assert [edge["line"] for edge in edges] == [5]
    edges = json.loads(lint("graph", "--from", "app.sums", "--edges", "--format", "json").stdout)["edges"]
    assert [edge["line"] for edge in edges] == [8, 9]
