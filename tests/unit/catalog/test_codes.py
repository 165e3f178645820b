"""The rule catalogue: what its files must say."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealix_lint.catalog.codes import load_rules
from dealix_lint.catalog.locate import rules_folder
from dealix_lint.checks import CHECKS
from dealix_lint.model.errors import CatalogError

ENTRY = """
code = "DLX999"
name = "some-thing"
summary = "Something is wrong here."
why = "Because it really is, and people suffer."
policy = ""
severity = "error"
bad = "x = 1"
good = "x = 2"
how_to_fix = "Write {fix} instead."
"""


def _load(folder: Path, name: str, text: str) -> None:
    (folder / "catalog").mkdir()
    (folder / "catalog" / name).write_text(text)
    load_rules(folder)


def test_every_check_has_its_entry_and_every_entry_its_check() -> None:
    by_other_stages = {"DLX001", "DLX002", "DLX003"}
    assert {code for code, _ in CHECKS} == set(load_rules(rules_folder())) - by_other_stages


def test_rules_come_in_the_order_of_their_codes() -> None:
    codes = list(load_rules(rules_folder()))
    assert codes == sorted(codes)


def test_an_unknown_field_in_the_advice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="unknown field fix; fields: approval"):
        _load(tmp_path, "DLX999.toml", ENTRY)


def test_a_file_is_named_like_its_code(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="rename it to DLX999"):
        _load(tmp_path, "DLX998.toml", ENTRY.replace("{fix}", "{approval}"))
