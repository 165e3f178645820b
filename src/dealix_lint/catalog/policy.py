"""Loads a policy pack: the shipped one, or a user's file laid over it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dealix_lint.catalog.load import describe_mistakes, load_files, read_toml
from dealix_lint.catalog.policy_tables import PolicyFile
from dealix_lint.model.errors import CatalogError
from dealix_lint.model.policy import Policy
from dealix_lint.model.settings import Settings

DEFAULT_PACK = "dealix"
Table = dict[str, Any]


def load_policy(rules: Path, pack: str = DEFAULT_PACK, root: Path | None = None) -> Policy:
    """The policy of a run.

    `rules` is the shipped folder; `pack` the name of a pack in its `policy/`, or the path of a TOML file (relative to
    the project `root`), whose tables are merged into the default pack. Raises CatalogError with every mistake: file,
    key, reason, remedy."""
    shipped = rules / "policy" / f"{pack}.toml"
    if not pack.endswith(".toml") and "/" not in pack:
        if not shipped.is_file():
            raise CatalogError(
                f"policy {pack!r}: there is no such pack; packs: {', '.join(_packs(rules))}; or give a TOML file"
            )
        (file,) = load_files([(f"rules/policy/{shipped.name}", shipped)], PolicyFile)
        return file.value()
    base = _read(rules / "policy" / f"{DEFAULT_PACK}.toml", f"rules/policy/{DEFAULT_PACK}.toml")
    own = _read((root or Path()) / pack, pack)
    return _validated(_merged(base, {"name": Path(pack).stem, **own}), pack)


def adapt(policy: Policy, settings: Settings) -> Policy:
    """The policy with what `[tool.dealix-lint]` adds to its name lists."""
    correlation = replace(policy.correlation, names=(*policy.correlation.names, *settings.correlation_names))
    audit = replace(policy.audit, sinks=(*policy.audit.sinks, *settings.audit_sinks))
    gates = replace(policy.gates, functions=(*policy.gates.functions, *settings.gates))
    markers = (*policy.markers, *settings.markers)
    return replace(policy, correlation=correlation, audit=audit, gates=gates, markers=markers)


def _packs(rules: Path) -> list[str]:
    return sorted(path.stem for path in (rules / "policy").glob("*.toml"))


def _read(path: Path, label: str) -> Table:
    try:
        return read_toml(path)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(f"{label}: not valid TOML: {error}; correct the syntax there") from error
    except OSError as error:
        raise CatalogError(f"{label}: cannot be read: {error.strerror}; check the path and its permissions") from error


def _merged(base: Table, own: Table) -> Table:
    merged = dict(base)
    for key, value in own.items():
        before = base.get(key)
        merged[key] = _merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return merged


def _validated(tables: Table, label: str) -> Policy:
    try:
        return PolicyFile.model_validate(tables).value()
    except ValidationError as error:
        raise CatalogError(
            "\n".join(f"{label}: {mistake}" for mistake in describe_mistakes(error, PolicyFile))
        ) from error
