"""Decorators by which application code states its governance classes; safe to import in production.

They attach one attribute and return the very object they were given, so signatures, coroutine functions, generators
and classes stay what they are. Nothing here imports a dependency or another part of dealix-lint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, TypeVar, get_args

ApprovalClass: TypeAlias = Literal["A0", "A1", "A2", "A3", "A4"]
ReversibilityClass: TypeAlias = Literal["R0", "R1", "R2", "R3"]
SensitivityClass: TypeAlias = Literal["S0", "S1", "S2", "S3"]
ActorType: TypeAlias = Literal["human", "observer_agent", "recommender_agent", "executor_system", "automated_workflow"]
Mechanism: TypeAlias = Literal["web", "celery", "langgraph", "temporal", "background", "flow", "cli"]

ATTRIBUTE: Final = "__dealix__"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ExternalEffect:
    """What `external_effect` attaches: the three classes, who acts, and who reviewed what is sent to a provider."""

    approval_class: ApprovalClass
    reversibility_class: ReversibilityClass
    sensitivity_class: SensitivityClass
    actor_type: ActorType | None = None
    reviewed_by: str | None = None


@dataclass(frozen=True, slots=True)
class CommitmentOwner:
    """What `commitment_owner` attaches: the mechanism that runs which commitment ("kind/provider/operation")."""

    mechanism: Mechanism
    commitment: str = "*/*/*"


Declaration: TypeAlias = ExternalEffect | CommitmentOwner


def external_effect(
    *,
    approval_class: ApprovalClass,
    reversibility_class: ReversibilityClass,
    sensitivity_class: SensitivityClass,
    actor_type: ActorType | None = None,
    reviewed_by: str | None = None,
) -> Callable[[T], T]:
    """Classify everything the decorated function, or every method of the decorated class, does outside the process.

    Args:
        approval_class: who has to agree, "A0" (nobody, logged) to "A3" (executive); "A4" (board) if the policy has it.
        reversibility_class: how hard it is to undo, "R0" (automatic) to "R3" (irreversible).
        sensitivity_class: the data involved, "S0" (public) to "S3" (regulated or personal).
        actor_type: who acts, if it is known here.
        reviewed_by: who reviewed that S2 or S3 data may go to this provider.

    Returns:
        A decorator that returns its argument, with the declaration in front of those already in `__dealix__`.

    Raises:
        ValueError: a value is outside its vocabulary.
    """
    _require("approval_class", approval_class, get_args(ApprovalClass))
    _require("reversibility_class", reversibility_class, get_args(ReversibilityClass))
    _require("sensitivity_class", sensitivity_class, get_args(SensitivityClass))
    if actor_type is not None:
        _require("actor_type", actor_type, get_args(ActorType))
    return _attach(ExternalEffect(approval_class, reversibility_class, sensitivity_class, actor_type, reviewed_by))


def commitment_owner(mechanism: Mechanism, *, commitment: str = "*/*/*") -> Callable[[T], T]:
    """Declare which mechanism owns the commitments made by the decorated function or class.

    Args:
        mechanism: the runtime that is the one source of truth for them, "temporal" for instance.
        commitment: which ones, "kind/provider/operation"; any part may be "*".

    Returns:
        A decorator that returns its argument, with the declaration in front of those already in `__dealix__`.

    Raises:
        ValueError: `mechanism` is unknown or `commitment` has not three parts.
    """
    _require("mechanism", mechanism, get_args(Mechanism))
    if len(parts := commitment.split("/")) != 3 or not all(parts):
        raise ValueError(f"commitment={commitment!r} is not of the form 'kind/provider/operation'; any part may be '*'")
    return _attach(CommitmentOwner(mechanism, commitment))


def declarations(target: object) -> tuple[Declaration, ...]:
    """Return what the decorators of this module attached to a function, method or class, outermost first."""
    found: tuple[Declaration, ...] = getattr(target, ATTRIBUTE, ())
    return found


def _require(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name}={value!r} is not one of {', '.join(allowed)}")


def _attach(declaration: Declaration) -> Callable[[T], T]:
    def mark(target: T) -> T:
        # A static or class method hands out the function inside it, so that is what has to carry the attribute.
        carrier: object = target.__func__ if isinstance(target, (staticmethod, classmethod)) else target
        own: tuple[Declaration, ...] = getattr(carrier, "__dict__", {}).get(ATTRIBUTE, ())
        try:
            setattr(carrier, ATTRIBUTE, (declaration, *own))
        except AttributeError as error:
            raise TypeError(f"{target!r} cannot be decorated: decorate the function or class itself") from error
        return target

    return mark
