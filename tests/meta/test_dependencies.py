"""What the code imports is what the package asks for, and what the lock pins."""

from __future__ import annotations

import ast
import re
import sys
import tomllib

from tests.meta.pages import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FACE_OF_ANOTHER_TOOL = {"flake8"}
PART_OF = {"pydantic_core": "pydantic"}


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\s\[<>=!~;]", requirement)[0].lower().replace("_", "-") for requirement in requirements}


def _imported() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                found.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found.add(node.module.split(".")[0])
    return {PART_OF.get(name, name) for name in found - sys.stdlib_module_names - {"dealix_lint"}}


def test_the_package_declares_what_it_imports_and_nothing_else() -> None:
    assert _imported() - FACE_OF_ANOTHER_TOOL == _names(PROJECT["dependencies"])


def test_the_lock_pins_everything_the_package_and_its_tests_ask_for() -> None:
    lines = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[^\s;]+( ; .+)?", pin)] == []
    asked = _names(PROJECT["dependencies"]) | _names(PROJECT["optional-dependencies"]["dev"])
    assert asked - _names(pins) == set()
