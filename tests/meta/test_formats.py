"""What other programs may rely on in the printed documents, beside the shape that the schemas describe; the three
documents tell the same story."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.meta.pages import ROOT

APPLICATION = ROOT / "examples" / "commitments"
COMMANDS = {
    "check": ("check", "--min-confidence", "low"),
    "inventory": ("inventory",),
    "graph": ("graph",),
    "edges": ("graph", "--edges"),
}
AT_THE_EFFECT = {"DLX101", "DLX201", "DLX204", "DLX301", "DLX302"}
GOVERNED = {"messaging", "payment", "contract", "external_write"}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What every command prints about the example application."""
    store = str(tmp_path_factory.mktemp("store"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "DEALIX_LINT_CACHE_DIR": store}
    documents = {}
    for name, arguments in COMMANDS.items():
        command = [sys.executable, "-m", "dealix_lint", *arguments, "--format", "json", str(APPLICATION)]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert result.stderr == ""
        documents[name] = json.loads(result.stdout)
    return documents


def test_findings_stand_at_places_of_the_tree_in_order(printed: dict[str, Any]) -> None:
    findings = printed["check"]["findings"]
    assert findings == sorted(findings, key=lambda f: (f["path"], f["line"], f["column"], f["code"], f["message"]))
    assert len({finding["fingerprint"] for finding in findings}) == len(findings)
    for finding in findings:
        lines = (APPLICATION / finding["path"]).read_text(encoding="utf-8").splitlines()
        assert 1 <= finding["line"] <= finding["end_line"] <= len(lines)
        assert 1 <= finding["column"] <= len(lines[finding["line"] - 1])
        assert lines[finding["line"] - 1][finding["column"] - 1].strip()
        assert finding["column"] < finding["end_column"] or finding["line"] < finding["end_line"]


def test_a_trace_runs_from_a_start_along_edges_of_the_graph_to_the_finding(printed: dict[str, Any]) -> None:
    for finding in printed["check"]["findings"]:
        traces = [finding["trace"], *finding["other_traces"]]
        for trace in traces:
            for caller, callee in pairwise(trace):
                assert callee["function"] in printed["graph"][caller["function"]]
                assert Path(APPLICATION / caller["path"]).is_file()
        if finding["code"] in AT_THE_EFFECT:
            last = finding["trace"][-1]
            assert (last["path"], last["line"], last["function"]) == (
                finding["path"], finding["line"], finding["function"]
            )  # fmt: skip
            assert finding["effect"]["kind"] in GOVERNED
            assert finding["entry_points"] >= 1


def test_the_summary_counts_what_is_printed(printed: dict[str, Any]) -> None:
    findings, summary = printed["check"]["findings"], printed["check"]["summary"]
    shown = [finding["severity"] for finding in findings if finding["suppressed"] is None]
    assert [summary[key] for key in ("errors", "warnings", "notes")] == [
        shown.count(severity) for severity in ("error", "warning", "note")
    ]
    assert summary["suppressed"] == len(findings) - len(shown)
    assert summary["below_confidence"] == 0
    assert summary["files"] == sum(1 for _ in APPLICATION.rglob("*.py"))
    assert summary["effects"] == sum(effect["kind"] in GOVERNED for effect in printed["inventory"]["effects"])
    assert summary["entry_points"] == len(printed["inventory"]["entry_points"])


def test_every_chain_of_the_inventory_leads_from_a_start_to_its_effect(printed: dict[str, Any]) -> None:
    starts = {start["id"]: start for start in printed["inventory"]["entry_points"]}
    assert list(starts) == sorted(starts)
    for effect in printed["inventory"]["effects"]:
        reached = effect["reached_from"]
        assert [row["entry_point"] for row in reached] == sorted({row["entry_point"] for row in reached})
        for row in reached:
            start = starts[row["entry_point"]]
            assert (row["mechanism"], row["chain"][-1]) == (start["mechanism"], effect["function"])
            assert len(row["edges"]) == len(row["chain"]) - 1
            for caller, callee in pairwise(row["chain"]):
                assert callee in printed["graph"][caller]


def test_the_two_forms_of_the_graph_agree_and_hold_every_function(printed: dict[str, Any]) -> None:
    graph, edges = printed["graph"], printed["edges"]
    assert list(graph) == sorted(graph) == edges["functions"]
    assert all(callees == sorted(set(callees)) for callees in graph.values())
    by_caller: dict[str, set[str]] = {caller: set() for caller in graph}
    for edge in edges["edges"]:
        by_caller[edge["caller"]].add(edge["callee"])
        assert edge["line"] >= 1
        assert edge["kind"] in ("call", "dispatch")
    assert {caller: sorted(callees) for caller, callees in by_caller.items()} == graph
    assert not [name for name in graph if "<locals>" in name]
