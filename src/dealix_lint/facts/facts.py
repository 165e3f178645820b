"""All facts about a program, computed when first asked for."""

from __future__ import annotations

from dealix_lint.facts.actors import Actors
from dealix_lint.facts.audit import Audit
from dealix_lint.facts.claims import Claims
from dealix_lint.facts.classification import Classification
from dealix_lint.facts.coroutines import Coroutines
from dealix_lint.facts.correlation import Correlation
from dealix_lint.facts.durability import Durability
from dealix_lint.facts.envelopes import Envelopes
from dealix_lint.facts.exempting import Exempting
from dealix_lint.facts.failures import Failures
from dealix_lint.facts.gates import Gates
from dealix_lint.facts.innermost import Innermost
from dealix_lint.facts.leaks import Leaks
from dealix_lint.facts.marking import Marking
from dealix_lint.facts.minting import Minting
from dealix_lint.facts.owners import Ownership
from dealix_lint.facts.passing import Passing
from dealix_lint.facts.paths import Paths
from dealix_lint.facts.pauses import Pauses
from dealix_lint.facts.prerequisites import Prerequisites
from dealix_lint.facts.rejections import Rejections
from dealix_lint.facts.reviews import Reviews
from dealix_lint.facts.sensitive import Sensitive
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.transport import Transports
from dealix_lint.facts.untraced import Traces
from dealix_lint.facts.withheld import Withholding
from dealix_lint.model.effects import Effect
from dealix_lint.model.entrypoints import EntryPoint
from dealix_lint.model.policy import Policy
from dealix_lint.model.resolved import Resolution
from dealix_lint.model.settings import Settings


class Facts:
    """What each function of a program carries: classes, audit records, correlation ids, owners; and the paths
    between."""

    __slots__ = (
        "actors",
        "audit",
        "claims",
        "classification",
        "coroutines",
        "correlation",
        "durability",
        "envelopes",
        "failures",
        "gates",
        "innermost",
        "leaks",
        "marking",
        "minting",
        "ownership",
        "passing",
        "paths",
        "pauses",
        "rejections",
        "reviews",
        "sites",
        "traces",
        "transports",
        "withholding",
    )

    def __init__(
        self,
        resolution: Resolution,
        effects: tuple[Effect, ...],
        entry_points: tuple[EntryPoint, ...],
        policy: Policy,
        settings: Settings,
        clients: tuple[str, ...] = (),
    ) -> None:
        """`clients`: access paths of HTTP clients."""
        self.sites = Sites(resolution, effects, policy.gates)
        self.paths = Paths(resolution.graph, entry_points)
        self.classification = Classification(self.sites, policy, settings.classify)
        self.innermost = Innermost(self.sites, self.classification, self.paths)
        prerequisites = Prerequisites(self.sites, policy.requests)
        self.audit = Audit(self.sites, policy.audit, prerequisites)
        self.claims = Claims(self.sites, self.audit.records, policy.claims, policy.classification)
        self.coroutines = Coroutines(self.sites, policy.coroutines)
        self.actors = Actors(self.sites, policy.actors, settings.classify)
        self.failures = Failures(self.sites, self.audit, policy.audit, clients)
        self.rejections = Rejections(self.sites, self.failures)
        self.pauses = Pauses(self.sites, policy.gates, policy.graphs, policy.ownership.graph)
        exempting = Exempting(self.sites, policy.axes[0], policy.approval_by_reversibility)
        self.gates = Gates(self.sites, policy.gates, self.audit, prerequisites, self.pauses, exempting)
        self.correlation = Correlation(self.sites, policy.correlation)
        self.passing = Passing(self.sites, self.correlation, policy.correlation.names)
        self.marking = Marking(self.sites, policy.axes)
        self.minting = Minting(self.sites, self.passing, policy.correlation)
        self.withholding = Withholding(self.sites, self.passing)
        self.traces = Traces(self.sites, self.paths, self.correlation, self.passing, prerequisites)
        self.ownership = Ownership(self.sites, policy.ownership, settings.owners, self.correlation.ambient.hooks)
        self.durability = Durability(self.sites, self.paths, self.ownership, policy.graphs)
        self.envelopes = Envelopes(self.sites, self.classification.shapes, policy.envelope)
        sensitive = Sensitive(self.sites, self.classification.shapes, policy.sensitive, settings.classify)
        self.leaks = Leaks(self.sites, self.paths, sensitive, policy.sensitive)
        self.reviews = Reviews(self.sites, policy.sensitive)
        self.transports = Transports(self.sites, policy.ownership)
