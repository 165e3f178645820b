"""`dealix-lint catalog`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealix_lint.engine.output import line, plural, show_catalogue, show_judged, show_provider
from dealix_lint.engine.project import find_projects
from dealix_lint.engine.request import Request
from dealix_lint.faces.cli.options import CONFIG
from dealix_lint.faces.cli.status import CLEAN, FINDINGS
from dealix_lint.faces.terminal import write
from dealix_lint.model.effect_rules import EFFECT_KINDS
from dealix_lint.model.errors import CatalogError

if TYPE_CHECKING:
    from dealix_lint.engine.catalogue import Known

_FORMATS = click.Choice(["text", "json"])
_PACKS = click.argument("packs", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False))


@click.group("catalog")
def command() -> None:
    """Show, check and try what is known of providers and frameworks.

    Known are the shipped rules, and of the project around the current folder the lines of [tool.dealix-lint.effects] and
    its packs; PACKS count instead of those."""


@command.command("list")
@click.option("--kind", type=click.Choice(EFFECT_KINDS), help="Only providers that do something of this kind.")
@click.option("--format", "form", type=_FORMATS, default="text", show_default=True, help="How to print it.")
@CONFIG
@_PACKS
def list_(packs: tuple[Path, ...], config: Path | None, form: str, kind: str | None) -> int:
    """List providers and frameworks."""
    from dealix_lint.engine.catalogue import list_catalogue

    write(show_catalogue(list_catalogue(_known(config, packs), kind or ""), form), None)
    return CLEAN


@command.command("show")
@CONFIG
@click.argument("name")
@_PACKS
def show(packs: tuple[Path, ...], config: Path | None, name: str) -> int:
    """Show what is known of NAME.

    NAME is a provider (stripe), a framework (celery), a call (stripe.Refund.create, httpx.Client().post) or a request
    ("DELETE https://api.stripe.com/v1/subscriptions/s1"; without a method: POST)."""
    from dealix_lint.engine.catalogue import find_provider, framework_text, judge_call, nothing_known

    known = _known(config, packs)
    provider, framework = find_provider(known, name), framework_text(known, name)
    if provider is not None:
        write(show_provider(provider), None)
    if framework is not None:
        write((line(text) for text in framework.rstrip().split("\n")), None)
    if provider is None and framework is None:
        effect = judge_call(known, name)
        if effect is None and "://" not in name:
            raise nothing_known(known, name)
        write(show_judged(name, effect), None)
    return CLEAN


@command.command("check")
@CONFIG
@_PACKS
def check(packs: tuple[Path, ...], config: Path | None) -> int:
    """Check that packs are written as they have to be.

    Exit status: 0 they are, 1 they are not."""
    from dealix_lint.engine.catalogue import describe_packs

    try:
        known = _known(config, packs)
    except CatalogError as error:
        write((line(text) for text in str(error).splitlines()), None)
        return FINDINGS
    _named(known)
    write((line(text) for text in describe_packs(known)), None)
    return CLEAN


@command.command("test")
@CONFIG
@_PACKS
def test(packs: tuple[Path, ...], config: Path | None) -> int:
    """Analyse the code of each [[expect]] in packs, and compare what is found with what is expected.

    Exit status: 0 as expected, 1 not."""
    from dealix_lint.engine.catalogue import try_packs

    known = _known(config, packs)
    _named(known)
    tested = try_packs(known)
    met = "met" if not tested.failed else f"{tested.failed} not met"
    write((*(line(text) for text in tested.lines), line(f"{plural(tested.number, 'expectation')}, {met}")), None)
    return FINDINGS if tested.failed else CLEAN


def _known(config: Path | None, packs: tuple[Path, ...]) -> Known:
    from dealix_lint.engine.catalogue import learn

    (project,) = find_projects((Path(),))
    return learn(project.root, Request(config=config), packs)


def _named(known: Known) -> None:
    if not known.packs:
        raise click.UsageError("there are no packs: name a folder, or set `packs` in [tool.dealix-lint]")
