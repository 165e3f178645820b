"""Commands that packaging files declare."""

from __future__ import annotations

from pathlib import Path

from dealix_lint.sources.commands import declared_commands


def test_commands_of_all_kinds_of_packaging_files(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[project.scripts]\npay = "shop.cli:main"\n[project.gui-scripts]\ndesk = "shop.gui:App.run"\n'
        '[tool.poetry.scripts]\nold = "shop:old"\nodd = { reference = "x", type = "file" }\n'
    )
    (tmp_path / "setup.cfg").write_text(
        "[options.entry_points]\nconsole_scripts =\n\tsend = shop.mail:send\n    sweep=shop.mail:sweep [extra]\nplugins =\n    a = b:c\n"
    )
    (tmp_path / "setup.py").write_text(
        "setup(entry_points={'console_scripts': ('bill = shop.bill:main', \"due=shop.due:main\",), 'plugins': ['x = y:z']})"
    )
    assert declared_commands(tmp_path) == (
        ("bill", "shop.bill:main"),
        ("desk", "shop.gui:App.run"),
        ("due", "shop.due:main"),
        ("old", "shop:old"),
        ("pay", "shop.cli:main"),
        ("send", "shop.mail:send"),
        ("sweep", "shop.mail:sweep"),
    )


def test_files_that_are_missing_or_broken_declare_none(tmp_path: Path) -> None:
    assert declared_commands(tmp_path) == ()
    (tmp_path / "pyproject.toml").write_text("[project.scripts")
    (tmp_path / "setup.py").write_text("console_scripts = scripts")
    assert declared_commands(tmp_path) == ()
