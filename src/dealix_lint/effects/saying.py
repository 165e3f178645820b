"""What texts say of an address that they are a part of."""

from __future__ import annotations

from typing import Final

from dealix_lint.effects.address import address
from dealix_lint.effects.arguments import Values
from dealix_lint.model.text import ArgumentValue, Mapping, Symbol, Text

_LEAST: Final = 2  # letters that say something of an address


def fitting(known: Values, said: ArgumentValue) -> Values:
    """Of the addresses those that a text is a part of: the whole, else the last segments, else the end, else any part."""
    if said in known:
        return (said,)
    parts = parts_of(said)
    having = tuple(value for value in known if parts and all(part in " ".join(parts_of(value)) for part in parts))
    ending = tuple(value for value in having if parts_of(value)[-1].endswith(parts[-1]))
    whole = tuple(value for value in ending if f"/{parts_of(value)[-1]}".endswith(f"/{parts[-1]}"))
    return whole or ending or having


def says(value: ArgumentValue, address: str | Symbol) -> bool:
    """Whether a text is a part of the address: `/invoices` of `https://api.example/v1/invoices`; or the request itself."""
    if isinstance(address, Symbol):
        return value == address
    return any(part in address for part in parts_of(value))


def host_of(value: ArgumentValue) -> str:
    """The host of a text that is an address by itself; "" of anything else."""
    return address(value).host if isinstance(value, Text) else ""


def is_one_host(addresses: Values) -> bool:
    """Whether all of them go to one host that is known."""
    hosts = set(map(host_of, addresses))
    return len(hosts) == 1 and "" not in hosts


def parts_of(value: ArgumentValue) -> list[str]:
    """What is known of a text, or of the texts in a dict, without the slashes around it and the fields in it."""
    if isinstance(value, Mapping):
        return [part for _, values in value.items for held in values for part in parts_of(held)]
    if not isinstance(value, Text):
        return []
    known = (piece.strip("/") for part in value.parts if isinstance(part, str) for piece in _pieces(part))
    return [part for part in known if len(part) >= _LEAST]


def _pieces(text: str) -> list[str]:
    """A text without its fields: `/users/` of `/users/{id}`."""
    return [piece.partition("}")[2] if number else piece for number, piece in enumerate(text.split("{"))]
