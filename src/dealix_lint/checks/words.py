"""Effects, starts and classes in the words of people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from dealix_lint.model.effects import (
    CONTRACT,
    EXTERNAL_READ,
    EXTERNAL_WRITE,
    LLM,
    MESSAGING,
    PAYMENT,
    UNKNOWN,
    Effect,
)
from dealix_lint.model.entrypoints import EntryPoint

_NOUNS: Final = {
    MESSAGING: "message",
    PAYMENT: "payment",
    CONTRACT: "contract",
    EXTERNAL_WRITE: "write",
    EXTERNAL_READ: "read",
    LLM: "model call",
}
_STARTS: Final = {
    "web": "web",
    "celery": "Celery",
    "langgraph": "LangGraph",
    "temporal": "Temporal",
    "background": "background",
    "flow": "flow",
    "cli": "command line",
}
_OTHER_QUEUES: Final = frozenset({"job", "actor", "subscriber", "consumer", "cron", "worker"})
"""How what RQ, Dramatiq, pika and others run is known; Celery has tasks, beat schedules and signals."""
_AGENTS: Final = frozenset({"tool", "hook", "callback", "guardrail", "handoff", "handler", "reply", "crew", "step"})
"""How what agents and their flows run is known, whatever they are built with; LangGraph has nodes, routes and tasks."""
_CHATS: Final = frozenset({"command", "handler"})
"""How what people write to a chat bot runs is known, where it is run like what comes to a web server."""
_NO_PATH: Final = re.compile(r"(?:/\{\})+")
_SCHEDULE: Final = "schedule "
_PLATFORMS: Final = frozenset({"Slack", "Discord"})
"""Where the chat is said along with what is run; there is nothing to be said before it."""


class Words:
    """Names things as a finding's message should."""

    __slots__ = ("_titles",)

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._titles = titles

    def effect(self, effect: Effect) -> str:
        """`Stripe payment (payment_intent.create)`, `Write to hooks.example.com (POST /orders)`, `Payment to an unknown host
        (POST)`, `Write to api.bank.example or sandbox.bank.example (POST /pay)`."""
        noun = _NOUNS.get(effect.kind, effect.kind)
        title = self._titles.get(effect.provider)
        others = [self._titles.get(other) or (other if "." in other else _titled(other)) for other in effect.others]
        if title is None and (effect.provider == UNKNOWN or "." in effect.provider):
            host = "an unknown host" if effect.provider == UNKNOWN else effect.provider
            what = f"{noun.capitalize()} to {' or '.join((host, *others))}"
        else:
            what = f"{' or '.join((title or _titled(effect.provider), *others))} {noun}"
        operation = operation_in_words(effect.operation)
        return f"{what} ({operation})" if operation else what

    def start(self, entry: EntryPoint, classes: Sequence[str] = ()) -> str:
        """`web POST /checkout`, `Celery task app.send`, `app.pay.refund (nothing analysed calls it)`. `classes` on the
        path tell which of the handler classes that share a start is meant. Of a start that is known by many names one is said:
        `queue actor Register (or 9 others that run the same function)`."""
        if entry.mechanism == "open":
            return f"{entry.function} ({entry.detail})" if entry.detail else entry.function
        what = _runtime(entry.mechanism, entry.detail.partition(" ")[0])
        told = next((known for name in classes for known, cls in entry.details if cls == name), "")
        told = told or _ways(entry)
        return f"{what} {told or entry.function}".strip()


def _ways(entry: EntryPoint) -> str:
    """The ways in which people know a start: two, or the first and how many more there are; of commands the names."""
    known = tuple(dict.fromkeys(detail for detail, _ in entry.details))
    if len(known) < 2 or entry.detail.startswith(f"{known[0]} or "):  # `command pay or refund`
        return entry.detail
    if len(known) == 2:  # a task and the schedule that runs it are no two ways
        return (", " if any(_SCHEDULE in detail for detail in known) else " or ").join(known)
    return f"{known[0]} (or {len(known) - 1} others that run the same function)"


def _runtime(mechanism: str, noun: str) -> str:
    """What runs a start of which people know that it is such a thing (`task`, `job`, `tool`)."""
    if mechanism == "celery" and noun in _OTHER_QUEUES:
        return "queue"
    if mechanism == "langgraph" and noun in _AGENTS:
        return "agent"
    if mechanism == "web" and noun in _CHATS:
        return "chat"
    if mechanism == "web" and noun in _PLATFORMS:
        return ""
    return _STARTS.get(mechanism, mechanism)


def listed(names: Sequence[str]) -> str:
    """`approval`, `approval and sensitivity`, `approval, reversibility and sensitivity`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def others(entry_points: int) -> str:
    """` and from 2 more entry points`, or nothing."""
    more = entry_points - 1
    if more <= 0:
        return ""
    return f" and {more} more entry point{'s' if more > 1 else ''}"


def operation_in_words(name: str) -> str:
    """A request that is no operation anybody named: its method as people write it, its path where it has one.
    `POST /orders`, `/orders, method unknown`, `POST, path unknown`."""
    method, space, path = name.partition(" ")
    if not space or not path.startswith("/"):
        return name
    if _NO_PATH.fullmatch(path):
        return "method and path unknown" if method == "request" else f"{method.upper()}, path unknown"
    if method == "request":
        return "method unknown" if path == "/" else f"{path}, method unknown"
    return method.upper() if path == "/" else f"{method.upper()} {path}"


def _titled(provider: str) -> str:
    """The words of an id get capitals."""
    return provider.replace("_", " ").replace("-", " ").title() if provider.islower() else provider
