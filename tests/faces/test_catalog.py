"""`dealix-lint catalog`: what is known, and whether packs hold what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

PACK = """\
[provider]
id = "pager"
title = "Pager"
kind = "messaging"
hosts = ["api.pager.example"]

[[operations]]
paths = ["/v1/pages"]
name = "page.send"

[[expect]]
code = '''
import requests

def alarm():
    requests.post("https://api.pager.example/v1/pages", json={})
    requests.get("https://api.pager.example/v1/pages")
'''
effects = ["messaging/pager/page.send R2/S1 high", "external_read/pager/*"]
starts = ["open alarm"]
"""
QUEUE = """\
name = "courier"

[[units]]
mechanism = "celery"
start = "undispatched"
decorators = ["courier.Queue().job"]

[[expect]]
code = '''
import courier
queue = courier.Queue()

@queue.job
def work(): ...
'''
starts = ["celery work"]
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A project with a pack and a line of its own."""
    root = tmp_path / "house"
    (root / "lint").mkdir(parents=True)
    (root / "pyproject.toml").write_text(
        '[tool.dealix-lint]\npacks = ["lint"]\n[tool.dealix-lint.effects]\n"acme.pay" = "payment/acme/pay"\n'
    )
    (root / "lint/pager.toml").write_text(PACK)
    (root / "lint/courier.toml").write_text(QUEUE)
    return root


def test_list_shows_every_provider_and_where_it_is_described(lint: Run, house: Path) -> None:
    said = lint("catalog", "list", folder=house).stdout
    rows = {row.split("  ")[0]: row for row in said.splitlines()}
    assert rows["stripe"].endswith("rules/effects/stripe.toml")
    assert rows["pager"].split() == ["pager", "Pager", "messaging", "api.pager.example", "1", "0", "lint/pager.toml"]
    assert rows["acme"].endswith("[tool.dealix-lint.effects]")
    assert "courier" in next(row for row in said.splitlines() if row.startswith("frameworks: "))


def test_list_can_be_limited_to_what_does_something_of_a_kind(lint: Run, house: Path) -> None:
    said = lint("catalog", "list", "--kind", "token", "--format", "json", folder=house)
    providers = {row["id"]: row for row in json.loads(said.stdout)["providers"]}
    assert providers["stripe"]["kind"] == "payment"  # it has a token exchange among its operations
    assert "pager" not in providers


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pager", ["pager Pager", "    api.pager.example", "        page.send  messaging R2/S1"]),
        ("courier", ['name = "courier"']),
        ("stripe.Refund.create", ["stripe.Refund.create: payment/stripe/refund.create R3/S2 high"]),
        ("acme.pay", ["acme.pay: payment/acme/pay R3/S2 high"]),
        (
            "https://api.pager.example/v1/pages",
            ["https://api.pager.example/v1/pages: messaging/pager/page.send R2/S1 high"],
        ),
        ("GET https://api.pager.example/v1/pages", ["    GET to https://api.pager.example/v1/pages"]),
        ("http://localhost:8000/x", ["http://localhost:8000/x: no effect"]),
    ],
)
def test_show_says_what_a_name_is(lint: Run, house: Path, name: str, said: list[str]) -> None:
    shown = lint("catalog", "show", name, folder=house)
    assert shown.returncode == 0
    assert set(said) <= set(shown.stdout.splitlines())


def test_show_suggests_a_name_for_one_that_nobody_has(lint: Run, house: Path) -> None:
    shown = lint("catalog", "show", "strpe", folder=house)
    assert shown.returncode == 2
    assert 'did you mean "stripe"?' in shown.stderr


def test_packs_that_hold_what_they_say_pass(lint: Run, house: Path) -> None:
    checked, tested = lint("catalog", "check", folder=house), lint("catalog", "test", folder=house)
    assert (checked.stdout, checked.returncode) == ("lint: pager, courier; 2 expectations\n", 0)
    assert (tested.stdout, tested.returncode) == ("2 expectations, met\n", 0)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "pager.toml",
            "page.send R2",
            "page.send R3",
            (
                "lint/pager.toml: expect[0]: line 4: expected messaging/pager/page.send R3/S1 high,"
                " found messaging/pager/page.send R2/S1 high"
            ),
        ),
        (
            "pager.toml",
            ', "external_read/pager/*"',
            "",
            "line 5: expected nothing, found external_read/pager/get /v1/pages",
        ),
        ("pager.toml", '*"]', '*", "llm/x/y"]', "expect[0]: expected llm/x/y, found nothing"),
        ("pager.toml", "def alarm", "def alarm:", "expect[0]: code: line 3, column 10: syntax error"),
        ("pager.toml", '"open alarm"', '"cli alarm"', "expected the entry point cli alarm, which is not found"),
        ("courier.toml", '"celery work"', "", "found the entry point celery work (work), which is not expected"),
    ],
)
def test_an_expectation_that_is_not_met_is_told_apart(
    lint: Run, house: Path, file: str, old: str, new: str, said: str
) -> None:
    path = house / "lint" / file
    path.write_text(path.read_text().replace(old, new))
    tested = lint("catalog", "test", folder=house)
    assert tested.returncode == 1
    assert said in tested.stdout
    assert tested.stdout.endswith("2 expectations, 1 not met\n")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('hosts = ["', 'host = ["', "lint/pager.toml: provider.host: unknown key; did you mean `hosts`?"),
        (
            'hosts = ["',
            'hosts = ["https://',
            (
                "lint/pager.toml: provider.hosts[0]: write a host without scheme, path and spaces, for example"
                " \"api.acme.example\"; found 'https://api.pager.example'"
            ),
        ),
        ('example"]', 'example/v1"]', "provider.hosts[0]: write a host without scheme, path and spaces"),
        ('hosts = ["', 'hosts = ["a b", "', "provider.hosts[0]: write a host without scheme, path and spaces"),
        ('hosts = ["', 'hosts = ["", "', "provider.hosts[0]: write a host without scheme, path and spaces"),
        ('hosts = ["', 'hosts = ["A.example", "', "provider.hosts[0]: write it in lower case; found 'A.example'"),
        ('hosts = ["', 'hosts = ["*.{eu,us}.pager.example", "localhost:8000", "', ""),
        (
            'name = "page.send"',
            'reversibility = "R9"',
            "operations[0].reversibility: write R0, R1, R2 or R3; found 'R9'",
        ),
        ('name = "page.send"', 'sensitivity = "9"', "operations[0].sensitivity: write S0, S1, S2 or S3; found '9'"),
        ('name = "page.send"', 'kind = "mail"', "lint/pager.toml: operations[0].kind: input should be 'messaging', "),
        ("page.send R2", "page.send/R2", ""),
        ('effects = ["messaging/', 'effects = ["', "pager/page.send R2/S1 high' is no effect; write kind/provider"),
        (
            'starts = ["open alarm"]',
            'starts = ["alarm"]',
            "'alarm' is no entry point; write a mechanism and a function",
        ),
        ("code = '''\nimport", "# '''\ncode = '''\nimport", ""),
    ],
)
def test_check_names_the_mistakes_of_packs(lint: Run, house: Path, old: str, new: str, said: str) -> None:
    path = house / "lint/pager.toml"
    path.write_text(path.read_text().replace(old, new))
    checked = lint("catalog", "check", folder=house)
    assert checked.returncode == (1 if said else 0)
    assert said in checked.stdout
    assert "constrained" not in checked.stdout
    assert "literal" not in checked.stdout
    assert said == "" or len(checked.stdout.splitlines()) <= 2


def test_a_pack_can_be_tried_before_it_is_configured(lint: Run, house: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert lint("catalog", "test", str(house / "lint"), folder=empty).stdout == "2 expectations, met\n"
    nothing = lint("catalog", "test", folder=empty)
    assert nothing.returncode == 2
    assert "name a folder, or set `packs`" in nothing.stderr
