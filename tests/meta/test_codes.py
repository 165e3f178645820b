"""A code exists everywhere or nowhere: catalogue, documentation, fixtures, check, changelog."""

from __future__ import annotations

import re
import tomllib

from tests.meta.pages import ROOT

WITHOUT_CHECK = {"DLX001", "DLX002", "DLX003"}  # they come from reading files and from suppressions
CODE = re.compile(r"DLX\d{3}")


def _catalogue() -> set[str]:
    return {path.name[:6] for path in (ROOT / "rules" / "catalog").glob("*.toml")}


def test_the_catalogue_is_one_file_per_code() -> None:
    for path in (ROOT / "rules" / "catalog").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        entry = tomllib.loads(text)
        assert CODE.fullmatch(entry["code"])
        assert path.stem in (entry["code"], f"{entry['code']}-{entry['name']}"), path.name


def test_every_code_has_its_page() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "rules").glob("DLX*.md")}
    assert pages == _catalogue()


def test_every_code_has_its_fixtures() -> None:
    folders = {path.name for path in (ROOT / "tests" / "fixtures").glob("DLX*") if any(path.glob("*.md"))}
    assert folders == _catalogue()


def test_every_code_has_its_check() -> None:
    files = (ROOT / "src" / "dealix_lint" / "checks").rglob("dlx[0-9][0-9][0-9]_*.py")
    assert {path.name[:6].upper() for path in files} == _catalogue() - WITHOUT_CHECK


def test_every_code_is_in_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert set(CODE.findall(changelog)) == _catalogue()
