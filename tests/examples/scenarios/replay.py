"""Replays a workflow in the SDK's sandbox from a history of one workflow task; needs no server."""

from __future__ import annotations

import json
from typing import Any

from google.protobuf.json_format import MessageToDict
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.worker import Replayer

AT = "2024-01-01T00:00:00Z"
QUEUE = {"name": "commitments"}


async def replay(workflows: list[type], workflow: str, request: Any, first_activity: str) -> BaseException | None:
    """Return why the workflow, given `request`, does not begin by scheduling `first_activity`; None if it does."""
    payload = DataConverter.default.payload_converter.to_payloads([request])[0]
    started = {
        "workflowType": {"name": workflow},
        "taskQueue": QUEUE,
        "input": {"payloads": [MessageToDict(payload)]},
        "originalExecutionRunId": "run-1",
        "attempt": 1,
    }
    activity = {
        "activityId": "1",
        "activityType": {"name": first_activity},
        "taskQueue": QUEUE,
        "workflowTaskCompletedEventId": "4",
    }
    events = [
        _event(1, "WORKFLOW_EXECUTION_STARTED", "workflowExecutionStarted", started),
        _event(2, "WORKFLOW_TASK_SCHEDULED", "workflowTaskScheduled", {"taskQueue": QUEUE, "attempt": 1}),
        _event(3, "WORKFLOW_TASK_STARTED", "workflowTaskStarted", {"scheduledEventId": "2"}),
        _event(4, "WORKFLOW_TASK_COMPLETED", "workflowTaskCompleted", {"scheduledEventId": "2", "startedEventId": "3"}),
        _event(5, "ACTIVITY_TASK_SCHEDULED", "activityTaskScheduled", activity),
    ]
    history = WorkflowHistory.from_json("workflow-1", json.dumps({"events": events}))
    result = await Replayer(workflows=workflows).replay_workflow(history, raise_on_replay_failure=False)
    return result.replay_failure


def _event(number: int, kind: str, name: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {
        "eventId": str(number),
        "eventTime": AT,
        "eventType": f"EVENT_TYPE_{kind}",
        f"{name}EventAttributes": attributes,
    }
