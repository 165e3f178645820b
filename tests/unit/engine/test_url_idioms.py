"""Every way in which code puts a URL together and sends a request: all of them are the same refund."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from dealix_lint.engine.answers import take_inventory
from dealix_lint.engine.project import find_projects
from dealix_lint.engine.request import Overrides, Request

CODE = Path(__file__).with_name("refunds.txt")


def test_every_way_to_write_the_url_is_seen_through(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.dealix-lint]\n")
    (tmp_path / "refunds.py").write_text(CODE.read_text(encoding="utf-8"))
    (project,) = find_projects((tmp_path,))
    inventory, _ = take_inventory(project, Request((tmp_path,), overrides=Overrides(jobs=1), use_store=False))
    found = defaultdict(set)
    for row in inventory.effects:
        for reach in row.reached_from:
            start = reach.entry_point.rpartition(".")[2]
            found[start].add(f"{row.kind} {row.provider} {row.operation} {row.confidence}")
    written = [
        line.partition("def ")[2].partition("(")[0] for line in CODE.read_text().splitlines() if "def refund_" in line
    ]
    assert len(written) > 60
    assert {name: found[name] for name in written} == {name: {"payment stripe refund.create high"} for name in written}
