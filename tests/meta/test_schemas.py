"""The JSON Schemas under `rules/schema` accept what is shipped and what is printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from tests.meta.pages import ROOT

SHIPPED = [
    path for name in ("catalog", "effects", "frameworks", "policy") for path in (ROOT / "rules" / name).glob("*.toml")
]
PRINTED = {
    "check": ["check", "--format", "json"],
    "inventory": ["inventory", "--format", "json"],
    "graph": ["graph", "--format", "json"],
    "graph-edges": ["graph", "--edges", "--format", "json"],
    "graph-stats": ["graph", "--stats", "--format", "json"],
    "why": ["why", "app.graphs.tools.send_contract", "httpx.AsyncClient.post", "--format", "json"],
}


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = json.loads((ROOT / "rules" / "schema" / f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands of this module remember what the files say."""
    return tmp_path_factory.mktemp("store")


def _printed(arguments: list[str], store: Path) -> Any:
    command = [sys.executable, "-m", "dealix_lint", *arguments, str(ROOT / "examples" / "commitments")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "DEALIX_LINT_CACHE_DIR": str(store)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode in (0, 1), result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("path", sorted(SHIPPED), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_shipped_file_fits_its_schema(path: Path) -> None:
    _validator(path.parent.name).validate(tomllib.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", sorted(PRINTED))
def test_a_printed_document_fits_its_schema(name: str, store: Path) -> None:
    document = _printed(PRINTED[name], store)
    assert document
    _validator(name).validate(document)


def test_settings_fit_their_schema_and_a_mistyped_key_does_not() -> None:
    settings = tomllib.loads('roots = ["backend"]\nmin-confidence = "high"\nthresholds = { task-duration = "15m" }')
    _validator("settings").validate(settings)
    for wrong in ({"min-confidnce": "high"}, {"thresholds": {"task-duration": 900}}, {"jobs": "two"}):
        with pytest.raises(ValidationError):
            _validator("settings").validate(wrong)
