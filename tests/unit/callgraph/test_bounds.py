"""What is known where values would grow without end."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealix_lint.callgraph import state
from dealix_lint.model.text import Text
from tests.call_graphs import resolve, solve

_LOOP = """
import requests


def send(items, kind):
    url = "https://api.vendor.example/v1/orders?page=1"
    for item in items:
        if kind == 1:
            url += "&a=1"
        elif kind == 2:
            url += f"&b={item}"
        else:
            url = url + "&c=" + item + "&d=2"
    requests.post(url)
"""

_HANDLERS = """
class Handler:
    def process(self):
        return self.handle()


{classes}

def run():
    for handler in ({names},):
        print(handler().process())
"""

_KEEPERS = """
class Task:
    def __init__(self):
        self.work = None

    def run(self):
        return self.work()


class Few(Task):
    def run(self):
        return self.job()


def make(work):
    task = Task()
    task.work = work
    return task


def alone(): pass


def make_few():
    few = Few()
    few.job = alone
    return few


def look_up(name):
    globals()[name]()


{functions}
"""


def test_a_text_that_a_loop_makes_longer_keeps_its_beginning(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(_LOOP)
    (call,) = solve(tmp_path).external_calls(lambda path: path == "requests.post")
    texts = [value for value in call.arguments[0] if isinstance(value, Text)]
    assert texts
    assert all(str(text.parts[0]).startswith("https://api.vendor.example/v1/orders?page=1") for text in texts)


def test_each_of_many_handlers_is_reached_through_their_base(tmp_path: Path) -> None:
    names = [f"Handler{n}" for n in range(60)]
    classes = "\n\n".join(f"class {n}(Handler):\n    def handle(self):\n        return made_by_{n}()" for n in names)
    makers = "\n\n".join(f"def made_by_{n}():\n    return {n}" for n in names)
    (tmp_path / "main.py").write_text(f"{_HANDLERS.format(classes=classes, names=', '.join(names))}\n\n{makers}\n")
    adjacency = resolve(tmp_path).adjacency
    assert set(adjacency["main.Handler.process"]) >= {f"main.{n}.handle" for n in names}
    assert all(f"main.made_by_{n}" in adjacency[f"main.{n}.handle"] for n in names)


def test_partials_of_library_functions_that_are_handed_each_other_are_called_back_once_each(tmp_path: Path) -> None:
    chained = "".join(
        f"    def wrap_{n}(self):\n        self.current = functools.partial(lib.wrap, self.current)\n\n"
        for n in range(11)
    )
    (tmp_path / "app.py").write_text(
        "import functools\n\nimport lib\n\n\ndef effect():\n    pass\n\n\n"
        f"class Chain:\n    def __init__(self):\n        self.current = effect\n\n{chained}"
        "    def run(self):\n        lib.run(self.current)\n\n\n"
        "def main():\n    Chain().run()\n"
    )

    graph = resolve(tmp_path).graph

    called = {graph.nodes[edge.target].function for number in range(len(graph.nodes)) for edge in graph.out[number]}
    assert "app.effect" in called


_COMMANDS = """
import functools

COMMANDS = {}


def command_of(group):
    def add(function):
        @functools.wraps(function)
        def wrapper(bot):
            return function(bot)
        COMMANDS.setdefault(group, {})[function.__name__] = {"worker": wrapper, "doc": function.__doc__}
        return wrapper
    return add


def handle(group, name):
    return COMMANDS[group][name]["worker"](None)
