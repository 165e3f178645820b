"""Methods of an object that a framework picks: by name, by glob, or by a decorator on them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import BOUND, FUNC, Value, Values
from dealix_lint.link import ClassId
from dealix_lint.model.patterns import expand

if TYPE_CHECKING:
    from dealix_lint.callgraph.machine import Machine


def matching(m: Machine, instance: Value, pattern: str) -> Values:
    """Bound methods of an instance; `pattern` is a glob with `{a,b}` alternatives, or `@path` of a decorator."""
    identity = m.state.class_list[m.table.data[instance][0]]
    globs = () if pattern.startswith("@") else expand(pattern)
    overridden: set[str] = set()
    found: set[Value] = set()
    for ancestor in m.state.classes.info(identity).ancestry:
        members = m.state.classes.info(ancestor).members
        for member in sorted(members - overridden):
            if globs and not any(fnmatchcase(member, glob) for glob in globs):
                continue
            if not globs and not _is_decorated(m, ancestor, member, pattern[1:]):
                continue
            for value in sorted(m.state.slots["class", ancestor, member].values):
                if m.table.kinds[value] in (FUNC, BOUND):
                    found.add(value if m.table.kinds[value] == BOUND else m.bound(value, instance))
        overridden |= members
    return frozenset(found)


def _is_decorated(m: Machine, identity: ClassId, member: str, path: str) -> bool:
    module, scope = identity
    scopes = m.state.program.summaries[module].scopes
    for definition in m.state.symbols.class_member(identity, member):
        if definition.kind == "function":
            for register in scopes[definition.scope].decorators:
                for found in m.state.symbols.at(module, scope, register):
                    if m.state.rules.canonical(found.name).removesuffix("()") == path:
                        return True
    return False
