"""How far contexts go before callers share one."""

from __future__ import annotations

from pathlib import Path

from dealix_lint.model.graph import CallGraph
from tests.call_graphs import resolve

_DECORATORS = """
import functools


def timed(function, *args):
    return function(*args)


def measured(function):
    @functools.wraps(function)
    def wrapper(self, *args):
        names = [str(arg) for arg in args if arg is not None]
        try:
            result = timed(function, self, *args)
        except ValueError as error:
            self.failed(function.__name__, names, error)
            raise
        except KeyError as error:
            self.failed(function.__name__, names, error)
            self.retried(function.__name__, names, error)
            raise
        self.done(function.__name__, names)
        return result

    return wrapper
"""


def test_a_decorator_that_a_large_application_uses_everywhere_still_keeps_its_functions_apart(tmp_path: Path) -> None:
    count = 150
    methods = "".join(f"    @measured\n    def method_{n}(self):\n        effect_{n}()\n\n" for n in range(count))
    effects = "".join(f"def effect_{n}():\n    pass\n\n\n" for n in range(count))
    (tmp_path / "app.py").write_text(
        f"from decorators import measured\n\n\n{effects}class Api:\n{methods}\n"
        f"def first():\n    Api().method_0()\n\n\ndef last():\n    Api().method_{count - 1}()\n"
    )
    (tmp_path / "decorators.py").write_text(_DECORATORS)

    graph = resolve(tmp_path).graph

    assert _reached(graph, "app.last") & {f"app.effect_{n}" for n in range(count)} == {f"app.effect_{count - 1}"}


def test_a_base_of_very_many_handlers_runs_all_of_them(tmp_path: Path) -> None:
    count = 120
    handlers = "".join(
        f"class Handler{n}(Handler):\n    def answer(self):\n        effect_{n}()\n\n\n" for n in range(count)
    )
    effects = "".join(f"def effect_{n}():\n    pass\n\n\n" for n in range(count))
    names = ", ".join(f"Handler{n}" for n in range(count))
    (tmp_path / "app.py").write_text(
        f"class Handler:\n    def process(self):\n        return self.answer()\n\n\n{effects}{handlers}"
        f"def main():\n    for handler in [{names}]:\n        handler().process()\n"
    )

    reached = _reached(resolve(tmp_path).graph, "app.main")

    assert {f"app.effect_{n}" for n in range(count)} <= reached


def _reached(graph: CallGraph, start: str) -> set[str]:
    todo = [number for number, node in enumerate(graph.nodes) if node.function == start]
    seen = set(todo)
    while todo:
        for edge in graph.out[todo.pop()]:
            if edge.target not in seen:
                seen.add(edge.target)
                todo.append(edge.target)
    return {graph.nodes[number].function for number in seen}
