"""The house vocabulary for external actions: classes, the marker decorator, the packet, the approval gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])


class Approval(StrEnum):
    A0 = "A0"
    A1 = "A1"
    A2 = "A2"
    A3 = "A3"


class Reversibility(StrEnum):
    R0 = "R0"
    R1 = "R1"
    R2 = "R2"
    R3 = "R3"


class Sensitivity(StrEnum):
    S0 = "S0"
    S1 = "S1"
    S2 = "S2"
    S3 = "S3"


class ApprovalRequired(PermissionError):
    """Nobody with the right to do so has approved the action."""


@dataclass(frozen=True)
class ActionPacket:
    """What is about to happen outside, for the approver and for the record."""

    action: str
    subject: str
    approval_class: Approval | str
    reversibility_class: Reversibility | str
    sensitivity_class: Sensitivity | str


def governed(
    *, approval_class: str, reversibility_class: str | None = None, sensitivity_class: str | None = None
) -> Callable[[F], F]:
    """Attach the classes of an external action to the function that performs it."""

    def mark(function: F) -> F:
        function.__dict__["governance"] = (approval_class, reversibility_class, sensitivity_class)
        return function

    return mark


def require_approval(action: str, approved_by: str | None) -> str:
    """Return who approved the action; refuse it if nobody did."""
    if not approved_by:
        raise ApprovalRequired(f"{action} needs an approver")
    return approved_by
