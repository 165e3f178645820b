"""Loads the rule catalogue: one TOML per code, and the `Rule` made of it."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from dealix_lint.catalog.load import load_files
from dealix_lint.model.errors import CatalogError
from dealix_lint.model.rule import Rule

FIX_FIELDS: Final = frozenset({"effect", "provider", "kind", "approval", "reversibility", "sensitivity"})


class RuleFile(BaseModel):
    """One file of `rules/catalog`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^DLX\d{3}$", description="the code; also the file's name")
    name: str = Field(pattern=r"^[a-z][a-z-]+$", description="how people call it")
    summary: str = Field(min_length=10, description="when it fires, one sentence")
    why: str = Field(min_length=20, description="what goes wrong otherwise")
    policy: str = Field(description="the policy clause it enforces; empty for codes about the tool itself")
    severity: Literal["note", "warning", "error"]
    confidence: Literal["low", "medium", "high"] = Field(
        "low", description="least confidence at which it is said at all"
    )
    is_on: bool = Field(True, alias="on", description="whether it runs unless selected away")
    on_with: Literal["", "facades"] = Field("", description="a setting that turns it on")
    settings: str = Field("", description="TOML of the configuration that the examples are checked with")
    bad: str = Field(description="an example that it reports")
    good: str = Field(description="the same example, corrected")
    how_to_fix: str = Field(
        min_length=10, description="one sentence; {approval}, {reversibility}, {sensitivity} ... are filled in"
    )

    @field_validator("how_to_fix")
    @classmethod
    def _fields_exist(cls, text: str) -> str:
        unknown = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None} - FIX_FIELDS
        if unknown:
            raise ValueError(f"unknown field {', '.join(sorted(unknown))}; fields: {', '.join(sorted(FIX_FIELDS))}")
        return text

    def value(self) -> Rule:
        """The rule as the stages read it."""
        return Rule(
            code=self.code,
            name=self.name,
            summary=self.summary,
            why=self.why,
            policy=self.policy,
            severity=self.severity,
            confidence=self.confidence,
            bad=self.bad,
            good=self.good,
            how_to_fix=self.how_to_fix,
            is_on=self.is_on,
            on_with=self.on_with,
            settings=self.settings,
        )


def load_rules(rules: Path) -> dict[str, Rule]:
    """All rules by code, in the order of the codes.

    `rules` is the shipped folder. Raises CatalogError with every mistake of every file."""
    paths = sorted((rules / "catalog").glob("*.toml"))
    loaded = load_files([(f"rules/catalog/{path.name}", path) for path in paths], RuleFile)
    misnamed = [
        f"rules/catalog/{p.name}: describes {r.code}; rename it to {r.code}.toml"
        for p, r in zip(paths, loaded, strict=True)
        if p.stem != r.code
    ]
    if misnamed:
        raise CatalogError("\n".join(misnamed))
    return {rule.code: rule.value() for rule in loaded}
