"""What the recorder of `bench/dynamic_recall.py` says of calls that really happen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[3] / "bench"
FILES = {
    "shop/__init__.py": "",
    "shop/orders.py": """\
import asyncio
import contextlib
import inspect

class Order:
    def __iter__(self):
        yield price(self)

    def __del__(self):
        price(None)

def price(order):
    return 1

def lines(count=1):
    yield count

def make():
    return lines()

def resume(made):
    return next(made)

def total(order):
    return sum(order)

async def send(order):
    return price(order)

def prepare(order):
    return send(order)

def run(coroutine):
    return asyncio.run(coroutine)

@contextlib.contextmanager
def opened():
    yield price(None)

def use():
    with opened():
        return max([1, 2], key=price)

def apply(function):
    return function()

def generated():
    return eval("price(None)")

def drop():
    Order()

def tells():
    return inspect.iscoroutinefunction(send) and inspect.isgeneratorfunction(lines) and lines.__defaults__ == (1,)
""",
    "tests/test_orders.py": """\
from shop import orders

def test_orders():
    assert orders.resume(orders.make()) == 1
    assert orders.total(orders.Order()) == 1
    assert orders.run(orders.prepare(orders.Order())) == 1
    assert orders.use() == 1
    assert orders.apply(lambda: orders.price(None)) == 1
    assert orders.generated() == 1
    orders.drop()
    assert orders.tells()
""",
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    tree = tmp_path_factory.mktemp("tree")
    for path, text in FILES.items():
        (tree / path).parent.mkdir(exist_ok=True)
        (tree / path).write_text(text)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV", "PYTEST"))},
        "PYTHONPATH": os.pathsep.join([str(tree), str(BENCH)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DEALIX_RECORD_TREE": str(tree),
        "DEALIX_RECORD_ROOT": str(tree),
        "DEALIX_RECORD_PACKAGE": "shop",
        "DEALIX_RECORD_OUTPUT": str(tree / "edges.json"),
    }
    options = ["-q", "-p", "record_plugin", "-p", "no:cacheprovider", "-p", "no:randomly", "-o", "addopts="]
    command = [sys.executable, "-m", "pytest", *options, "tests"]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    edges = json.loads((tree / "edges.json").read_text())
    return {(caller.rpartition("orders.")[2], callee.rpartition("orders.")[2]): how for caller, callee, how in edges}


def test_a_generator_is_called_where_it_is_made(recorded: dict[tuple[str, str], str]) -> None:
    assert recorded["make", "lines"] == "call"
    assert ("resume", "lines") not in recorded


def test_a_coroutine_is_called_where_it_is_made(recorded: dict[tuple[str, str], str]) -> None:
    assert recorded["prepare", "send"] == "call"
    assert ("run", "send") not in recorded
    assert recorded["send", "price"] == "call"


def test_an_iterator_is_called_by_what_asks_for_it(recorded: dict[tuple[str, str], str]) -> None:
    assert recorded["total", "Order.__iter__"] == "c"
    assert recorded["Order.__iter__", "price"] == "call"


def test_calls_of_others_are_told_apart(recorded: dict[tuple[str, str], str]) -> None:
    assert recorded["use", "opened"] == "library"
    assert recorded["use", "price"] == "c"
    assert recorded["apply", "price"] == "tests"
    assert recorded["generated", "price"] == "generated"
    assert recorded["drop", "Order.__del__"] == "finalizer"
    assert recorded["Order.__del__", "price"] == "call"
