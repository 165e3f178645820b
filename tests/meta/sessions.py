"""Runs the commands of a page where its reader would: in a clone, or beside the examples."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.meta.pages import ROOT, Command, Page, PageFile

_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "*_cache", ".hypothesis", "__pycache__", "dist", "build")
Environment = dict[str, str]


def start_session(page: Page, tmp_path: Path) -> tuple[Path, Environment]:
    """The folder that a page works in, and the environment of its commands: a clone for the pages at the root of the
    repository, the examples for all others, each with what an installation brings."""
    folder = tmp_path / "dealix-lint"
    if page.path.parent == ROOT:
        shutil.copytree(ROOT, folder, ignore=_LEFT_OUT)
    else:
        shutil.copytree(ROOT / "examples", folder / "examples", ignore=_LEFT_OUT)
    code = folder / "src" if (folder / "src").is_dir() else ROOT / "src"
    tool = folder / ".venv" / "bin"
    tool.mkdir(parents=True)
    _install(tool, code)
    return folder, _environment(tool, code, tmp_path)


def _install(tool: Path, code: Path) -> None:
    """The command `dealix-lint`, and the metadata by which flake8 finds its plugin."""
    script = tool / "dealix-lint"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{code}" exec "{sys.executable}" -m dealix_lint "$@"\n')
    script.chmod(0o755)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    metadata = tool / f"dealix_lint-{project['version']}.dist-info"
    metadata.mkdir()
    name = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (metadata / "METADATA").write_text(name)
    plugins = project["entry-points"]["flake8.extension"]
    lines = [f"{code} = {target}" for code, target in plugins.items()]
    (metadata / "entry_points.txt").write_text("\n".join(["[flake8.extension]", *lines, ""]))


def _environment(tool: Path, code: Path, home: Path) -> Environment:
    return {
        "PATH": os.pathsep.join([str(tool), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join([str(code), str(tool)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(home),
        "COLUMNS": "120",
        "LC_ALL": "C.UTF-8",
        "SETUP": ":",
        "MAKEFLAGS": "--no-print-directory",
    }


def write(file: PageFile, folder: Path) -> None:
    """Write a file of the page."""
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(file.text, encoding="utf-8")


def run(command: Command, folder: Path, environment: Environment) -> tuple[int, list[str]]:
    """The exit status of a command and the lines it prints, errors included."""
    result = subprocess.run(
        ["sh", "-c", command.text],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return result.returncode, result.stdout.rstrip().splitlines()
