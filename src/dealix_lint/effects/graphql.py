"""GraphQL: the text of the query, not the verb, says whether a request writes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dealix_lint.model.text import ArgumentValue, Mapping, Text

_DOCUMENT: Final = re.compile(
    r"\s*(?:#[^\n]*\n\s*)*(?:(query|mutation|subscription)\b[^{]*)?\{\s*(?:\w+\s*:\s*)?(\w+)", re.DOTALL
)

_BLOCK: Final = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_TAG: Final = re.compile(r"\{\{\s*[\w.]+\s*(?:\|[^{}]*)?\}\}")
"""What a template is to fill in: a name in double braces, which no document has."""


@dataclass(frozen=True, slots=True)
class GraphQLDocument:
    """A query or a mutation, with its first field."""

    is_mutation: bool
    field: str


def graphql_document(arguments: Iterable[tuple[ArgumentValue, ...]]) -> GraphQLDocument | None:
    """The document that a request's arguments carry under the key `query`, a mutation first; None where there is
    none."""
    texts = [text for values in arguments for value in values if isinstance(value, Mapping) for text in _queries(value)]
    found = [document for document in map(_parse, texts) if document is not None]
    return next((document for document in found if document.is_mutation), found[0] if found else None)


def is_bare_document(text: str) -> bool:
    """Whether a text is a document that holds no values of its own: they come as variables."""
    found = _DOCUMENT.match(text)
    return found is not None and bool(found.group(1)) and '"' not in text


def _queries(body: Mapping) -> list[str]:
    texts = [value for key, values in body.items if key == "query" for value in values if isinstance(value, Text)]
    return ["".join(part if isinstance(part, str) else "x" for part in text.parts) for text in texts]


def _parse(text: str) -> GraphQLDocument | None:
    found = _DOCUMENT.match(_TAG.sub("x", _BLOCK.sub("", text)))
    return GraphQLDocument(found.group(1) == "mutation", found.group(2)) if found else None
