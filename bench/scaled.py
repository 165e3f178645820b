"""Lays out one large project: applications from PyPI, copied under new names until there are lines enough.

    python bench/scaled.py FOLDER LINES

Each copy lies in a folder of its own, with its top-level packages renamed in file names and code, so that the copies do not
import each other; a few modules of each are then imported by nobody and one by everybody, as in any program.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import packages

LEFT_OUT = frozenset({"tests", "test", "testing", "migrations", "node_modules", "docs", ".git"})


@dataclass(frozen=True, slots=True)
class Scaled:
    """A project on disk: its folder, lines of Python, a module that nothing imports and one that many do."""

    folder: Path
    lines: int
    leaf: Path
    hub: Path


def lay_out(folder: Path, trees: list[Path], lines: int) -> Scaled:
    """Copy the trees in turn into `folder` until it has `lines` lines of Python; an earlier layout is replaced."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[project]\nname = 'scaled'\nversion = '1'\n")
    written = number = 0
    while written < lines:
        tree = trees[number % len(trees)]
        for text in _copied(tree, folder / f"part{number}", f"_{number}", lines - written):
            written += text.count("\n")
        number += 1
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("part0/**/*.py"))}
    named = {path: _imports_of(path, texts) for path in texts if path.stem != "__init__"}
    leaf = min(named, key=lambda path: (named[path], -path.stat().st_size))
    return Scaled(folder, written, leaf, max(named, key=lambda path: (named[path], str(path))))


def _copied(tree: Path, target: Path, suffix: str, most: int) -> Iterator[str]:
    """Copy the Python files of a tree with its packages renamed; gives their texts."""
    files = sorted(path for path in tree.rglob("*.py") if LEFT_OUT.isdisjoint(path.relative_to(tree).parts))
    tops = sorted({_top_package(path) for path in files} - {""})
    names = re.compile(rf"\b({'|'.join(map(re.escape, tops))})\b") if tops else None
    for path in files:
        if most <= 0:
            return
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        parts = [part + suffix if part in tops else part for part in path.relative_to(tree).parts]
        if names is not None:
            text = names.sub(rf"\1{suffix}", text)
        where = target.joinpath(*parts)
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_text(text, encoding="utf-8", errors="surrogateescape")
        most -= text.count("\n")
        yield text


def _top_package(path: Path) -> str:
    """The name of the outermost package that a file lies in; "" for none."""
    name = ""
    for folder in path.parents:
        if not (folder / "__init__.py").exists():
            break
        name = folder.name
    return name


def _imports_of(module: Path, texts: dict[Path, str]) -> int:
    """In how many modules the name of this one stands in an import."""
    wanted = re.compile(rf"^\s*(?:from|import)\b.*\b{re.escape(module.stem)}\b", re.MULTILINE)
    return sum(bool(wanted.search(text)) for other, text in texts.items() if other != module)


if __name__ == "__main__":
    made = lay_out(Path(sys.argv[1]), packages.default_trees(Path(sys.argv[1]).parent)[:4], int(sys.argv[2]))
    print(made)
