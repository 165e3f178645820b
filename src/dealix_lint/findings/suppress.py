"""Suppression: marks what a comment silences, and says which comments silence nothing or give no reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from dealix_lint.findings.directives import Directive
from dealix_lint.findings.selection import UNREASONED, UNSUPPRESSIBLE, UNUSED, names_code
from dealix_lint.model.findings import Finding, Suppression
from dealix_lint.model.repairs import DropCodes, Repair

ANY = ""
"""The beginning of every code: what a comment without codes is about."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to report about a suppression: DLX002 or DLX003, at line and column of a file."""

    code: str
    path: str
    line: int
    column: int
    message: str
    repair: Repair | None = None


@dataclass(frozen=True, slots=True)
class Hidden:
    """A finding below the confidence of the run; it keeps a suppression from being called unused."""

    code: str
    line: int


def suppress(findings: Iterable[Finding], directives: Mapping[str, tuple[Directive, ...]]) -> tuple[Finding, ...]:
    """Findings with those marked that a comment of their file silences. DLX001 to DLX003 cannot be silenced."""
    return tuple(_marked(finding, directives.get(finding.location.path, ())) for finding in findings)


def _marked(finding: Finding, directives: tuple[Directive, ...]) -> Finding:
    if finding.code in UNSUPPRESSIBLE:
        return finding
    for directive in directives:
        if directive.covers(finding.location.line) and _means(directive, finding.code):
            return replace(finding, suppressed=Suppression("comment", directive.reason))
    return finding


def _means(directive: Directive, code: str) -> bool:
    return not directive.codes or names_code(directive.codes, code)


def remarks(
    path: str,
    directives: Iterable[Directive],
    findings: Iterable[Finding],
    hidden: Iterable[Hidden],
    is_judged: Callable[[str], bool],
) -> Iterator[Remark]:
    """What there is to say about the suppressions of one file.

    `findings` are those of the file, shown or marked; `is_judged` tells whether a code was looked for in this run, so
    that silence means there is nothing."""
    here = [Hidden(finding.code, finding.location.line) for finding in findings if finding.code not in UNSUPPRESSIBLE]
    all_here = [*here, *hidden]
    for directive in directives:
        hits = [found.code for found in all_here if directive.covers(found.line)]
        unused = [code for code in directive.own_codes if not _is_used(code, hits) and is_judged(code)]
        is_idle = not directive.codes and not directive.is_noqa and not hits and is_judged(ANY)
        if unused or is_idle:
            message = (
                f"nothing to suppress here: no {', '.join(unused) or 'finding'} on this line; {_advice(directive)}"
            )
            drop = DropCodes(directive.line, directive.column, tuple(unused))
            yield Remark(UNUSED, path, directive.line, directive.column, message, drop)
        concerns_us = directive.own_codes or (not directive.codes and (hits or not directive.is_noqa))
        if concerns_us and not directive.reason:
            message = _without_reason(directive)
            yield Remark(UNREASONED, path, directive.line, directive.column, message)


def _advice(directive: Directive) -> str:
    if directive.is_alone:
        return "it stands alone: put it at the end of the line that is reported, or remove it"
    return "remove it"


def _without_reason(directive: Directive) -> str:
    if directive.outside:
        codes = ", ".join(directive.outside)
        return f"the brackets are missing, so that it is about every code: # dealix: ignore[{codes}] -- why"
    form = f"# noqa: {', '.join(directive.codes) or 'DLX...'}" if directive.is_noqa else "# dealix: ignore[...]"
    return f"suppressed without a reason; write it after two hyphens: {form} -- why"


def _is_used(code: str, hits: Iterable[str]) -> bool:
    return any(hit.startswith(code) for hit in hits)
