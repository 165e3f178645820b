"""What the checks found, before anything is located or silenced: it depends on what the code does, not on how it is laid
out, and is remembered so that an edit of a comment does not cost another analysis."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any, Final

from dealix_lint.engine.store import Store
from dealix_lint.findings.identify import Described, Identified, identify
from dealix_lint.findings.renumber import renumbered
from dealix_lint.findings.report import Scale
from dealix_lint.model.findings import EffectLabel, RawFinding, Step
from dealix_lint.model.graph import Place
from dealix_lint.model.repairs import AddAttributes, AddKeywords, Decorate, DropCodes, Repair

_KIND: Final = "verdict"
_PLAIN: Final = ("code", "message", "path", "function", "severity", "confidence", "effect", "entry_points", "key")
"""Fields of a raw finding that are texts and numbers."""

Row = list[Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that was found in one part of a project, and how much was analysed. Modules are numbered as in that
    part."""

    found: tuple[Described, ...]
    scale: Scale


def join_verdicts(verdicts: Iterable[tuple[Verdict, Sequence[int]]]) -> tuple[tuple[Identified, ...], Scale]:
    """What was found in all parts of a project, in order, and how much was analysed. Each verdict comes with the numbers
    that its modules have in the project."""
    described: list[Described] = []
    scale = Scale()
    for verdict, files in verdicts:
        described += [replace(one, raw=renumbered(one.raw, files)) for one in verdict.found]
        scale += verdict.scale
    return identify(described), scale


def recall_verdict(key: str, store: Store) -> Verdict | None:
    """The verdict that is remembered under a key; None where there is none, or none that can be read."""
    data = store.get(_KIND, key)
    try:
        return None if data is None else _decode(json.loads(data))
    except (ValueError, TypeError, KeyError, IndexError):
        return None


def remember_verdict(key: str, verdict: Verdict, store: Store) -> None:
    """Keep a verdict for `recall_verdict`."""
    if store.is_working:
        document = [astuple(verdict.scale), [_encode(one) for one in verdict.found]]
        data = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        store.put(_KIND, [(key, data.encode("utf-8", "surrogatepass"))])


def _encode(one: Described) -> Row:
    raw, repair = one.raw, one.raw.repair
    row = [getattr(raw, name) for name in _PLAIN]
    place = None if raw.place is None else _place(raw.place)
    traces = [[[_place(s.place), s.function, s.mechanism, s.edge] for s in t] for t in (raw.trace, *raw.other_traces)]
    change = None if repair is None else _change(repair)
    return [row, place, traces, raw.position, change, None if one.effect is None else astuple(one.effect), one.fix]


def _place(place: Place) -> Row:
    return [place.module, place.scope, place.register]


def _change(repair: Repair) -> Row:
    kind = type(repair).__name__
    match repair:
        case Decorate(place, module, name, keywords):
            return [kind, _place(place), module, name, keywords]
        case AddKeywords(place, keywords, is_safe):
            return [kind, _place(place), keywords, is_safe]
        case AddAttributes(place, attributes):
            return [kind, _place(place), attributes]
        case DropCodes(line, column, codes):
            return [kind, line, column, codes]


def _decode(document: Any) -> Verdict:
    scale, found = document
    return Verdict(tuple(_described(*row) for row in found), Scale(*scale))


def _described(
    row: Row, place: Row | None, traces: Row, position: Row, change: Row | None, effect: Row | None, fix: str
) -> Described:
    first, *others = [tuple(Step(Place(*where), *rest) for where, *rest in trace) for trace in traces]
    raw = RawFinding(
        **dict(zip(_PLAIN, row, strict=True)),
        place=None if place is None else Place(*place),
        trace=first,
        other_traces=tuple(others),
        position=(position[0], position[1]),
        repair=None if change is None else _repair(change),
    )
    return Described(raw, None if effect is None else EffectLabel(*effect), fix)


def _repair(row: Row) -> Repair:
    match row:
        case [Decorate.__name__, place, module, name, keywords]:
            return Decorate(Place(*place), module, name, _pairs(keywords))
        case [AddKeywords.__name__, place, keywords, is_safe]:
            return AddKeywords(Place(*place), _pairs(keywords), is_safe)
        case [AddAttributes.__name__, place, attributes]:
            return AddAttributes(Place(*place), _pairs(attributes))
        case [DropCodes.__name__, line, column, codes]:
            return DropCodes(line, column, tuple(codes))
    raise ValueError("unknown repair")


def _pairs(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in row)
