"""Settings of a run as a plain value (`config` validates `[tool.dealix-lint]` into it)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FlowClass:
    """A configured durable-flow base class: methods that start it, methods that persist a checkpoint."""

    run: tuple[str, ...] = ("run",)
    checkpoint: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassifyEntry:
    """Classes given by configuration for code one cannot edit."""

    approval: str | None = None
    reversibility: str | None = None
    sensitivity: str | None = None
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class EffectEntry:
    """What a declared effect is: kind, provider and operation (empty: named after the call), and its floors (empty: the
    kind's)."""

    kind: str
    provider: str
    operation: str = ""
    reversibility: str = ""
    sensitivity: str = ""


@dataclass(frozen=True, slots=True)
class PathSettings:
    """Overrides for files matching a glob."""

    ignore: tuple[str, ...] = ()
    severity: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything `[tool.dealix-lint]` can say, with the defaults of `rules.md`. Mappings are sorted tuples of pairs."""

    roots: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] | None = None  # None: the defaults
    extend_exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ("DLX",)
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_confidence: str = "medium"
    fail_on: str = "warning"
    policy: str = "dealix"
    packs: tuple[str, ...] = ()
    own_hosts: tuple[str, ...] = ()
    correlation_names: tuple[str, ...] = ()
    audit_sinks: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    baseline: str = ""
    register: str = ""
    cache_dir: str = ""
    jobs: int = 0  # 0: as many as there are cores
    severity: tuple[tuple[str, str], ...] = ()
    facades: tuple[tuple[str, tuple[str, ...]], ...] = ()
    owners: tuple[tuple[str, str], ...] = ()
    effects: tuple[tuple[str, EffectEntry], ...] = ()
    flows: tuple[tuple[str, FlowClass], ...] = ()
    classify: tuple[tuple[str, ClassifyEntry], ...] = ()
    thresholds: tuple[tuple[str, int], ...] = ()  # seconds
    per_path: tuple[tuple[str, PathSettings], ...] = field(default=())
