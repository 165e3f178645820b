"""Where the shipped `rules/` folder is."""

from __future__ import annotations

from pathlib import Path

from dealix_lint.model.errors import CatalogError


def rules_folder() -> Path:
    """The folder of the shipped rules: `_rules` inside an installed package, `rules/` of a checkout or editable
    install.

    Raises CatalogError when neither is there (a damaged installation)."""
    package = Path(__file__).resolve().parent.parent
    candidates = (package / "_rules", package.parent.parent / "rules")
    for folder in candidates:
        if (folder / "effects").is_dir():
            return folder
    looked = " or ".join(str(folder) for folder in candidates)
    raise CatalogError(f"the shipped rules are missing: neither {looked} has a folder `effects`; reinstall dealix-lint")
