"""The page about configuration names every setting there is, and no other."""

from __future__ import annotations

import re
import tomllib

from dealix_lint.config.schema import SettingsTable
from dealix_lint.config.validate import read_settings
from tests.meta.pages import ROOT


def test_the_tables_of_the_page_hold_every_setting_once() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)
    assert sorted(listed) == sorted(field.alias or name for name, field in SettingsTable.model_fields.items())


def test_the_examples_of_the_page_are_right_but_the_one_that_is_to_be_wrong() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```toml\n(\[tool\.dealix-lint.*?)^```", page, re.MULTILINE | re.DOTALL)
    mistakes = [read_settings(tomllib.loads(example)["tool"]["dealix-lint"])[1] for example in examples]
    assert [bool(said) for said in mistakes] == [True, *([False] * (len(examples) - 1))]
    assert len(examples) >= 3
