"""Hand-made external calls, judged with the shipped rules."""

from __future__ import annotations

from functools import cache

from dealix_lint.catalog.effects import load_effects
from dealix_lint.catalog.locate import rules_folder
from dealix_lint.effects import EffectIndex, Recogniser
from dealix_lint.model.effect_rules import EffectRules, Floor
from dealix_lint.model.effects import Effect
from dealix_lint.model.graph import HIGH, ExternalCall, Place
from dealix_lint.model.program import Program
from dealix_lint.model.source import SourceFile
from dealix_lint.model.summary import ModuleSummary, Scope
from dealix_lint.model.text import ArgumentValue, Constant, Hole, Mapping, Symbol, Text

FLOORS = (
    Floor("messaging", "R2", "S1"),
    Floor("payment", "R3", "S2"),
    Floor("contract", "R3", "S2"),
    Floor("external_write", "R1", "S1"),
)
PROGRAM = Program(
    (SourceFile("app/x.py", "app.x", ""),),
    (ModuleSummary((Scope("module", "", -1, ()), Scope("function", "send", 0, ()))),),
    {"app.x": 0},
)
Given = str | Hole | None | bool | ArgumentValue | tuple[ArgumentValue, ...]


def text(*parts: str | Hole) -> Text:
    return Text(parts)


def values(given: Given) -> tuple[ArgumentValue, ...]:
    """One value, written shortly; a tuple is taken as the alternatives themselves."""
    if isinstance(given, tuple):
        return given
    if isinstance(given, str | Hole):
        return (Text((given,)),)
    if given is None or isinstance(given, bool):
        return (Constant(given),)
    return (given,)


def call(
    path: str,
    *arguments: Given,
    created: dict[str, Given] | None = None,
    node: int = 0,
    register: int = 0,
    confidence: int = HIGH,
    **keywords: Given,
) -> ExternalCall:
    """An external call in `app.x.send`; `created` are the keywords of the call that made the receiver."""
    return ExternalCall(
        node=node,
        place=Place(0, 1, register),
        path=path,
        arguments=tuple(values(argument) for argument in arguments),
        keywords=tuple((name, values(given)) for name, given in keywords.items()),
        creation_keywords=tuple((name, values(given)) for name, given in (created or {}).items()),
        confidence=confidence,
    )


@cache
def shipped() -> EffectRules:
    return load_effects(rules_folder())


@cache
def index(*own_hosts: str) -> EffectIndex:
    return EffectIndex(shipped(), FLOORS, own_hosts)


def effects(*calls: ExternalCall, own: tuple[str, ...] = ()) -> tuple[Effect, ...]:
    return Recogniser(calls, index(*own), PROGRAM).effects()


def effect(*calls: ExternalCall, own: tuple[str, ...] = ()) -> Effect:
    (found,) = effects(*calls, own=own)
    return found


def label(*calls: ExternalCall, own: tuple[str, ...] = ()) -> str:
    """`kind/provider/operation`, or "" for no effect."""
    found = effects(*calls, own=own)
    return f"{found[0].kind}/{found[0].provider}/{found[0].operation}" if found else ""


def mapping(**items: str) -> Mapping:
    return Mapping(tuple((key, (Text((value,)),)) for key, value in items.items()))


def symbol(name: str) -> Symbol:
    return Symbol(name)
