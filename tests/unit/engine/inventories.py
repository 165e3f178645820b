"""What the inventory says of small projects."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from dealix_lint.engine.project import find_projects
from dealix_lint.engine.request import Overrides, Request
from dealix_lint.engine.views import take_inventory
from dealix_lint.model.inventory import Inventory


def inventory_of(root: Path, files: dict[str, str], settings: str = "[tool.dealix-lint]\n") -> Inventory:
    """Write files (name with `/` -> text) and settings into a folder, and take its inventory."""
    for name, text in {"pyproject.toml": settings, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    (project,) = find_projects((root,))
    return take_inventory(project, Request((root,), overrides=Overrides(jobs=1), use_store=False))[0]