"""


def test_each_of_many_commands_of_a_decorator_is_reached_from_its_own_group(tmp_path: Path) -> None:
    commands = "\n".join(f'@command_of("{group}")\ndef {group}_{n}(bot): pass\n' for group in "ab" for n in range(80))
    groups = "\n".join(f'def {group}(name):\n    handle("{group}", name)\n' for group in "ab")
    (tmp_path / "main.py").write_text(f"{_COMMANDS}\n\n{commands}\n\n{groups}")
    graph = solve(tmp_path).graph
    starts = {node.function: number for number, node in enumerate(graph.nodes) if node.function in ("main.a", "main.b")}
    for group in "ab":
        reached = {graph.nodes[number].function for number in graph.reached_from({starts[f"main.{group}"]})}
        assert {name for name in reached if name[-1].isdigit()} == {f"main.{group}_{n}" for n in range(80)}


def test_nothing_is_known_of_the_callers_of_what_came_to_a_place_that_holds_too_much(tmp_path: Path) -> None:
    functions = "\n".join(f"def f{n}(): pass" for n in range(70))
    table = ", ".join(f'"{n}": f{n}' for n in range(70))
    other = "def alone(): pass\n\nFEW = {1: alone}\n"
    (tmp_path / "main.py").write_text(f"{functions}\n\n{other}\nTABLE = {{{table}}}\n\ndef use(n):\n    TABLE[n]()\n")
    resolved = solve(tmp_path)
    unheld = {node.function for number, node in enumerate(resolved.graph.nodes) if resolved.is_unheld(number)}
    assert unheld == {f"main.f{n}" for n in range(70)}


def _plugins(number: int) -> str:
    """A list of objects of classes that have nothing in common but a method that is called, and one that is not."""
    numbers = range(number)
    classes = "\n".join(
        f"class P{n}:\n    def notify(self): pass\n    def close(self): pass\n    def spare(self): pass"
        for n in numbers
    )
    names = ", ".join(f"p{n}" for n in numbers)
    objects = "\n".join(f"p{n} = P{n}()" for n in numbers)
    return f"{classes}\n{objects}\nplugins = [{names}]\n\ndef run():\n    for one in plugins:\n        one.notify()\n"


def test_each_of_many_objects_that_have_no_common_base_is_called_out_of_a_list(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(_plugins(40))
    assert set(resolve(tmp_path).adjacency["main.run"]) == {f"main.P{n}.notify" for n in range(40)}


def test_nothing_is_known_of_the_callers_of_methods_that_objects_have_for_which_there_was_no_room(
    tmp_path: Path,
) -> None:
    (tmp_path / "main.py").write_text(f"{_plugins(70)}\ndef stop():\n    p3.close()\n")
    resolved = solve(tmp_path)
    unheld = {node.function for number, node in enumerate(resolved.graph.nodes) if resolved.is_unheld(number)}
    called = {name for name in resolve(tmp_path).adjacency["main.run"] if name.startswith("main.P")}
    lost = {f"main.P{n}.notify" for n in range(70)} - called
    assert lost
    assert lost <= unheld
    assert called.isdisjoint(unheld)
    assert not any(name.endswith(".spare") for name in unheld)


def test_coarsely_a_method_that_is_handed_any_of_many_functions_runs_each_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "LEAST_PATIENCE", 300)
    monkeypatch.setattr(state, "COARSE_AFTER", 0)
    steps = "\n".join(f"def step{n}(): pass" for n in range(5))
    names = ", ".join(f"step{n}" for n in range(5))
    uses = "\n".join(f"def use{n}(bus: Bus):\n    for step in ({names}):\n        bus.run(step)\n" for n in range(30))
    (tmp_path / "main.py").write_text(f"class Bus:\n    def run(self, step):\n        step()\n\n{steps}\n\n{uses}")
    adjacency = resolve(tmp_path).adjacency
    assert adjacency["main.Bus.run"] == tuple(f"main.step{n}" for n in range(5))
    assert all(adjacency[f"main.use{n}"] == ("main.Bus.run",) for n in range(30))


def test_the_graph_names_all_that_the_objects_of_a_class_keep_to_call_though_no_path_goes_there(tmp_path: Path) -> None:
    names = [f"f{n}" for n in range(200)]
    functions = "\n".join(f"def {name}(): pass\nmake({name})" for name in names)
    (tmp_path / "main.py").write_text(_KEEPERS.format(functions=functions))
    resolved = solve(tmp_path)
    adjacency = resolve(tmp_path).adjacency
    assert set(adjacency["main.Task.run"]) == {f"main.{name}" for name in names}
    assert adjacency["main.Few.run"] == ("main.alone",)
    assert adjacency["main.look_up"] == ("<builtin>.globals", "<unknown>")
    (run,) = (number for number, node in enumerate(resolved.graph.nodes) if node.function == "main.Task.run")
    assert len(resolved.graph.out[run]) < len(names)
