"""`scripts/verify_catalog.py` finds access paths that a library has, and those it has not."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.meta.pages import ROOT

LIBRARY = """
from __future__ import annotations
import typing
from .mail import send

service = None

def initialize(key):
    globals()["service"] = Client(key)

if typing.TYPE_CHECKING:
    from .lazy import Lazy

class Payouts:
    def create(self, amount): ...
    def _hidden(self): ...

class Client:
    def __init__(self, key):
        self.payouts = Payouts()
        self._lazy: Lazy | None = None

    @property
    def lazy(self):
        if self._lazy is None:
            from .lazy import Lazy
            self._lazy = Lazy()
        return self._lazy

    @property
    def typed(self) -> Payouts | None: ...

    @classmethod
    def make(cls) -> Client: ...

    @classmethod
    async def begin(cls, key):
        self = cls(key)
        return self

class Dynamic:
    def __getattr__(self, name):
        return getattr(self.inner, name)

class Filled:
    @classmethod
    def __init_subclass__(cls, **rest):
        for name in ("payouts", "refunds"):
            setattr(cls, name, property(lambda self: self.inner[name]))

class Held:
    def __getitem__(self, key) -> Payouts: ...

class Entered:
    async def __aenter__(self) -> Payouts: ...
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder with the library `acme`."""
    package = tmp_path / "acme"
    package.mkdir()
    (package / "__init__.py").write_text(LIBRARY)
    (package / "mail.py").write_text("def send(to): ...\n")
    (package / "lazy.py").write_text("class Lazy:\n    def work(self): ...\n")
    (package / "broken.py").write_text("raise RuntimeError('needs settings')\n")
    return tmp_path


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("verify_catalog", ROOT / "scripts" / "verify_catalog.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["verify_catalog"] = module
    spec.loader.exec_module(module)
    return module


def looked_up(folder: Path, *paths: str) -> dict[str, Any]:
    command = [sys.executable, "-s", str(ROOT / "scripts" / "sdk_paths.py")]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(command, input=json.dumps(paths), env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.rpartition("\n@@")[2])
    return found


@pytest.mark.parametrize(
    "path",
    [
        "acme.send",
        "acme.mail.send",
        "acme.**.send",
        "acme.Client().payouts.create",
        "acme.Client.make().payouts.create",
        "acme.Client.begin().payouts.create",
        "acme.Client().lazy.work",
        "acme.Client().typed.create",
        "acme.Client().**.{}".format("work"),
        "acme.*().payouts.cr*",
        "acme.Entered().create",
        "acme.Held()['today'].create",
        "acme.Held()[*].create",
    ],
)
def test_what_a_library_has_is_found(library: Path, path: str) -> None:
    assert looked_up(library, path)["alive"] == [path]


@pytest.mark.parametrize(
    "path",
    [
        "acme.sent",
        "acme.Client().payouts.delete",
        "acme.Client().lazy.play",
        "acme.Payments().create",
        "acme.Client().**.pay",
        "acme.Held()[].pay",
    ],
)
def test_what_it_has_not_is_neither_found_nor_doubted(library: Path, path: str) -> None:
    found = looked_up(library, path)
    assert (found["alive"], found["unknown"]) == ([], [])


def test_what_is_made_at_run_time_or_cannot_be_imported_cannot_be_told(library: Path) -> None:
    paths = [
        "acme.Dynamic().anything",
        "acme.Filled().payouts.create",
        "acme.service.payouts.create",
        "acme.broken.send",
    ]
    assert looked_up(library, *paths)["unknown"] == paths
    assert looked_up(library, "nowhere.send")["missing"] == ["nowhere"]


def test_a_pattern_is_dead_where_nothing_of_it_is_there_and_else_its_dead_alternatives(script: ModuleType) -> None:
    alive = {"a.X().send", "a.Y().send", "a.Y().pay"}
    assert list(script.dead_parts("a.{X,Y}().{send,pay}", alive)) == []
    assert list(script.dead_parts("a.{X,Z}().send", alive)) == ["`Z` in a.{X,Z}().send"]
    assert list(script.dead_parts("a.{Y,b.{X,Z}}().send", alive)) == [
        "`b.{X,Z}` in a.{Y,b.{X,Z}}().send",
        "`X` in a.{Y,b.{X,Z}}().send",
        "`Z` in a.{Y,b.{X,Z}}().send",
    ]
    assert list(script.dead_parts("c.{X,Y}().send", alive)) == ["c.{X,Y}().send"]


def test_http_clients_are_looked_at_as_well_as_symbols(script: ModuleType) -> None:
    document = {"symbols": [{"paths": ["a.send"]}], "clients": [{"calls": ["a.Session().{get,post,[]}"]}]}
    assert list(script.paths_in(document)) == ["a.send", "a.Session().{get,post}"]
