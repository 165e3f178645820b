"""Which project a path names."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealix_lint.model.errors import SourceError
from dealix_lint.sources.project import locate, package_path


@pytest.fixture
def mono(tmp_path: Path) -> Path:
    (tmp_path / "svc/app").mkdir(parents=True)
    (tmp_path / "svc/app/main.py").write_text("")
    return tmp_path.resolve()


def test_the_nearest_folder_with_the_table_wins_over_nearer_markers(mono: Path) -> None:
    (mono / "pyproject.toml").write_text("[tool.dealix-lint]\n")
    (mono / "svc/pyproject.toml").write_text("[project]\nname = 'svc'\n")
    target = locate(mono / "svc/app/main.py", {})
    assert (target.root, target.inside, target.is_folder) == (mono, "svc/app/main.py", False)


def test_without_a_table_the_nearest_marker_wins(mono: Path) -> None:
    (mono / ".git").mkdir()
    (mono / "svc/setup.cfg").write_text("")
    assert locate(mono / "svc/app", {}).root == mono / "svc"
    assert locate(mono / "svc/app", {}).inside == "app"


def test_without_any_marker_the_folder_is_the_project(mono: Path) -> None:
    assert locate(mono / "svc/app", {}).root == mono / "svc/app"
    assert locate(mono / "svc/app", {}).inside == ""
    assert locate(mono / "svc/app/main.py", {}).root == mono / "svc/app"


def test_a_broken_file_with_the_table_still_names_the_project(mono: Path) -> None:
    (mono / "pyproject.toml").write_text("[tool.dealix-lint\n")
    assert locate(mono / "svc/app", {}).root == mono


def test_a_mention_of_the_name_is_not_the_table(mono: Path) -> None:
    (mono / "pyproject.toml").write_text("[project]\nname = 'dealix-lint-tests'\n")
    (mono / "svc/setup.cfg").write_text("")
    assert locate(mono / "svc/app", {}).root == mono / "svc"


def test_a_missing_path_is_said_to_be_missing(mono: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere: no such file or folder"):
        locate(mono / "nowhere", {})


def test_a_file_in_a_package_without_any_marker_belongs_to_the_folder_above_the_package(mono: Path) -> None:
    (mono / "svc/app/__init__.py").write_text("")
    assert locate(mono / "svc/app/main.py", {}).root == mono / "svc"
    assert locate(mono / "svc/app", {}).root == mono / "svc/app"


def test_the_package_path_of_a_folder_starts_at_its_outermost_package(tmp_path: Path) -> None:
    (tmp_path / "kit/app").mkdir(parents=True)
    (tmp_path / "kit/__init__.py").touch()
    (tmp_path / "kit/app/__init__.py").touch()
    assert package_path(tmp_path / "kit/app") == "kit/app"
    assert package_path(tmp_path) == ""


def test_a_folder_whose_name_cannot_be_imported_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "my-app").mkdir()
    (tmp_path / "my-app/__init__.py").touch()
    assert package_path(tmp_path / "my-app") == ""
