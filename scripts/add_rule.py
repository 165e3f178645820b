"""Starts a new rule: catalogue entry, check, fixtures, and its place in the list of checks.

`python scripts/add_rule.py DLX390 payment-from-shell "A command line starts a payment."`

What it writes runs: a check that reports every commitment, and fixtures that say so. What is left is to say less."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKS = ROOT / "src" / "dealix_lint" / "checks"
SERIES = {
    "1": ("classification", "Are effects classified, completely and truly."),
    "2": ("traceability", "Can effects be traced and shown afterwards."),
    "3": ("ownership", "Does every commitment have one owner."),
    "4": ("runtime_fit", "Does work run in the engine that suits it."),
    "5": ("workflows", "Is workflow code deterministic and are its activities bounded."),
    "6": ("retry_safety", "Is what is retried safe to retry."),
    "7": ("evidence", "Is every path registered, with its evidence."),
}

CATALOGUE = """\
code = "{code}"
name = "{name}"
summary = "{summary}"
why = "What goes wrong where this is not so, in one or two sentences."
policy = ""
severity = "warning"
bad = '''
import stripe


def refund(charge: str) -> None:
    stripe.Refund.create(charge=charge)  # warning: {code}
'''
good = '''
import stripe


def look_up(charge: str) -> str:
    return stripe.Refund.retrieve(charge).status
'''
how_to_fix = "What to write instead, in one sentence."
"""

CHECK = '''\
"""{code}: {lower}"""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.checks.context import Context
from dealix_lint.checks.words import others
from dealix_lint.facts.questions import anything
from dealix_lint.model.findings import RawFinding

CODE = "{code}"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per effect that some start reaches."""
    question = anything(context.facts.sites)
    for index, effect in context.commitments:
        found = context.facts.paths.find(effect, question)
        if found is not None:
            start = context.words.start(found.entry)
            message = f"{{context.words.effect(effect)}} is reachable from {{start}}{{others(found.entry_points)}}"
            yield context.at_effect(CODE, index, found, message)
'''

FIXTURE = """\
# {code} {name}

## a refund is reported

`app/refunds.py`
```python
import stripe


def refund(charge: str):
    stripe.Refund.create(charge=charge)  # warning: {code}
```

## a read is not

`app/refunds.py`
```python
import stripe


def look_up(charge: str):
    return stripe.Refund.retrieve(charge)
```
"""


def files(code: str, name: str, summary: str) -> dict[Path, str]:
    """The new files of a rule with their text."""
    series, title = SERIES[code[3]]
    package = CHECKS / f"dlx{code[3]}xx_{series}"
    words = {"code": code, "name": name, "summary": summary, "lower": summary[:1].lower() + summary[1:]}
    new = {
        ROOT / "rules" / "catalog" / f"{code}.toml": CATALOGUE.format(**words),
        package / f"{code.lower()}_{name.replace('-', '_')}.py": CHECK.format(**words),
        ROOT / "tests" / "fixtures" / code / "cases.md": FIXTURE.format(**words),
    }
    if not (package / "__init__.py").is_file():
        new[package / "__init__.py"] = f'"""{title}"""\n'
    return new


def listed(text: str, modules: dict[str, list[str]]) -> str:
    """`checks/__init__.py` with all check modules, by package, imported and in the tuple."""
    imports = "".join(
        f"from dealix_lint.checks.{package} import (\n" + "".join(f"    {name},\n" for name in names) + ")\n"
        for package, names in sorted(modules.items())
    )
    names = sorted(name for members in modules.values() for name in members)
    old = re.compile(r"(?:from dealix_lint\.checks\.dlx\w+ import (?:\([^)]*\)|[^\n]*)\n)+")
    text, imported = old.subn(imports, text)
    text, counted = re.subn(
        r"(    for module in \()[^)]*\)",
        lambda m: m[1] + "\n" + "".join(f"        {n},\n" for n in names) + "    )",
        text,
    )
    if (imported, counted) != (1, 1):
        raise SystemExit("add_rule: cannot find the list of checks in checks/__init__.py")
    return text


def main(arguments: list[str]) -> int:
    """Write the files; the exit status."""
    if (
        len(arguments) != 3
        or not re.fullmatch(r"DLX[1-7]\d\d", arguments[0])
        or not re.fullmatch(r"[a-z-]+", arguments[1])
    ):
        print('usage: add_rule.py DLX123 its-name "One sentence: when it fires."', file=sys.stderr)
        return 2
    new = files(*arguments)
    present = [path for path in new if path.exists()]
    if present:
        print(f"add_rule: {present[0].relative_to(ROOT)} is there already", file=sys.stderr)
        return 2
    for path, text in new.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT).as_posix()}")
    modules: dict[str, list[str]] = {}
    for path in sorted(CHECKS.glob("dlx?xx_*/dlx[0-9]*.py")):
        modules.setdefault(path.parent.name, []).append(path.stem)
    listing = CHECKS / "__init__.py"
    listing.write_text(listed(listing.read_text(encoding="utf-8"), modules), encoding="utf-8")
    print(f"wrote {listing.relative_to(ROOT).as_posix()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
