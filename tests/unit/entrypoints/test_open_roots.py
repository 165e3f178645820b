"""Starts that no framework makes."""

from __future__ import annotations

import textwrap

import pytest

from dealix_lint.model.settings import FlowClass

from .static_resolution import known_as, starts


def test_what_nothing_calls_or_refers_to_is_an_open_root() -> None:
    found = known_as("""
        def called(): ...
        def caller(): called()
        def passed(): ...
        def listed(): ...
        TABLE = {"a": listed}
        def returned(): ...
        def hands_on(): return returned
        register(passed)
    """)
    assert sorted(found) == ["open:app.caller", "open:app.hands_on"]


def test_a_function_referred_to_in_another_module_is_no_open_root() -> None:
    found = known_as({"a": "def f(): ...", "b": "import a\nfrom a import f as g\nTABLE = [g]", "c": "def h(): ..."})
    assert sorted(found) == ["open:c.h"]


def test_dunder_methods_and_nested_functions_are_no_open_roots() -> None:
    found = known_as("""
        class C:
            def __init__(self): ...
            def __call__(self): ...
            def work(self): ...
        def outer():
            def dead(): ...
            @bot.command
            def handled(): ...
            return lambda: 1
    """)
    assert sorted(found) == ["open:app.C.__call__", "open:app.C.work", "open:app.outer", "open:app.outer.handled"]


def test_functions_that_only_call_each_other_are_open_roots() -> None:
    assert sorted(known_as("def a(): b()\ndef b(): a()\n")) == ["open:app.a", "open:app.b"]


def test_functions_that_call_each_other_are_no_open_roots_where_one_of_them_is_called() -> None:
    assert sorted(known_as("def a(): b()\ndef b(): a()\ndef c(): b()\n")) == ["open:app.c"]


def test_a_script_is_a_start_of_its_module() -> None:
    found = starts("""
        def main(): ...
        if __name__ == "__main__":
            main()
    """)
    assert [(entry.id, entry.function, entry.detail) for entry in found] == [("cli:app", "app", "script app")]


def test_importing_is_a_start_only_where_it_reaches_an_effect() -> None:
    files = {"a": "def send(): ...\nsend()\n", "b": "def build(): ...\nbuild()\n"}
    assert [(entry.id, entry.detail) for entry in starts(files, effects_in=("a.send",))] == [("open:a", "import of a")]


def test_commands_are_starts_under_their_names() -> None:
    found = known_as("""
        import click, typer
        app = typer.Typer()
        @click.group()
        def cli(): ...
        @cli.command("send-all")
        def send(): ...
        @app.command()
        def report(): ...
        @click.command
        def bare(): ...
    """)
    assert found["cli:app.report"] == "command report"
    assert found["cli:app.bare"] == "command bare"
    assert found["cli:app.send"] == "command send-all"


def test_commands_are_known_with_the_groups_that_they_are_put_in() -> None:
    found = known_as(
        {
            "shop": """
                import click
                import teams
                from users import drop, merge, users

                @click.group()
                def cli(): ...

                @click.group()
                def unused(): ...

                @unused.command()
                def lone(): ...

                cli.add_command(teams.teams)
                cli.add_command(teams.teams, name="t")
                cli.add_command(users)
                for command in (drop, merge):
                    users.add_command(command)
                orders = click.Group("orders")
                cli.add_command(orders)
                orders.add_command(click.Command("pay", callback=lambda: None))
            """,
            "teams": """
                import click

                @click.group("team")
                def teams(): ...

                @teams.group()
                def members(): ...

                @members.command("add")
                def add_member(): ...
            """,
            "users": """
                import click

                @click.group()
                def users(): ...

                @click.command()
                def drop(): ...

                @click.command("join")
                def merge(): ...

                @click.command()
                def not_put_anywhere(): ...
            """,
        }
    )
    assert {name: detail for name, detail in found.items() if name.startswith("cli:")} == {
        "cli:shop.cli": "command cli",
        "cli:shop.unused": "command unused",
        "cli:shop.lone": "command lone",
        "cli:shop.<lambda1>": "command orders pay",
        "cli:teams.teams": "command t or team",
        "cli:teams.members": "command t members or team members",
        "cli:teams.add_member": "command t members add or team members add",
        "cli:users.users": "command users",
        "cli:users.drop": "command users drop",
        "cli:users.merge": "command users join",
        "cli:users.not_put_anywhere": "command not-put-anywhere",
    }


