"""Writes what is made from other files: `docs/rules/` from the rule catalogue, `rules/schema/` from the models, and how
much is known into docs/own-services.md.

`python scripts/generate.py` writes; with `--check` it changes nothing, names what differs and ends with status 1."""

from __future__ import annotations

import json
import re
import string
import sys
import typing
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from pydantic import BaseModel, Field, TypeAdapter, create_model  # noqa: E402

from dealix_lint.catalog.codes import RuleFile, load_rules  # noqa: E402
from dealix_lint.catalog.effect_tables import EffectFile  # noqa: E402
from dealix_lint.catalog.framework_tables import FrameworkFile  # noqa: E402
from dealix_lint.catalog.policy import load_policy  # noqa: E402
from dealix_lint.catalog.policy_tables import PolicyFile  # noqa: E402
from dealix_lint.config.schema import SettingsTable  # noqa: E402
from dealix_lint.effects.verdict import Floors  # noqa: E402
from dealix_lint.engine.listing import list_all  # noqa: E402
from dealix_lint.findings.report import Scale  # noqa: E402
from dealix_lint.model.callmap import NamedEdge, Statistics  # noqa: E402
from dealix_lint.model.catalogue import Catalogue  # noqa: E402
from dealix_lint.model.findings import Finding, Location  # noqa: E402
from dealix_lint.model.inventory import Inventory  # noqa: E402
from dealix_lint.model.rule import Rule  # noqa: E402
from dealix_lint.reporters import catalogue, check_json, graph, inventory_json, route, statistics  # noqa: E402

RULES = ROOT / "rules"
PAGES = ROOT / "docs" / "rules"
COUNTING = ROOT / "docs" / "own-services.md"
SCHEMAS = RULES / "schema"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
INPUTS = {
    "catalog": (RuleFile, "A file in rules/catalog"),
    "effects": (EffectFile, "A file in rules/effects"),
    "frameworks": (FrameworkFile, "A file in rules/frameworks"),
    "policy": (PolicyFile, "A file in rules/policy"),
    "settings": (SettingsTable, "[tool.dealix-lint] in pyproject.toml"),
}
NOT_PRINTED = frozenset({"location", "repair", "repair_at"})
PLACEHOLDERS = {
    "approval": "A_",
    "reversibility": "R_",
    "sensitivity": "S_",
    "effect": "the effect",
    "provider": "the provider",
    "kind": "the kind of effect",
}


def generated() -> dict[Path, str]:
    """Every generated file with the text it has to hold."""
    rules = list(load_rules(RULES).values())
    files = {PAGES / f"{rule.code}.md": page(rule) for rule in rules}
    files[PAGES / "index.md"] = index(rules)
    files.update((SCHEMAS / f"{name}.json", text) for name, text in schemas())
    files[COUNTING] = counted(COUNTING.read_text(encoding="utf-8"))
    return files


def counted(text: str) -> str:
    """A text with the numbers that `catalog list` ends with."""
    known = list_all(RULES, (), (), Floors(load_policy(RULES).floors))
    numbers = f"knows {len(known.providers)} providers and {len(known.frameworks)} frameworks"
    return re.sub(r"knows \d+ providers and \d+ frameworks", numbers, text)


def page(rule: Rule) -> str:
    """The documentation page of one rule."""
    state = "on by default" if rule.is_on else "off by default"
    if rule.on_with:
        state += f", on with `{rule.on_with}` in the configuration"
    parts = [f"# {rule.code} {rule.name}", f"Severity {rule.severity}, {state}.", rule.summary, "## Why", rule.why]
    if rule.policy:
        parts.append(f"Policy: {rule.policy}")
    if rule.settings:
        parts += ["## Configured", f"```toml\n{rule.settings.strip()}\n```"]
    parts += ["## Reported", _code(rule.bad), "## Correct", _code(rule.good), "## How to fix", _how_to_fix(rule)]
    return "\n\n".join(parts) + "\n"


def _code(example: str) -> str:
    return f"```python\n{example.strip()}\n```"


def _how_to_fix(rule: Rule) -> str:
    fields = {name for _, name, _, _ in string.Formatter().parse(rule.how_to_fix) if name}
    text = rule.how_to_fix.format(**PLACEHOLDERS)
    levels = [PLACEHOLDERS[name] for name in ("approval", "reversibility", "sensitivity") if name in fields]
    if not levels:
        return text
    return f"{text}\n\nA finding puts the level that its effect needs at least in place of {', '.join(levels)}."


