"""From a folder of sources to its call graph, for tests that look at nothing later than that."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dealix_lint.model.graph import CallGraph
from dealix_lint.model.settings import Settings

if TYPE_CHECKING:
    from dealix_lint import callgraph


@dataclass(frozen=True, slots=True)
class Resolved:
    """The graph of a folder, and as `dealix-lint graph --format json` shows it."""

    graph: CallGraph
    adjacency: dict[str, tuple[str, ...]]


@cache
def shipped_rules() -> callgraph.FrameworkRules:
    """What is known of frameworks as the tool comes."""
    from dealix_lint.callgraph import FrameworkRules
    from dealix_lint.catalog.frameworks import load_frameworks
    from dealix_lint.catalog.locate import rules_folder

    return FrameworkRules(load_frameworks(rules_folder()))


def resolve(root: Path, reverse: bool = False) -> Resolved:
    """The call graph of all sources below `root`; `reverse` reads them in the opposite order."""
    from dealix_lint.callgraph import adjacency

    resolution = solve(root, reverse)
    shown = adjacency(resolution)
    return Resolved(resolution.graph, {name: tuple(callees) for name, callees in shown.items()})


def solve(root: Path, reverse: bool = False) -> callgraph.Resolved:
    """Read, summarise, link and resolve all sources below `root`."""
    from dealix_lint.callgraph import build
    from dealix_lint.link import link
    from dealix_lint.sources.discover import discover
    from dealix_lint.sources.naming import find_roots, name_modules
    from dealix_lint.sources.read import read
    from dealix_lint.sources.stamps import Stamps
    from dealix_lint.summarize import summarize

    paths = discover(root, Settings())
    contents = read(root, paths[::-1] if reverse else paths, {}, Stamps())
    named = name_modules(contents, find_roots(contents, (), frozenset()))
    summaries = [summarize(content.data) for content in contents]
    return build(link(named, summaries), shipped_rules())