def test_commands_of_a_flask_application_are_known_with_their_groups() -> None:
    found = known_as("""
        import click
        from flask import Flask
        from flask.cli import AppGroup

        app = Flask(__name__)
        shop = AppGroup("shop")
        app.cli.add_command(shop)

        @shop.command("close")
        def close_shop(): ...

        @app.cli.group()
        def translate(): ...

        @translate.command()
        def init(): ...

        @app.cli.command("clean")
        def clean_up(): ...

        @click.group()
        def mail(): ...

        @mail.command()
        def send(): ...

        app.cli.add_command(mail, "post")
    """)
    assert {name: detail for name, detail in found.items() if name.startswith("cli:")} == {
        "cli:app.close_shop": "command shop close",
        "cli:app.translate": "command translate",
        "cli:app.init": "command translate init",
        "cli:app.clean_up": "command clean",
        "cli:app.mail": "command post",
        "cli:app.send": "command post send",
    }


def test_configured_flows_start_at_their_run_methods() -> None:
    found = starts(
        {
            "base": "class DurableFlow:\n    def run(self): ...\n    def checkpoint(self): ...\n",
            "onboarding": "from base import DurableFlow\nclass Onboard(DurableFlow):\n    def run(self): ...\n",
        },
        flows=(("base.DurableFlow", FlowClass(("run",), ("checkpoint",))),),
    )
    assert [(entry.id, entry.detail) for entry in found if entry.mechanism == "flow"] == [
        ("flow:onboarding.Onboard.run", "Onboard.run")
    ]


def test_a_decorated_function_starts_in_the_wrapper_around_it() -> None:
    found = starts(
        """
        from fastapi import FastAPI
        app = FastAPI()
        def governed(fn):
            def wrapper(*args): return fn(*args)
            return wrapper
        @app.post("/pay")
        @governed
        def pay(): ...
        @governed
        def plain(): ...
        """,
        ("app", "app.governed"),
        ("app.governed.wrapper", "app.pay"),
        ("app.governed.wrapper", "app.plain"),
    )
    # One wrapper node serves both here; a real call graph has one for each function.
    assert [entry.id for entry in found] == ["open:app.plain", "web:app.pay"]
    assert len({entry.nodes for entry in found}) == 1


MARKING = """
    TABLE = {}
    KIND = "kind"
    def event(kind):
        def mark(f):
            if hasattr(f, "kind"):
                raise TypeError(f)
            f.kind = kind
            return f
        return mark
    def event_too(f):
        setattr(f, KIND, "a")
        return f
    def kept(f):
        TABLE[f.__name__] = f
        return f
    def plain(f):
        return f
    @event("a")
    def marked(): ...
    @event_too
    def set_on(): ...
    @kept
    def stored(): ...
    @plain
    def neither(): ...
"""


@pytest.mark.parametrize(
    "looking",
    [
        'def scan(module):\n    return [f for f in vars(module).values() if hasattr(f, "kind")]',
        "def scan(f):\n    if getattr(f, KIND, None):\n        f()",
        'def scan(module):\n    return inspect.getmembers(module, lambda f: hasattr(f, "kind"))',
        'def scan(module):\n    return sorted(filter(lambda f: getattr(f, "kind", 0), vars(module)), key=str)',
        'def scan(f):\n    k = f.kind if hasattr(f, "kind") else None\n    if k:\n        add(f, k)',
    ],
)
def test_what_a_decorator_keeps_or_marks_for_something_is_referred_to(looking: str) -> None:
    found = known_as(textwrap.dedent(MARKING) + looking)
    assert not {"open:app.marked", "open:app.set_on", "open:app.stored"} & set(found)
    assert "open:app.neither" in found


@pytest.mark.parametrize(
    "looking",
    [
        "",
        'def describe(f):\n    return getattr(f, "kind", None)',
        'LAST = "z"\ndef scan(f):\n    add(f, f.kind if hasattr(f, "kind") else LAST)',
        "def scan(f):\n    if hasattr(f, KIND):\n        k = f.kind\n    else:\n        k = 1\n    add(f, k)",
        'def scan(f):\n    add(f, getattr(f, "kind", 128))',
        'def order(table):\n    return max(table, key=lambda p: getattr(getattr(p[1], NAME), "kind", 0))',
        'def order(table):\n    def kind(f):\n        return f, getattr(f, "kind", 0)\n    table.sort(key=kind)',
    ],
)
def test_what_a_decorator_marks_for_nothing_is_an_open_root(looking: str) -> None:
    found = known_as(textwrap.dedent(MARKING) + looking)
    assert {"open:app.marked", "open:app.set_on", "open:app.neither"} <= set(found)
    assert "open:app.stored" not in found