def index(rules: list[Rule]) -> str:
    """The table of all rules."""
    rows = [
        f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity} | {rule.summary} |"
        for rule in sorted(rules, key=lambda rule: rule.code)
    ]
    return "\n".join(
        [
            "# Rules",
            "",
            "`dealix-lint explain CODE` prints the same text in a terminal.",
            "",
            "| code | name | severity | fires when |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def schemas() -> Iterator[tuple[str, str]]:
    """JSON Schemas of the files that people write, and of the documents that the tool prints."""
    for name, (model, title) in INPUTS.items():
        yield name, _json({"$schema": DIALECT, **model.model_json_schema(), "title": title})
    for name, (annotation, title) in outputs().items():
        schema = TypeAdapter(annotation).json_schema(mode="serialization")
        yield name, _json({"$schema": DIALECT, **schema, "title": title})


def outputs() -> dict[str, tuple[object, str]]:
    """What the tool prints as JSON: name of the schema, type, title."""
    flat = {**_fields(Finding), **_fields(Location)}
    finding = _model("Finding", {name: annotation for name, annotation in flat.items() if name not in NOT_PRINTED})
    counts = dict.fromkeys(("errors", "warnings", "notes", "suppressed", "below_confidence"), int)
    summary = _model("Summary", {**_fields(Scale), **counts})
    edges = {"functions": tuple[str, ...], "edges": tuple[NamedEdge, ...]}
    steps = {"from": str, "to": str, "edges": tuple[NamedEdge, ...] | None}
    resolved = {**_fields(Statistics), "unknown": dict[str, int], "edges": dict[str, int]}
    return {
        "check": (
            _document("Check", check_json.SCHEMA, {"findings": tuple[finding, ...], "summary": summary}),
            "dealix-lint check --format json",
        ),
        "inventory": (
            _document("Inventory", inventory_json.SCHEMA, _fields(Inventory)),
            "dealix-lint inventory --format json",
        ),
        "catalog-list": (
            _document("CatalogList", catalogue.SCHEMA, _fields(Catalogue)),
            "dealix-lint catalog list --format json",
        ),
        "graph": (dict[str, tuple[str, ...]], "dealix-lint graph --format json"),
        "graph-stats": (
            _document("GraphStatistics", statistics.SCHEMA, resolved),
            "dealix-lint graph --stats --format json",
        ),
        "why": (_document("Why", route.SCHEMA, steps), "dealix-lint why --format json"),
        "graph-edges": (_document("GraphEdges", graph.EDGES_SCHEMA, edges), "dealix-lint graph --edges --format json"),
    }


def _document(name: str, schema: str, fields: dict[str, object]) -> type[BaseModel]:
    key = (typing.Literal[schema], Field(alias="schema"))
    return create_model(name, schema_=key, **{field: (annotation, ...) for field, annotation in fields.items()})


def _model(name: str, fields: dict[str, object]) -> type[BaseModel]:
    return create_model(name, **{field: (annotation, ...) for field, annotation in fields.items()})


def _fields(value: type) -> dict[str, object]:
    return typing.get_type_hints(value)


def _json(document: dict[str, object]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def differing(files: dict[Path, str]) -> tuple[list[Path], list[Path]]:
    """Files to write and files to remove."""
    present = [*PAGES.glob("*.md"), *SCHEMAS.glob("*.json")]
    stale = [path for path, text in files.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    return sorted(stale), sorted(path for path in present if path not in files)


def main(arguments: list[str]) -> int:
    """Write, or with `--check` compare; the exit status."""
    if arguments not in ([], ["--check"]):
        print("usage: generate.py [--check]", file=sys.stderr)
        return 2
    files = generated()
    stale, orphans = differing(files)
    if arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT).as_posix()}: out of date")
        for path in orphans:
            print(f"{path.relative_to(ROOT).as_posix()}: made from nothing")
        if stale or orphans:
            print("run: make generate")
        return 1 if stale or orphans else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT).as_posix()}")
    for path in orphans:
        path.unlink()
        print(f"removed {path.relative_to(ROOT).as_posix()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
