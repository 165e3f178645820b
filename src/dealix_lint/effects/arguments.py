"""Arguments of an external call, as rules speak of them."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase

from dealix_lint.effects.address import known
from dealix_lint.model.effect_rules import Condition
from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import ExternalCall
from dealix_lint.model.text import ArgumentValue, Constant, Symbol, Text

Values = tuple[ArgumentValue, ...]
NONE: Values = (Constant(None),)


def passed(call: ExternalCall, argument: Argument) -> Values | None:
    """Possible values of an argument (empty: unknown), or None where it is not passed."""
    return _pick(call.arguments, call.keywords, argument)


def with_passed(call: ExternalCall, argument: Argument, values: Values) -> ExternalCall:
    """The call with other values of an argument that it is passed."""
    if any(name == argument.keyword for name, _ in call.keywords):
        keywords = tuple((name, values if name == argument.keyword else known) for name, known in call.keywords)
        return replace(call, keywords=keywords)
    arguments = tuple(values if index == argument.position else known for index, known in enumerate(call.arguments))
    return replace(call, arguments=arguments)


def passed_at_creation(call: ExternalCall, argument: Argument) -> Values | None:
    """The same of the call that made the receiver."""
    return _pick(call.creation_arguments, call.creation_keywords, argument)


def _pick(arguments: tuple[Values, ...], keywords: tuple[tuple[str, Values], ...], wanted: Argument) -> Values | None:
    for name, values in keywords:
        if name == wanted.keyword:
            return values
    if wanted.position is not None and wanted.position < len(arguments):
        return arguments[wanted.position]
    return None


def holds(call: ExternalCall, condition: Condition | None) -> bool:
    """Whether a call fulfils a condition; an argument of unknown value counts as passed, but matches no value. Of one that may
    be several constants (True, False), each has to match."""
    if condition is None:
        return True
    values = passed(call, condition.argument)
    if values is None or values == NONE:
        return False
    if not condition.values:
        return True
    each = all if any(isinstance(value, Constant) for value in values) else any
    return each(_matches(value, condition.values) for value in values)


def matched(call: ExternalCall, condition: Condition) -> str:
    """The first of the texts that fulfil a condition; "" where it is none, not wholly known, or that of any object."""
    values = passed(call, condition.argument) or ()
    texts = (value for value in values if isinstance(value, Text) and _matches(value, condition.values))
    return next((text.literal or "" for text in texts), "")


def _matches(value: ArgumentValue, globs: tuple[str, ...]) -> bool:
    """A text by what is known of it, a constant as it is written, an object by the access path it was made with (`sdk.orders.OrdersGetRequest()`)."""
    if isinstance(value, Constant):
        return str(value.value) in globs
    said = value.name if isinstance(value, Symbol) else _said(value) if isinstance(value, Text) else ""
    return bool(said) and any(fnmatchcase(said, glob) for glob in globs)


def _said(text: Text) -> str:
    """What is known of a text, with holes; "" where that is nothing."""
    return known(text) if any(isinstance(part, str) for part in text.parts) else ""
