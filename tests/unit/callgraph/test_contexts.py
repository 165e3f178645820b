"""How far contexts go before callers share one."""

from __future__ import annotations

from pathlib import Path

from dealix_lint.model.graph import CallGraph
from dealix_lint.model.text import ArgumentValue, Text
from tests.call_graphs import resolve, solve

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
    effects = _functions("effect", count)
    (tmp_path / "app.py").write_text(
        f"from decorators import measured\n\n\n{effects}class Api:\n{methods}\n"
        f"def first():\n    Api().method_0()\n\n\ndef last():\n    Api().method_{count - 1}()\n"
    )
    (tmp_path / "decorators.py").write_text(_DECORATORS)

    graph = resolve(tmp_path).graph

    assert _reached(graph, "app.last") & {f"app.effect_{n}" for n in range(count)} == {f"app.effect_{count - 1}"}


def test_a_long_decorator_that_a_small_application_uses_everywhere_keeps_its_functions_apart(tmp_path: Path) -> None:
    count = 90
    ways = "".join(
        f"            if request.headers.get('X-Way-{n}') == scope and check('{n}', request.args.get('key-{n}')):\n"
        f"                request.user = load('{n}', request.headers.get('X-User-{n}'), default=None)\n"
        "                return function(*args, **kwargs)\n"
        for n in range(8)
    )
    (tmp_path / "app.py").write_text(
        "import functools\nfrom flask import request\nfrom checking import check, load\n\n\n"
        "def allowed(scope):\n    def decorate(function):\n        @functools.wraps(function)\n"
        f"        def wrapper(*args, **kwargs):\n{ways}            raise ValueError\n        return wrapper\n"
        "    return decorate\n\n\n"
        "def padded(function):\n    @functools.wraps(function)\n    def pad(*args, **kwargs):\n"
        "        if request.args.get('callback'):\n            return str(function(*args, **kwargs))\n"
        "        return function(*args, **kwargs)\n    return pad\n\n\n"
        + _functions("effect", count)
        + "".join(f"@allowed('s')\n@padded\ndef view_{n}():\n    effect_{n}()\n\n\n" for n in range(count))
        + f"def last():\n    view_{count - 1}()\n"
    )

    graph = resolve(tmp_path).graph

    assert _reached(graph, "app.last") & {f"app.effect_{n}" for n in range(count)} == {f"app.effect_{count - 1}"}


def test_one_decorator_of_hundreds_of_functions_keeps_the_last_apart_as_well(tmp_path: Path) -> None:
    count = 390
    steps = "".join(
        f"            if name.startswith('{n}') and kwargs.get('key-{n}') is not None:\n                note(name, {n})\n"
        for n in range(7)
    )
    methods = "".join(f"    @action\n    def method_{n}(self):\n        effect_{n}()\n\n" for n in range(count))
    (tmp_path / "app.py").write_text(
        "import functools\nfrom noting import note\n\n\n"
        "def action(f):\n    @functools.wraps(f)\n    def execute(*args, **kwargs):\n        for name in kwargs:\n"
        f"{steps}        return f(*args, **kwargs)\n    return execute\n\n\n"
        f"{_functions('effect', count)}class Api:\n{methods}\n"
        f"def first():\n    Api().method_0()\n\n\ndef last():\n    Api().method_{count - 1}()\n"
    )

    graph = resolve(tmp_path).graph

    for name, number in (("first", 0), ("last", count - 1)):
        reached = _reached(graph, f"app.{name}")
        assert {r for r in reached if r.startswith("app.effect_")} == {f"app.effect_{number}"}


def test_a_base_of_very_many_handlers_runs_all_of_them(tmp_path: Path) -> None:
    count = 120
    handlers = "".join(
        f"class Handler{n}(Handler):\n    def answer(self):\n        effect_{n}()\n\n\n" for n in range(count)
    )
    effects = _functions("effect", count)
    names = ", ".join(f"Handler{n}" for n in range(count))
    (tmp_path / "app.py").write_text(
        f"class Handler:\n    def process(self):\n        return self.answer()\n\n\n{effects}{handlers}"
        f"def main():\n    for handler in [{names}]:\n        handler().process()\n"
    )

    reached = _reached(resolve(tmp_path).graph, "app.main")

    assert {f"app.effect_{n}" for n in range(count)} <= reached


