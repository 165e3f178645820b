"""Ways in which code puts URLs together, sends requests and shares clients."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from .inventories import inventory_of

HERE = Path(__file__).parent


def found_in(root: Path, code: str) -> dict[str, set[str]]:
    """What each function that starts anything leads to."""
    found = defaultdict(set)
    for row in inventory_of(root, {"code.py": code}).effects:
        for reach in row.reached_from:
            start = reach.entry_point.rpartition(".")[2]
            found[start].add(f"{row.kind} {row.provider} {row.operation} {row.confidence}")
    return found


def written_in(code: str, *names: str) -> list[str]:
    """The functions in code whose names begin with one of some."""
    defined = [line.partition("def ")[2].partition("(")[0] for line in code.splitlines() if "def " in line]
    return [name for name in defined if name.startswith(names)]


def test_every_way_to_write_the_url_is_seen_through(tmp_path: Path) -> None:
    """All functions of the file ask for the same refund."""
    code = (HERE / "refunds.txt").read_text(encoding="utf-8")
    written = written_in(code, "refund_")
    found = found_in(tmp_path, code)
    assert len(written) > 60
    assert {name: found[name] for name in written} == {name: {"payment stripe refund.create high"} for name in written}


def test_two_clients_of_one_class_are_told_apart(tmp_path: Path) -> None:
    """The functions of the file send by one of two clients that share their code, named after it."""
    code = (HERE / "clients.txt").read_text(encoding="utf-8")
    written = written_in(code, "stripe_", "hub_")
    found = found_in(tmp_path, code)
    said = {
        "stripe": {"payment stripe refund.create high"},
        "hub": {"external_write hubspot contact.create high"},
    }
    assert len(written) > 30
    assert {name: found[name] for name in written} == {name: said[name.partition("_")[0]] for name in written}


def test_a_text_assigned_to_one_of_several_attributes_is_the_address_of_none(tmp_path: Path) -> None:
    code = """
import httpx


class Config:
    def __init__(self):
        self.url = "https://api.stripe.com/v1/refunds"
        self.registration = None
        for name in ("url", "registration"):
            setattr(self, name, str(getattr(self, name)))


def register():
    httpx.post(Config().registration, json={})


def refund():
    httpx.post(Config().url, data={})
"""
    found = found_in(tmp_path, code)
    assert found["refund"] == {"payment stripe refund.create high"}
    assert not any("stripe" in row for row in found["register"])
