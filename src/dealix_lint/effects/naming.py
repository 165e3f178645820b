"""Names of operations, made alike for SDK calls and URLs: `payment_intent.create`."""

from __future__ import annotations

from typing import Final

from dealix_lint.effects.address import HOLE, shown
from dealix_lint.effects.graphql import GraphQLDocument
from dealix_lint.model.humps import HUMP
from dealix_lint.model.patterns import segments

_ACCESSORS: Final = frozenset(
    ("get", "create", "list", "all", "find", "first", "retrieve", "open", "load", "filter", "fetch")
)
"""Calls on the way that give the resource: `issues.get().save` saves an issue."""
_RUNNING: Final = "execute"
"""Sends a request that the call before it has built: `files().create().execute` creates a file. A class builds none:
`Payment().execute` is what its instances do."""
_NOT_PLURAL: Final = ("ss", "us", "is", "sms")


def snake(name: str) -> str:
    """`PaymentIntent`, `payment-intent` -> `payment_intent`."""
    return HUMP.sub("_", name).replace("-", "_").lower()


def singular(name: str) -> str:
    """`payment_intents` -> `payment_intent`; good enough for names that only have to agree with each other."""
    if name.endswith("ies") and len(name) > 4:
        return name[:-3] + "y"
    if name.endswith(("sses", "tuses", "xes", "ches", "shes")):
        return name[:-2]
    return name if not name.endswith("s") or name.endswith(_NOT_PLURAL) or len(name) < 4 else name[:-1]


def built(path: str) -> str:
    """The access path of the request that a call sends which was built before; "" for other calls."""
    before, _, last = path.rpartition(".")
    return before if last == _RUNNING and before.endswith("()") else ""


def symbol_name(template: str, path: str) -> str:
    """Fill `{resource}`, `{owner}` (the nearest class on the way) and `{verb}` of a template from an access path."""
    if "{" not in template:
        return template
    found = list(segments(path))
    if found[-1] == _RUNNING and found[-2:-1] and found[-2].endswith("()") and not found[-2][:1].isupper():
        found = [*found[:-2], found[-2].removesuffix("()")]
    parts = ["", *(part.partition("(")[0].partition("[")[0] for part in found)]
    place = len(found) - 2
    while place > 0 and found[place].endswith((")", "]")) and parts[place + 1] in _ACCESSORS:
        place -= 1
    resource, verb = singular(snake(parts[place + 1])), snake(parts[-1]).removesuffix("_async")
    owner = next((snake(part) for part in reversed(parts[:-1]) if part[:1].isupper()), resource)
    return template.replace("{resource}", resource).replace("{owner}", owner).replace("{verb}", verb)


def request_name(template: str, method: str, path: str) -> str:
    """Fill `{-1}`, `{-2}` ... (segments of the path, from its end) of a template; without one, or where such a segment
    is not known, method and path."""
    segments_back = path.split("/")[:0:-1]
    name = template
    for number, segment in enumerate(segments_back, start=1):
        if f"{{-{number}}}" in name and HOLE not in segment:
            name = name.replace(f"{{-{number}}}", singular(snake(segment.removesuffix(".json"))))
    return name if name and "{" not in name else f"{method.lower() or 'request'} {shown(path) or '/'}"


def graphql_name(document: GraphQLDocument) -> str:
    """The operation that a GraphQL document is."""
    return f"{'mutation' if document.is_mutation else 'query'} {snake(document.field)}"