def test_handlers_named_by_the_verb_are_run_by_the_base_of_very_many(tmp_path: Path) -> None:
    count = 120
    handlers = "".join(
        f"class Handler{n}(Handler):\n    def _process_POST(self):\n        effect_{n}()\n\n\n" for n in range(count)
    )
    effects = _functions("effect", count)
    names = ", ".join(f"Handler{n}" for n in range(count))
    (tmp_path / "app.py").write_text(
        "class Handler:\n    def process(self, request):\n"
        f"        headers = [{', '.join(f'request.header_{n}' for n in range(40))}]\n"
        "        return getattr(self, '_process_' + request.method)()\n\n\n"
        f"{effects}{handlers}def main(request):\n    for handler in [{names}]:\n        handler().process(request)\n"
    )

    reached = _reached(resolve(tmp_path).graph, "app.main")

    assert {f"app.effect_{n}" for n in range(count)} <= reached


def test_a_small_method_of_a_base_keeps_a_large_hierarchy_apart(tmp_path: Path) -> None:
    count = 60
    models = "".join(
        f"class Model{n}(Model):\n    remote = Remote{n}\n\n    def act(self):\n        self.fetch().act()\n\n\n"
        for n in range(count)
    )
    remotes = "".join(f"class Remote{n}:\n    def act(self):\n        pass\n\n\n" for n in range(count))
    calls = "".join(f"def main_{n}():\n    Model{n}().act()\n\n\n" for n in range(count))
    (tmp_path / "app.py").write_text(
        f"{remotes}class Model:\n    def fetch(self):\n        return self.remote()\n\n\n{models}{calls}"
    )

    reached = _reached(resolve(tmp_path).graph, f"app.main_{count - 1}")

    assert {name for name in reached if name.startswith("app.Remote")} == {f"app.Remote{count - 1}.act"}


def test_a_large_method_that_forty_overrides_go_on_to_runs_what_all_of_them_have(tmp_path: Path) -> None:
    count = 40
    kinds = "".join(
        f"class Kind{n}(Handler):\n    def run(self):\n        return Handler.run(self)\n\n\n"
        f"class Page{n}(Kind{n}):\n    def work(self):\n        pass\n\n\n"
        for n in range(count)
    )
    steps = "".join(f"        self.note({n})\n" for n in range(60))
    (tmp_path / "app.py").write_text(
        "class Handler:\n    def note(self, step):\n        pass\n\n    def process(self):\n        return self.run()\n\n"
        f"    def run(self):\n{steps}        return self.work()\n\n\n{kinds}"
    )

    graph = resolve(tmp_path).graph

    assert {f"app.Page{n}.work" for n in range(count)} <= _reached(graph, "app.Handler.run")


def _functions(name: str, count: int, parameters: str = "") -> str:
    """The text of functions `name_0` to `name_(count - 1)` that do nothing."""
    return "".join(f"def {name}_{n}({parameters}):\n    pass\n\n\n" for n in range(count))


def _reached(graph: CallGraph, start: str) -> set[str]:
    todo = [number for number, node in enumerate(graph.nodes) if node.function == start]
    seen = set(todo)
    while todo:
        for edge in graph.out[todo.pop()]:
            if edge.target not in seen:
                seen.add(edge.target)
                todo.append(edge.target)
    return {graph.nodes[number].function for number in seen}


_LAZY = """
class lazy:
    def __init__(self, function):
        self.function = function
        self.name = None

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        result = instance.__dict__[self.name] = self.function(instance)
        return result
"""


