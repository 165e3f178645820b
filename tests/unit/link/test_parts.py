"""Which files are analysed together: those that may come to run each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealix_lint.link.mentions import Mentions, decode_mentions, encode_mentions, mentions
from dealix_lint.link.parts import POOLED, parts
from dealix_lint.sources.naming import find_roots, name_modules
from dealix_lint.sources.read import Content, digest
from dealix_lint.summarize import summarize


def grouped(files: dict[str, str], size: int = POOLED + 1) -> list[set[str]]:
    """The files in groups, as if each had `size` instructions."""
    contents = [Content(path, text.encode(), digest(text.encode())) for path, text in sorted(files.items())]
    sources = name_modules(contents, find_roots(contents, (), frozenset()))
    found = [mentions(summarize(content.data)) for content in contents]
    return [{sources[n].path for n in group} for group in parts(sources, found, [size] * len(contents))]


def together(*texts: str, **packages: str) -> bool:
    """Whether `shop/a.py` with the one text and `tool/b.py` with the other are analysed together."""
    one, other = texts
    files = {"shop/__init__.py": "", "shop/a.py": one, "tool/__init__.py": "", "tool/b.py": other, **packages}
    return len(grouped(files)) == 1


def test_packages_that_say_nothing_of_each_other_are_apart() -> None:
    assert not together("import json\n\ndef f(x):\n    return x.run()\n", "class B:\n    def run(self): ...\n")
    assert not together("LOG = 'tool'\nprint('tool.log', 'b.py')\n", "x = 1\n")


def test_a_package_is_one() -> None:
    assert grouped({"shop/__init__.py": "", "shop/a.py": "x = 1\n", "shop/sub/b.py": "y = 2\n", "z.py": "z = 3\n"}) == [
        {"shop/__init__.py", "shop/a.py", "shop/sub/b.py"},
        {"z.py"},
    ]


@pytest.mark.parametrize(
    "code",
    [
        "import tool.b\n",
        "from tool import b\n",
        "from tool.b import run\n",
        "from tool import *\n",
        "def f():\n    import tool\n",
        "import importlib\nimportlib.import_module('tool')\n",
        "ROOT = 'tool.urls'\n",
        "serve('tool.b:app')\n",
        "load(f'tool.{name}')\n",
        "load('tool.' + name)\n",
        "INSTALLED_APPS = ['django.contrib.admin', 'tool']\n",
    ],
)
def test_what_imports_another_or_names_its_modules_belongs_to_it(code: str) -> None:
    assert together(code, "def run(): ...\n")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("app.send_task('charge')\n", "@app.task(name='charge')\ndef run(): ...\n"),
        ("app.send_task('charge')\n", "@shared_task\ndef charge(): ...\n"),
        ("await workflow.execute_activity('charge')\n", "@activity.defn\nasync def charge(): ...\n"),
        ("PAY = 'charge_card'\nrun(PAY)\n", "@activity.defn(name='charge_card')\ndef run(): ...\n"),
        ("client.start_workflow('Order')\n", "@workflow.defn\nclass Order: ...\n"),
        ("app.send_task('charge')\n", "class Charge(Task):\n    name = 'charge'\n"),
    ],
)
def test_what_dispatches_by_name_belongs_to_what_has_that_name(one: str, other: str) -> None:
    assert together(one, other)
    assert not together(
        f"@task\ndef charge(): ...\n@task\ndef charge_card(): ...\n@task\ndef Order(): ...\n{one}", other
    )


def test_of_several_modules_of_one_name_the_nearest_is_meant() -> None:
    service = {"app/__init__.py": "", "app/pay.py": "def pay(): ...\n", "main.py": "from app.pay import pay\n"}
    files = {f"{name}/{path}": text for name in ("billing", "orders") for path, text in service.items()}
    expected = [{f"{name}/{path}" for path in service} for name in ("billing", "orders")]
    assert grouped(files) == expected
    assert grouped(files, size=1) == expected  # files of one name are never pooled


def test_small_parts_are_put_together() -> None:
    files = {f"job{number}.py": "x = 1\n" for number in range(4)}
    assert len(grouped(files)) == 4
    assert len(grouped(files, POOLED // 4)) == 1
    assert len(grouped(files, POOLED // 3)) == 2


def test_a_namespace_is_as_many_parts_as_it_has_portions() -> None:
    files = {"ns/one/__init__.py": "", "ns/two/__init__.py": "", "main.py": "import ns.one\n"}
    assert grouped(files) == [{"main.py", "ns/one/__init__.py"}, {"ns/two/__init__.py"}]
    assert len(grouped({**files, "main.py": "import ns.one\nfrom ns import *\n"})) == 1


def test_mentions_are_read_as_they_were_written() -> None:
    found = mentions(summarize(Path(__file__).read_bytes()))
    assert decode_mentions(encode_mentions(found)) == found != Mentions()
    for damaged in (b"", b"[]", b"7", b"[[1]"):
        with pytest.raises(ValueError, match=r"damaged|Expecting|not enough"):
            decode_mentions(damaged)
