"""Which files are analysed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dealix_lint.model.errors import ConfigError
from dealix_lint.model.settings import Settings
from dealix_lint.sources.discover import discover


def tree(root: Path, *paths: str) -> Path:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    return root


def test_tests_migrations_and_build_output_are_left_out(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "app/main.py",
        "app/tests/test_main.py",
        "app/test_pay.py",
        "app/pay_test.py",
        "app/tests.py",
        "app/tests_pay.py",
        "conftest.py",
        "app/migrations/0001_initial.py",
        "alembic/versions/1_a.py",
        "alembic/env.py",
        "build/lib/app/main.py",
        "dist/x.py",
        "shop.egg-info/x.py",
    )
    assert discover(tmp_path, Settings()) == ("alembic/env.py", "app/main.py")


def test_a_package_called_build_is_source(tmp_path: Path) -> None:
    tree(tmp_path, "app/build/__init__.py", "app/build/steps.py")
    assert discover(tmp_path, Settings()) == ("app/build/__init__.py", "app/build/steps.py")


def test_virtual_environments_are_left_out_under_any_name(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "a.py",
        "env/pyvenv.cfg",
        "env/lib/x.py",
        "py/pyvenv.cfg",
        "py/y.py",
        ".venv/z.py",
        "tools/env/keep.py",
    )
    assert discover(tmp_path, Settings()) == ("a.py", "tools/env/keep.py")


def test_folders_that_packages_were_installed_into_are_left_out(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "a.py",
        "vendor/__init__.py",
        "vendor/click/core.py",
        "vendor/click-8.1.dist-info/METADATA",
        "vendor/six.py",
        "vendor/six-1.16.dist-info/METADATA",
        "ours/b.py",
        "ours/ours-1.0.dist-info/METADATA",
    )
    assert discover(tmp_path, Settings()) == ("a.py", "ours/b.py")
    assert "vendor/six.py" in discover(tmp_path, Settings(), ("vendor",))
    assert "vendor/six.py" in discover(tmp_path / "vendor" / "..", Settings(exclude=()))


def test_exclude_replaces_the_defaults_and_extend_exclude_adds(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "tests/test_a.py", "legacy/old/b.py", "gen/c.py")
    assert discover(tmp_path, Settings(exclude=("legacy/**",))) == ("a.py", "gen/c.py", "tests/test_a.py")
    assert discover(tmp_path, Settings(extend_exclude=("gen",))) == ("a.py", "legacy/old/b.py")


def test_include_chooses_files(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "bin/deploy", "lib/b.py")
    assert discover(tmp_path, Settings(include=("bin/*", "lib/**"))) == ("bin/deploy", "lib/b.py")


def test_files_that_git_ignores_are_left_out(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "generated/x.py", "generated/keep.py", "pkg/local.py", "pkg/sub/local.py", "pkg/kept.py")
    (tmp_path / ".gitignore").write_text("# generated\n/generated/*\n!/generated/keep.py\n")
    (tmp_path / "pkg/.gitignore").write_text("local.py\n")
    assert discover(tmp_path, Settings()) == ("a.py", "generated/keep.py", "pkg/kept.py")


def test_ignore_files_outside_the_tree_have_no_say(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.py\n")
    tree(tmp_path / "project", "a.py")
    assert discover(tmp_path / "project", Settings()) == ("a.py",)


def test_a_malformed_ignore_rule_does_not_cost_the_others(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "b.py")
    (tmp_path / ".gitignore").write_text("!\n[z-a]\nb.py\n\xff\n", encoding="latin-1")
    assert discover(tmp_path, Settings()) == ("a.py",)


def test_a_malformed_pattern_is_a_configuration_error_with_its_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"tool\.dealix-lint\.exclude"):
        discover(tmp_path, Settings(exclude=("!",)))


def test_a_folder_that_was_asked_for_is_searched_though_left_out(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "tests/app/main.py", "tests/app/tests/x.py", "tests/other.py")
    found = discover(tmp_path, Settings(), asked_for=("tests/app",))
    assert found == ("a.py", "tests/app/main.py")
    excluded = discover(tmp_path, Settings(exclude=("tests",)), asked_for=("tests/app",))
    assert excluded == ("a.py", "tests/app/main.py", "tests/app/tests/x.py")


def test_folders_may_be_nested_deeper_than_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(1200):
        os.mkdir("d")
        os.chdir("d")
    Path("deep.py").touch()
    assert discover(tmp_path, Settings()) == ("d/" * 1200 + "deep.py",)
    os.remove("deep.py")  # what clears away temporary folders calls itself
    for _ in range(1200):
        os.chdir("..")
        os.rmdir("d")


def test_symbolic_links_neither_lead_out_nor_loop(tmp_path: Path) -> None:
    outside = tree(tmp_path / "outside", "secret.py")
    root = tree(tmp_path / "project", "pkg/a.py")
    os.symlink(outside, root / "linked")
    os.symlink(outside / "secret.py", root / "secret.py")
    os.symlink(root, root / "pkg/loop")
    os.symlink(root / "nowhere.py", root / "broken.py")
    assert discover(root, Settings()) == ("pkg/a.py",)


def test_a_folder_that_is_named_like_a_module_is_no_file(tmp_path: Path) -> None:
    tree(tmp_path, "odd.py/inner.py")
    assert discover(tmp_path, Settings()) == ("odd.py/inner.py",)