def test_a_property_of_the_projects_own_that_is_used_everywhere_keeps_its_functions_apart(tmp_path: Path) -> None:
    count = 150
    classes = "".join(
        f"class Model{n}(Model):\n    @lazy\n    def value(self):\n        effect_{n}()\n\n"
        f"    @lazy\n    def other(self):\n        other_{n}()\n\n\n"
        for n in range(count)
    )
    effects = _functions("effect", count) + _functions("other", count)
    uses = "".join(f"def use_{n}():\n    return Model{n}().value, Model{n}().other\n\n\n" for n in range(count))
    (tmp_path / "app.py").write_text(
        f"from lazily import lazy\n\n\n{effects}class Model:\n    pass\n\n\n{classes}{uses}"
        f"def last():\n    return Model{count - 1}().value\n"
    )
    (tmp_path / "lazily.py").write_text(_LAZY)

    graph = resolve(tmp_path).graph

    called = {name for name in _reached(graph, "app.last") if name.startswith(("app.effect_", "app.other_"))}
    assert called == {f"app.effect_{count - 1}"}


def test_a_property_of_a_base_of_very_many_classes_runs_all_its_overrides_and_no_other(tmp_path: Path) -> None:
    count = 120
    classes = "".join(
        f"class Node{n}(Node):\n    @property\n    def schema(self){' -> object' if n % 2 else ''}:\n"
        f"        return effect_{n}()\n\n    @property\n    def other(self):\n        other()\n\n\n"
        for n in range(count)
    )
    effects = "".join(f"def effect_{n}():\n    return Table()\n\n\n" for n in range(count))
    names = ", ".join(f"Node{n}()" for n in range(count))
    (tmp_path / "app.py").write_text(
        "class Table:\n    def columns(self):\n        pass\n\n\n"
        "class Node:\n    @property\n    def schema(self):\n        raise NotImplementedError\n\n\n"
        f"def other():\n    pass\n\n\n{effects}{classes}ALL = [{names}]\n\n\n"
        "def main(node: Node):\n    node.schema.columns()\n\n\n"
        "def again(node: Node):\n    return node.schema\n"
    )

    graph = resolve(tmp_path).graph

    for start in ("app.main", "app.again"):
        reached = _reached(graph, start)
        assert {f"app.effect_{n}" for n in range(count)} <= reached
        assert "app.other" not in reached
    assert "app.Table.columns" in _reached(graph, "app.main")


def test_one_read_by_the_getattr_of_two_large_hierarchies_runs_both(tmp_path: Path) -> None:
    count = 30
    hierarchies = _functions("frame", count, "name") + _functions("series", count, "name")
    for base in ("Frame", "Series"):
        hierarchies += (
            f"class {base}:\n    def __getattr__(self, name):\n        raise AttributeError(name)\n\n\n"
            + "".join(
                f"class {base}{n}({base}):\n    def __getattr__(self, name):\n        return {base.lower()}_{n}(name)\n\n\n"
                for n in range(count)
            )
        )
    made = ", ".join(f"Frame{n}(), Series{n}()" for n in range(count))
    (tmp_path / "app.py").write_text(
        f"{hierarchies}ALL = [{made}]\n\n\ndef main(frame: Frame, series: Series, flag):\n"
        "    thing = frame if flag else series\n    return thing.anything\n"
    )

    reached = _reached(resolve(tmp_path).graph, "app.main")

    assert {f"app.{base}_{n}" for base in ("frame", "series") for n in range(count)} <= reached


_TRANSPORT = """
import requests


class Client:
    def call(self, method, path, **options):
        url = "https://api.vendor.example" + path
{body}
        return requests.request(method, url, **options)

    def read(self, path):
        return self.call("get", path)

    def write(self, path):
        return self.call(method="put", path=path)


{callers}
"""


def test_who_reads_by_a_long_request_helper_and_who_writes_by_it_stay_apart(tmp_path: Path) -> None:
    callers = "\n\n".join(
        f"def {verb}_{n}():\n    return Client().{verb}('/{verb}/{n}')" for n in range(20) for verb in ("read", "write")
    )
    body = "\n".join(f"        options['x{n}'] = path + str({n})" for n in range(30))
    (tmp_path / "main.py").write_text(_TRANSPORT.format(body=body, callers=callers))
    calls = list(solve(tmp_path).external_calls(lambda path: path == "requests.request"))
    sent = {(verb, url) for call in calls for verb in _said(call.arguments[0]) for url in _said(call.arguments[1])}
    assert sent >= {
        (verb, f"https://api.vendor.example/{path}/19") for verb, path in (("get", "read"), ("put", "write"))
    }
    assert all(("/read" in url) is (verb == "get") for verb, url in sent)


