"""In-process publish and subscribe: nothing here leaves the process, whatever the method names suggest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Subscriber = Callable[[dict[str, Any]], None]


class MessageBus:
    def __init__(self) -> None:
        self._subscribers: dict[str, list[Subscriber]] = defaultdict(list)
        self.delivered: list[tuple[str, dict[str, Any]]] = []

    def subscribe(self, topic: str, subscriber: Subscriber) -> None:
        self._subscribers[topic].append(subscriber)

    def send_message(self, topic: str, payload: dict[str, Any]) -> int:
        self.delivered.append((topic, payload))
        for subscriber in self._subscribers[topic]:
            subscriber(payload)
        return len(self._subscribers[topic])

    def publish_event(self, event: dict[str, Any]) -> int:
        return self.send_message(str(event["event_type"]), event)


_bus: MessageBus | None = None


def get_bus() -> MessageBus:
    global _bus
    if _bus is None:
        _bus = MessageBus()
    return _bus
