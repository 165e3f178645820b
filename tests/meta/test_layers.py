"""The contracts in pyproject.toml speak of every package there is."""

from __future__ import annotations

import tomllib

from tests.meta.pages import ROOT

PACKAGE = ROOT / "src" / "dealix_lint"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, CONTRACTS = PYPROJECT["project"], PYPROJECT["tool"]["importlinter"]["contracts"]


def _packages() -> set[str]:
    return {f"dealix_lint.{path.parent.name}" for path in PACKAGE.glob("*/__init__.py")}


def test_every_package_has_its_place_in_the_layers() -> None:
    (layers,) = [contract["layers"] for contract in CONTRACTS if contract["type"] == "layers"]
    placed = {name.strip() for layer in layers for name in layer.replace("|", " ").replace(":", " ").split()}
    assert placed == _packages()


def test_a_library_kept_to_one_stage_is_forbidden_to_all_others() -> None:
    kept = {
        "libcst": {"summarize", "fixes"},
        "networkx": {"callgraph"},
        "pydantic": {"config", "catalog", "engine"},
        "click": {"faces"},
        "rich": {"faces"},
        "flake8": {"faces"},
    }
    declared = "\n".join([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]])
    assert {library for library in kept if library in declared} >= {"libcst", "pydantic", "click", "rich", "flake8"}
    for library, homes in kept.items():
        if library not in declared:
            continue
        sources = {
            source
            for contract in CONTRACTS
            if library in contract.get("forbidden_modules", ())
            for source in contract["source_modules"]
        }
        assert sources == _packages() - {f"dealix_lint.{home}" for home in homes}, library
