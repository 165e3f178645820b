"""The page about configuration names every setting there is, and no other."""

from __future__ import annotations

import re

from dealix_lint.config.schema import SettingsTable
from tests.meta.pages import ROOT


def test_the_tables_of_the_page_hold_every_setting_once() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)
    assert sorted(listed) == sorted(field.alias or name for name, field in SettingsTable.model_fields.items())
