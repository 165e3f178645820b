"""What is known, for people to look at and to try: `dealix-lint catalog`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from dealix_lint.catalog.frameworks import all_files
from dealix_lint.catalog.locate import rules_folder
from dealix_lint.config.mistakes import suggestion
from dealix_lint.effects import EffectIndex, Recogniser
from dealix_lint.effects.verdict import Floors
from dealix_lint.engine.configuration import configure
from dealix_lint.engine.expecting import unmet
from dealix_lint.engine.knowledge import Knowledge
from dealix_lint.engine.listing import expectations, list_all, list_packs
from dealix_lint.engine.loading import load_knowledge
from dealix_lint.engine.output import plural
from dealix_lint.engine.request import Request
from dealix_lint.link import link
from dealix_lint.model.catalogue import Catalogue, FrameworkRow, ProviderRow
from dealix_lint.model.declared import parse_address
from dealix_lint.model.effects import Effect
from dealix_lint.model.errors import CatalogError
from dealix_lint.model.graph import ExternalCall, Place
from dealix_lint.model.settings import Settings
from dealix_lint.model.source import SourceFile
from dealix_lint.model.summary import ModuleSummary, Scope
from dealix_lint.model.text import Text


@dataclass(frozen=True)
class Known:
    """A project's knowledge: the shipped rules, its settings, and packs."""

    root: Path
    settings: Settings
    knowledge: Knowledge

    @property
    def packs(self) -> tuple[Path, ...]:
        """The folders of its packs."""
        return tuple(self.root / pack for pack in self.settings.packs)

    @cached_property
    def catalogue(self) -> Catalogue:
        """Every provider and framework, with the labels that messages use."""
        return list_all(rules_folder(), self.packs, self.settings.effects, Floors(self.knowledge.policy.floors))

    def named(self, file: str) -> str:
        """A file as the user would name it: one of the project below its root."""
        return file.removeprefix(f"{self.root}/")


@dataclass(frozen=True, slots=True)
class Tested:
    """How many expectations there are, and a line for everything that is not as expected."""

    number: int
    failed: int
    lines: tuple[str, ...]


def learn(root: Path, request: Request, packs: Sequence[Path] = ()) -> Known:
    """What is known in a project; `packs` count instead of the configured ones. Raises DealixError."""
    settings, store = configure(root, request)
    store.close()
    if packs:
        settings = replace(settings, packs=tuple(str(pack.absolute()) for pack in packs))
    return Known(root, settings, load_knowledge(root, settings))


def list_catalogue(known: Known, kind: str = "") -> Catalogue:
    """Every provider and framework that is known; with `kind`, the providers that do something of that kind."""
    found = known.catalogue
    providers = tuple(
        replace(row, origins=tuple(known.named(origin) for origin in row.origins))
        for row in found.providers
        if not kind or kind in _kinds(row)
    )
    frameworks = () if kind else found.frameworks
    return Catalogue(providers, tuple(FrameworkRow(row.name, known.named(row.origin)) for row in frameworks))


def _kinds(row: ProviderRow) -> set[str]:
    return {row.kind, *(entry.kind for entry in (*row.operations, *row.symbols))}


def find_provider(known: Known, name: str) -> ProviderRow | None:
    """The provider of an id."""
    return next((row for row in list_catalogue(known).providers if row.id == name.lower()), None)


def framework_text(known: Known, name: str) -> str | None:
    """The file that describes a framework."""
    origin = next((row.origin for row in known.catalogue.frameworks if row.name == name.lower()), None)
    paths = dict(all_files(rules_folder(), known.packs))
    return None if origin is None else paths[origin].read_text(encoding="utf-8-sig")


def judge_call(known: Known, target: str) -> Effect | None:
    """What a call of an access path (`stripe.Refund.create`) or a request (`POST https://api.stripe.com/v1/refunds`) is;
    None: no effect."""
    index = EffectIndex(known.knowledge.effects, known.knowledge.policy.floors, known.settings.own_hosts)
    place = Place(0, 0, 0)
    address = parse_address(target)
    if address is None:
        call = ExternalCall(0, place, target)
    else:
        url = target.partition(" ")[2] if address.method else target
        call = ExternalCall(0, place, "httpx.request", ((Text((address.method or "POST",)),), (Text((url,)),)))
    nowhere = link((SourceFile("example.py", "example", ""),), (ModuleSummary((Scope("module", "", -1, ()),)),))
    return next(iter(Recogniser([call], index, nowhere).effects()), None)


def nothing_known(known: Known, name: str) -> CatalogError:
    """The error for a name that nobody has."""
    found = known.catalogue
    names = [*(row.id for row in found.providers), *(row.name for row in found.frameworks)]
    near = suggestion(name.lower(), names) or "; `dealix-lint catalog list` shows what there is"
    return CatalogError(f"there is no provider, framework or modelled call {name!r}{near}")


def try_packs(known: Known) -> Tested:
    """Try what the packs expect of themselves."""
    found = expectations(known.packs)
    failures = [[f"{label}: {line}" for line in unmet(one, known.knowledge, known.settings)] for label, one in found]
    lines = [known.named(line) for failure in failures for line in failure]
    return Tested(len(found), sum(map(bool, failures)), tuple(lines))


def describe_packs(known: Known) -> Iterator[str]:
    """One line for each pack: what it holds."""
    for pack in known.packs:
        found = list_packs((pack,), Floors(()))
        said = [*(row.id for row in found.providers), *(row.name for row in found.frameworks)]
        number = plural(len(expectations((pack,))), "expectation")
        yield f"{known.named(str(pack))}: {', '.join(said) or 'no provider'}; {number}"
