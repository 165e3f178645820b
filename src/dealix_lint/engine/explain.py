"""What the catalogue says of a code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dealix_lint.catalog.codes import load_rules
from dealix_lint.catalog.locate import rules_folder
from dealix_lint.config.mistakes import suggestion
from dealix_lint.engine.knowledge import ANY_EFFECT
from dealix_lint.engine.output import Line, line
from dealix_lint.findings.selection import UNSUPPRESSIBLE
from dealix_lint.model.errors import CatalogError
from dealix_lint.model.rule import Rule

_LEVELS: Final = ("approval", "reversibility", "sensitivity")


def explain(code: str) -> Iterator[Line]:
    """The page of a code, which may be given by its name. Raises CatalogError for a code that there is not."""
    rules = load_rules(rules_folder())
    by_name = {rule.name: rule for rule in rules.values()}
    rule = rules.get(code.upper()) or by_name.get(code.lower())
    if rule is None:
        near = suggestion(code.lower(), by_name) or f"; codes: {', '.join(rules)}"
        raise CatalogError(f"there is no code {code}{near}")
    return _page(rule)


def list_codes() -> Iterator[Line]:
    """All codes, one line each."""
    rules = load_rules(rules_folder()).values()
    width = max(len(rule.name) for rule in rules)
    for rule in rules:
        off = "" if rule.is_on else " (off by default)"
        yield line(
            ("code", rule.code), f"  {rule.name:<{width}}  ", (rule.severity, f"{rule.severity:<9}"), rule.summary, off
        )


def _page(rule: Rule) -> Iterator[Line]:
    state = "on by default" if rule.is_on else "off by default"
    if rule.on_with:
        state += f", on with `{rule.on_with}` in the configuration"
    yield line(("code", rule.code), " ", ("strong", rule.name))
    yield line(("dim", f"severity {rule.severity}, {state}"))
    yield line()
    yield line(rule.summary)
    for title, text in (("Why", rule.why), ("Policy", rule.policy)):
        if text:
            yield from _section(title, text)
    if rule.settings:
        yield from _section("Configured", rule.settings, indent="    ")
    yield from _section("Reported", rule.bad, indent="    ")
    yield from _section("Correct", rule.good, indent="    ")
    yield from _section("How to fix", rule.how_to_fix.format(**ANY_EFFECT))
    if any(f"{{{name}}}" in rule.how_to_fix for name in _LEVELS):
        yield line("A finding puts the level that its effect needs at least in place of A_, R_, S_.")
    if rule.code not in UNSUPPRESSIBLE:
        yield from _section("How to silence", f"# dealix: ignore[{rule.code}] -- reason, on the reported line")


def _section(title: str, text: str, indent: str = "") -> Iterator[Line]:
    yield line()
    yield line(("strong", title))
    for part in text.strip().splitlines():
        yield line(f"{indent}{part}" if part else "")
