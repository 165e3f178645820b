"""Requests of helpers that are told nothing but an id: `f"/account/{account}/transactions"`. Host, method and operation are
the helper's own, whatever id its callers hand over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dealix_lint.effects.arguments import with_passed
from dealix_lint.effects.recognise import Recogniser, effect_of
from dealix_lint.effects.settings import PARAMETER
from dealix_lint.effects.verdict import Verdict
from dealix_lint.model import ir
from dealix_lint.model.effect_rules import HttpClient
from dealix_lint.model.effects import Effect
from dealix_lint.model.graph import HIGH, ExternalCall, Place
from dealix_lint.model.resolved import Resolution
from dealix_lint.model.summary import Scope
from dealix_lint.model.text import Hole, Text

_BEGINNING: Final = re.compile(r"/|https?://[\w.:-]+/")
_NEXT_SEGMENT: Final = re.compile(r"/\w{2}")
_SEGMENT_ENDS: Final = ("/", ".", "?", ":")


Verdicts = dict[tuple[int, Place], Verdict]
"""Nodes and places of requests -> what they are, whatever ids are handed over."""


def is_told_ids(effect: Effect, verdicts: Verdicts) -> bool:
    """Whether an effect of a helper is the same in all its nodes without the ids that callers hand over."""
    found = [verdicts.get((node, effect.place)) for node in effect.nodes]
    told = {(v.kind, v.provider, v.operation) if v is not None else None for v in found}
    only = next(iter(told)) if len(told) == 1 else None
    if only is None or only[:2] != (effect.kind, effect.provider):
        return False
    return "/" in only[2] or only[2] == effect.operation


def without_ids(effect: Effect, verdicts: Verdicts) -> Effect:
    """The effect under the name that it has without ids."""
    return effect_of(verdicts[effect.nodes[0], effect.place], effect.place, effect.function, effect.nodes)


def judged_without_ids(
    recogniser: Recogniser,
    resolution: Resolution,
    call: ExternalCall,
    client: HttpClient,
    url: int,
    parameters: dict[int, frozenset[int]],
) -> Verdict | None:
    """What a request is whatever ids are handed over; None where a parameter may say more than an id. `url`: the register of
    the address; `parameters`: of the registers of the call, those that have some."""
    scope = _scope(resolution, call.node)
    text = _template(resolution, call.node, scope, url, parameters)
    if text is None or not _is_told_ids(text):
        return None
    found = recogniser.judged(with_passed(call, client.url, (text,)))
    if found is None or found.confidence < HIGH:
        return None
    is_listed = "/" not in found.operation
    return found if is_listed or _goes_on_behind(text) else None


def _scope(resolution: Resolution, node: int) -> Scope:
    record = resolution.graph.nodes[node]
    return resolution.program.summaries[record.module].scopes[record.scope]


def _template(
    resolution: Resolution, node: int, scope: Scope, register: int, parameters: dict[int, frozenset[int]]
) -> Text | None:
    """An f-string with a hole for each parameter."""
    instruction = scope.code[register]
    if instruction[0] != ir.TEXT:
        return None
    parts: list[str | Hole] = []
    for part in instruction[1]:
        if isinstance(part, str):
            parts.append(part)
        elif parameters.get(part):
            parts.append(Hole(f"{PARAMETER}id"))
        else:
            values = resolution.values(node, part)
            (known,) = values if len(values) == 1 else (None,)
            parts += known.parts if isinstance(known, Text) else (Hole(),)
    return Text(tuple(_joined(parts)))


def _joined(parts: list[str | Hole]) -> Iterator[str | Hole]:
    """The same parts, texts that follow one another together."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
        else:
            yield from (text, part) if text else (part,)
            text = ""
    if text:
        yield text


def _is_told_ids(text: Text) -> bool:
    """Whether what comes from parameters is segments of the path, or stands in the query, behind what is known."""
    first = text.parts[0]
    if not isinstance(first, str) or not _BEGINNING.match(first):
        return False
    return all(
        not isinstance(part, Hole) or not part.origin or _is_segment(text.parts, position)
        for position, part in enumerate(text.parts)
    )


def _is_segment(parts: tuple[str | Hole, ...], position: int) -> bool:
    before, behind = parts[position - 1], parts[position + 1] if position + 1 < len(parts) else "/"
    if not isinstance(before, str) or not isinstance(behind, str):
        return False
    return "?" in before or (before.endswith("/") and behind.startswith(_SEGMENT_ENDS))


def _goes_on_behind(text: Text) -> bool:
    """Whether a known segment stands behind each of the ids: `/account/{account}/transactions`."""
    behind = (*text.parts[1:], "")
    return all(
        isinstance(part, str) or not part.origin or (isinstance(b, str) and _NEXT_SEGMENT.match(b) is not None)
        for part, b in zip(text.parts, behind, strict=True)
    )