_REQUESTS = """
import urllib.request
from urllib.request import Request as LibraryRequest


class Request:
    method: str

    def __init__(self, url, method="GET", **options):
        self.url = url
        self.method = method

    def open(self):
        prepared = LibraryRequest(url=self.url, method=self.method)
        return urllib.request.urlopen(prepared)


class Client:
    request_class = Request

    def http(self, url, method="GET", **options):
        return self.perform(self.build(url=url, method=method, **options))

    def build(self, **options):
        return self.request_class(**options)

    def perform(self, request):
        return request.open()

    def read(self, url, **options):
        return self.http(url, method="GET", **options)

    def remove(self, url, **options):
        return self.http(url, method="DELETE", **options)


{callers}
"""


def test_request_objects_of_the_projects_own_keep_their_methods_apart(tmp_path: Path) -> None:
    callers = "\n\n".join(
        f"def {verb}_{n}():\n    return Client().{verb}('https://api.vendor.example/{verb}/{n}')"
        for n in range(40)
        for verb in ("read", "remove")
    )
    (tmp_path / "main.py").write_text(_REQUESTS.format(callers=callers))
    calls = list(solve(tmp_path).external_calls(lambda path: path == "urllib.request.Request"))
    sent = [(_said(dict(call.keywords)["method"]), _said(dict(call.keywords)["url"])) for call in calls]
    reading = [verbs for verbs, urls in sent if any("/read" in url for url in urls)]
    assert reading == [["GET"]] * len(reading)
    assert any("DELETE" in verbs for verbs, urls in sent)


def _said(values: tuple[ArgumentValue, ...]) -> list[str]:
    """The texts that an argument may be, where they are known."""
    return [value.literal for value in values if isinstance(value, Text) and value.literal]


def test_what_a_base_of_very_many_connectors_looks_up_stays_that_of_each_connector(tmp_path: Path) -> None:
    count = 50
    remotes = "".join(f"class Remote{n}:\n    def act(self):\n        pass\n\n\n" for n in range(count))
    connectors = "".join(
        f"class Connector{n}(Connector):\n    def __init__(self):\n        super().__init__(Remote{n}())\n\n"
        f"    def run(self):\n        self.client('run').act()\n\n\n"
        for n in range(count)
    )
    calls = "".join(f"def main_{n}():\n    Connector{n}().run()\n\n\n" for n in range(count))
    (tmp_path / "app.py").write_text(
        f"{remotes}class Connector:\n    def __init__(self, remote):\n        self.remote = remote\n\n"
        "    def client(self, why):\n"
        f"        details = [{', '.join(f'why.part_{n}' for n in range(70))}]\n"
        "        return self.remote\n\n\n"
        f"{connectors}{calls}"
    )

    reached = _reached(resolve(tmp_path).graph, f"app.main_{count - 1}")

    assert {name for name in reached if name.startswith("app.Remote")} == {f"app.Remote{count - 1}.act"}


def test_a_text_that_a_helper_adds_to_round_a_loop_comes_to_an_end(tmp_path: Path) -> None:
    """Each round hands the helper a text that it was not handed before, until they are too many to be told apart; then it
    begins again."""
    (tmp_path / "app.py").write_text(
        "import requests\n\n\nclass Event:\n    content: str = 'x'\n\n\nclass Run:\n"
        "    def add(self, event: Event, text: str) -> str:\n        if event.content:\n            text += event.content\n"
        "        return text\n\n"
        "    def execute(self, events: list[Event]):\n        text = ''\n        for event in events:\n"
        "            text = self.add(event, text)\n        requests.post('https://api.example.com', data=text)\n"
    )

    state = solve(tmp_path).machine.state

    assert state.work < 60 * sum(function.size for function in state.functions)
