"""Requests of helpers that are told nothing but an id: `f"/account/{account}/transactions"`. Host, method and operation are
the helper's own, whatever id its callers hand over."""

from __future__ import annotations

import re
from typing import Final

from dealix_lint.effects.arguments import with_passed
from dealix_lint.effects.recognise import Recogniser, effect_of
from dealix_lint.effects.settings import PARAMETER
from dealix_lint.effects.verdict import Verdict
from dealix_lint.model.effects import Effect
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import ExternalCall, Place
from dealix_lint.model.text import Hole, Text

_BEGINNING: Final = re.compile(r"/|[\w-]+/|https?://[\w.:-]+/")
_IN_HOST: Final = re.compile(r"https?://[\w.-]*")
_REST_OF_HOST: Final = re.compile(r"[\w-]*(\.[\w-]+){2,}(:\d+)?(/|$)")
_NEXT_SEGMENT: Final = re.compile(r"/\w{2}")
_SEGMENT_ENDS: Final = ("/", ".", "?", ":")


Verdicts = dict[tuple[int, Place], Verdict]
"""Nodes and places of requests -> what they are, whatever ids are handed over."""


def is_told_ids(effect: Effect, verdicts: Verdicts) -> bool:
    """Whether an effect of a helper is the same in all its nodes without the ids that callers hand over."""
    found = [verdicts.get((node, effect.place)) for node in effect.nodes]
    told = {(v.kind, v.provider, v.operation) if v is not None else None for v in found}
    only = found[0] if len(told) == 1 else None
    return only is not None and is_same(effect, only)


def is_same(effect: Effect, verdict: Verdict) -> bool:
    """Whether an effect is what its request is without ids: of that kind and provider, and that operation, or one without
    a name as that is."""
    is_provider = effect.provider == verdict.provider or effect.provider.endswith(f".{verdict.provider}")
    if not is_provider or effect.kind != verdict.kind:
        return False
    return verdict.operation == effect.operation or ("/" in verdict.operation and "/" in effect.operation)


def without_ids(effect: Effect, verdicts: Verdicts) -> Effect:
    """The effect under the name that it has without ids."""
    return effect_of(verdicts[effect.nodes[0], effect.place], effect.place, effect.function, effect.nodes)


def judged_without_ids(
    recogniser: Recogniser, call: ExternalCall, client_url: Argument, text: Text, asking: str = ""
) -> Verdict | None:
    """What a request is whatever ids are handed over; None where a parameter may say more than an id. `text`: its address
    as a function makes it that sends the request, or asks a helper for it (`asking`)."""
    if not text.parts or not _is_told_ids(text):
        return None
    found = recogniser.judged(with_passed(call, client_url, (text,)), asking)
    if found is None:
        return None
    return found if is_listed(found) or _goes_on_behind(text) else None


def is_listed(found: Verdict) -> bool:
    """Whether the rules have a name for what a request does."""
    return "/" not in found.operation


def _is_told_ids(text: Text) -> bool:
    """Whether what comes from parameters is segments of the path, stands in the query, or before a known end of the host."""
    first, behind = text.parts[0], text.parts[1] if len(text.parts) > 1 else ""
    start = 0
    if isinstance(first, Hole):
        is_setting = first.origin != "" and not first.origin.startswith(PARAMETER)
        if not is_setting or not isinstance(behind, str) or not behind.startswith("/"):
            return False
        start = 1
    elif _is_host(text.parts, 1):
        start = 2
    elif not _BEGINNING.match(first):
        return False
    return all(
        not isinstance(part, Hole) or not part.origin or _is_segment(text.parts, start + position)
        for position, part in enumerate(text.parts[start:])
    )


def _is_segment(parts: tuple[str | Hole, ...], position: int) -> bool:
    before, behind = parts[position - 1], parts[position + 1] if position + 1 < len(parts) else "/"
    if not isinstance(before, str) or not isinstance(behind, str):
        return False
    return "?" in before or (before.endswith("/") and behind.startswith(_SEGMENT_ENDS))


def _is_host(parts: tuple[str | Hole, ...], position: int) -> bool:
    """Whether an unknown stretch is a part of the host that does not say whose it is: `https://{tenant}.zendesk.com`."""
    before, behind = parts[0], parts[position + 1] if position + 1 < len(parts) else ""
    if position != 1 or not isinstance(before, str) or not isinstance(behind, str):
        return False
    return _IN_HOST.fullmatch(before) is not None and _REST_OF_HOST.match(behind) is not None


def _goes_on_behind(text: Text) -> bool:
    """Whether a known segment stands behind each of the ids: `/account/{account}/transactions`."""
    behind = (*text.parts[1:], "")
    return all(
        isinstance(part, str)
        or not part.origin.startswith(PARAMETER)
        or (isinstance(b, str) and _NEXT_SEGMENT.match(b) is not None)
        or _is_host(text.parts, position)
        for position, (part, b) in enumerate(zip(text.parts, behind, strict=True))
    )
