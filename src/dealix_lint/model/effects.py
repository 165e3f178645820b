"""What leaves the process, as values."""

from __future__ import annotations

from dataclasses import dataclass

from dealix_lint.model.graph import Place

MESSAGING, PAYMENT, CONTRACT, EXTERNAL_WRITE = "messaging", "payment", "contract", "external_write"
EXTERNAL_READ, LLM = "external_read", "llm"
COMMITMENTS = (MESSAGING, PAYMENT, CONTRACT, EXTERNAL_WRITE)
UNKNOWN = "unknown"  # the provider behind a URL of which no host is known


@dataclass(frozen=True, slots=True)
class Effect:
    """What one call site does outside the process. `nodes` are the graph nodes (contexts of its function) where it does
    that; a site that does different things for different callers is several effects.

    `others`: providers that the same request may go to instead (`SANDBOX if test else LIVE`).
    `floor_reversibility` and `floor_sensitivity` are the operation's floor, else the kind's. `recognised_by` says in plain words why.

    Of a request by a helper of the project, `place` is the outermost call that knows where it goes. Then `inner` is the call that
    leaves the process, and `nodes` those of the helper; paths enter nodes of `through` only over these calls, and starts
    at nodes of `inside` are not this effect's. `only_from`: nodes that one of the paths has to start at, if not empty."""

    place: Place
    function: str
    nodes: tuple[int, ...]
    kind: str
    provider: str
    operation: str
    confidence: int
    recognised_by: str
    floor_reversibility: str
    floor_sensitivity: str
    inner: Place | None = None
    through: tuple[tuple[int, frozenset[Place]], ...] = ()
    inside: frozenset[int] = frozenset()
    only_from: frozenset[int] = frozenset()
    others: tuple[str, ...] = ()

    @property
    def call(self) -> Place:
        """The call that leaves the process."""
        return self.place if self.inner is None else self.inner

    @property
    def name(self) -> str:
        """`kind/provider/operation`, as the configuration writes it."""
        return f"{self.kind}/{self.provider}/{self.operation}"

    @property
    def floors(self) -> str:
        """`R2/S1`."""
        return f"{self.floor_reversibility}/{self.floor_sensitivity}"

    @property
    def is_commitment(self) -> bool:
        """True for the kinds the policy governs; reads and LLM calls are inventory only."""
        return self.kind in COMMITMENTS
