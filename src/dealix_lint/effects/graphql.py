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
_COMMENT: Final = re.compile(r"#[^\n]*(?:\n|$)")
_FRAGMENT: Final = re.compile(r"\s*fragment\s+\w+\s+on\s[^{]*(?=\{)")
_WRITTEN_OUT: Final = re.compile(r'\s*\{.*?"query"\s*:\s*"((?:[^"\\]|\\.)*)', re.DOTALL)
"""A body that is written out as JSON, up to the document's end."""
_ESCAPED_SPACE: Final = re.compile(r"\\[nrt]")
_ADDRESS: Final = re.compile(r"/graphql(?:\.json)?/?$", re.IGNORECASE)

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
    return _gravest(text for values in arguments for value in values for text in _queries(value))


def document_of(values: Iterable[ArgumentValue]) -> GraphQLDocument | None:
    """The document that one of some texts is, a mutation first; None where none is known to be one."""
    return _gravest(_joined(value) for value in values if isinstance(value, Text))


def is_graphql(path: str) -> bool:
    """Whether an address is one where documents are sent to, whatever they do."""
    return _ADDRESS.search(path) is not None


def _gravest(texts: Iterable[str]) -> GraphQLDocument | None:
    found = [document for document in map(_parse, texts) if document is not None]
    return next((document for document in found if document.is_mutation), found[0] if found else None)


def is_bare_document(text: str) -> bool:
    """Whether a text is a document that holds no values of its own: they come as variables."""
    found = _DOCUMENT.match(text)
    return found is not None and bool(found.group(1)) and '"' not in text


def _queries(body: ArgumentValue) -> list[str]:
    if isinstance(body, Text):
        written = _WRITTEN_OUT.match(_joined(body)) if body.parts and isinstance(body.parts[0], str) else None
        return [_ESCAPED_SPACE.sub(" ", written.group(1))] if written else []
    items = body.items if isinstance(body, Mapping) else ()
    return [_joined(value) for key, values in items if key == "query" for value in values if isinstance(value, Text)]


def _joined(text: Text) -> str:
    return "".join(part if isinstance(part, str) else "x" for part in text.parts)


def _parse(text: str) -> GraphQLDocument | None:
    found = _DOCUMENT.match(_without_fragments(_COMMENT.sub("", _TAG.sub("x", _BLOCK.sub("", text)))))
    return GraphQLDocument(found.group(1) == "mutation", found.group(2)) if found else None


def _without_fragments(text: str) -> str:
    """A document from the first operation on."""
    while fragment := _FRAGMENT.match(text):
        depth = 0
        for position in range(fragment.end(), len(text)):
            depth += {"{": 1, "}": -1}.get(text[position], 0)
            if depth == 0:
                break
        else:
            return ""
        text = text[position + 1 :]
    return text
