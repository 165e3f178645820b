"""What the shipped rules expect of themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealix_lint.catalog.locate import rules_folder
from dealix_lint.engine.expecting import unmet
from dealix_lint.engine.knowledge import Knowledge
from dealix_lint.engine.listing import expectations
from dealix_lint.engine.loading import load_knowledge
from dealix_lint.model.expectations import Expectation
from dealix_lint.model.settings import Settings

EXPECTED = expectations((rules_folder(),))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """Everything shipped."""
    return load_knowledge(Path("/"), Settings())


@pytest.mark.parametrize("expectation", [one for _, one in EXPECTED], ids=[Path(label).name for label, _ in EXPECTED])
def test_a_rule_finds_what_it_expects(expectation: Expectation, knowledge: Knowledge) -> None:
    assert list(unmet(expectation, knowledge, Settings())) == []
