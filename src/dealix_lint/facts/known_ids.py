"""Correlation ids in what resolution knows of values."""

from __future__ import annotations

from collections.abc import Iterable

from dealix_lint.facts.names import Spellings, last_segment
from dealix_lint.model import text
from dealix_lint.model.graph import ExternalCall
from dealix_lint.model.resolved import CallView
from dealix_lint.model.text import ArgumentValue, Hole

Values = tuple[ArgumentValue, ...]


class KnownIds:
    """Looks for ids in values. `trusts_parameters`: a parameter called like an id is one; otherwise it is for the callers
    to fill, and that is looked at call by call."""

    __slots__ = ("_ids", "_trusts_parameters")

    def __init__(self, ids: Spellings, *, trusts_parameters: bool = False) -> None:
        self._ids = ids
        self._trusts_parameters = trusts_parameters

    def in_arguments(self, call: CallView | ExternalCall) -> bool:
        """Whether every value that some argument may have holds an id."""
        return self.in_any((*call.arguments, *(values for _, values in call.keywords)))

    def in_any(self, arguments: Iterable[Values]) -> bool:
        """Whether all possible values of one of the arguments hold an id."""
        return any(values and all(map(self._holds_id, values)) for values in arguments)

    def in_some(self, arguments: Iterable[Values]) -> bool:
        """Whether some possible value of one of the arguments does."""
        return any(any(map(self._holds_id, values)) for values in arguments)

    def _holds_id(self, value: ArgumentValue) -> bool:
        if isinstance(value, text.Text):
            return any(isinstance(part, Hole) and self._is_id_origin(part.origin) for part in value.parts)
        if isinstance(value, text.Mapping):
            return any(self._is_entry(key, inner) for key, inner in value.items)
        if isinstance(value, text.Sequence):
            return any(map(self._holds_id, value.elements))
        return False

    def _is_entry(self, key: str, values: Values) -> bool:
        """A key called like an id, with a value that callers do not have to fill; or a value that holds one."""
        if any(map(self._holds_id, values)):
            return True
        return (
            self._ids.have(key)
            and not any(map(_is_from_parameter, values))
            and not (values and all(map(_is_empty, values)))
        )

    def _is_id_origin(self, origin: str) -> bool:
        """An attribute or key called like an id."""
        is_parameter = origin.startswith("parameter:")
        return (self._trusts_parameters or not is_parameter) and self._ids.have(_origin_name(origin))


def _is_from_parameter(value: ArgumentValue) -> bool:
    """Whether a value is what callers handed in, or the None they left."""
    if isinstance(value, text.Constant):
        return value.value is None
    parts = value.parts if isinstance(value, text.Text) else ()
    return any(isinstance(part, Hole) and part.origin.startswith("parameter:") for part in parts)


def _is_empty(value: ArgumentValue) -> bool:
    return isinstance(value, text.Text) and value.literal == ""


def _origin_name(origin: str) -> str:
    """The name at the end of an origin: `parameter:correlation_id`, `app.context.State().request_id`."""
    return last_segment(origin.rpartition(":")[2]).strip("'\"[]()")
