"""DLX304: an external system is called outside its declared facade."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from dealix_lint.checks.context import Context
from dealix_lint.facts.questions import anything
from dealix_lint.model.effects import Effect
from dealix_lint.model.findings import RawFinding

CODE = "DLX304"


def check(context: Context) -> Iterator[RawFinding]:
    """One finding per call of a provider or host by a module that its facade does not name; reads count too."""
    question = anything(context.facts.sites)
    for index, effect in enumerate(context.effects):
        allowed = _facade(context, effect)
        sources, doors = context.resolution.program.sources, [door for _, doors in effect.through for door in doors]
        modules = [sources[place.module].module for place in (effect.place, effect.call, *doors)]
        if allowed is None or any(
            module == name or module.startswith(f"{name}.") for name in allowed for module in modules
        ):
            continue
        found = context.facts.paths.find(effect, question)
        if found is not None:
            called, facade = context.words.effect(effect), " or ".join(allowed)
            yield context.at_effect(CODE, index, found, f"{called} is called from {modules[0]}; its facade is {facade}")


def _facade(context: Context, effect: Effect) -> tuple[str, ...] | None:
    """The modules that may call what the effect calls; None where no facade is declared."""
    hosts = context.hosts.get(effect.provider, ())
    for name, modules in context.settings.facades:
        if fnmatchcase(effect.provider, name) or any(fnmatchcase(name, host) for host in hosts):
            return modules
    return None
