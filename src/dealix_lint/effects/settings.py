"""What the name of a setting says of the service behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final, Generic, TypeVar

from dealix_lint.effects.naming import snake
from dealix_lint.model.patterns import segments

T = TypeVar("T")

PARAMETER: Final = "parameter:"
_QUOTED: Final = re.compile(r"['\"]([^'\"]*)['\"]")
_SETTINGS: Final = re.compile(r"conf|cfg|setting|options?$")
_ANSWER: Final = ".json()"
_BODY: Final = "loads()"


def is_data(origin: str) -> bool:
    """Whether an origin is part of what somebody sent: an answer, the body of a request."""
    return _ANSWER in origin or is_parsed(origin)


def is_parsed(origin: str) -> bool:
    """Whether an origin is part of a text that was parsed: often what somebody sent, sometimes settings."""
    return _BODY in origin


def is_handed_over(origin: str) -> bool:
    """Whether an origin is a parameter, which is called as its function likes; the key of a parameter that is the settings
    is one of these (`config["slack"]["webhook"]`)."""
    name, bracket, _ = origin.removeprefix(PARAMETER).partition("[")
    return origin.startswith(PARAMETER) and not (bracket and _SETTINGS.search(name.lower()))


def setting_name(origin: str) -> str:
    """The setting's own name: `pay_url` of `app.settings.Settings.pay_url`, `PAY_URL` of `os.environ['PAY_URL']`."""
    return _names(origin)[0]


class SettingIndex(Generic[T]):
    """Values by globs over whole words of a setting's name; answers are remembered."""

    __slots__ = ("_found", "_globs")

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        """Index `(glob, value)` pairs; the glob with most letters wins, then the earlier one."""
        self._globs = sorted(((f"*_{glob}_*", value) for glob, value in entries), key=lambda entry: -len(entry[0]))
        self._found: dict[str, T | None] = {}

    def find(self, origin: str) -> T | None:
        """The value for the setting's name, else for that with a class it belongs to, else for the class."""
        if origin not in self._found:
            self._found[origin] = next(filter(None, map(self._by_name, _names(origin))), None)
        return self._found[origin]

    def _by_name(self, name: str) -> T | None:
        words = f"_{snake(name)}_"
        return next((value for glob, value in self._globs if fnmatchcase(words, glob)), None)


def _names(origin: str) -> tuple[str, ...]:
    """The last name of an access path and, the nearest first, the classes on the way to it; of a key, the constant that
    holds the mapping."""
    parts = segments(origin.removeprefix(PARAMETER))
    quoted = _QUOTED.findall(parts[-1])
    if quoted:
        holder = parts[-1].partition("[")[0]
        if is_data(origin):  # `{"push": {"changes": [...]}}`: only what it is itself called tells
            return (quoted[-1] if parts[-1].endswith(("']", '"]')) else "",)
        name, *owners = reversed(quoted)
        qualified = [f"{owner}_{name}" for owner in owners]  # `slack_webhook` of `config["slack"]["webhook"]`
        return (name, *qualified, *owners, *((holder,) if holder.isupper() else ()), *_classes(parts[:-1]))
    name = parts[-1].partition("(")[0]
    classes = _classes(parts[:-1])
    qualified = [f"{owner}_{name}" for owner in classes]  # `slack_config_webhook_url` of `SlackConfig.webhook_url`
    return (name, *qualified, *classes)


def _classes(parts: tuple[str, ...]) -> tuple[str, ...]:
    owners = (part.partition("(")[0] for part in reversed(parts))
    return tuple(owner for owner in owners if owner[:1].isupper())
