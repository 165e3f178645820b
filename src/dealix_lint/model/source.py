"""A source file as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One analysed file: path relative to the project root with `/`, dotted module name, content digest.

    `is_package` is true for `__init__.py`. `digest` is a hex BLAKE2b of the bytes. `aliases` are further names it can be imported as
    through outer import roots (`src.shop.pay` beside `shop.pay`), weaker than every file's own name."""

    path: str
    module: str
    digest: str
    is_package: bool = False
    aliases: tuple[str, ...] = ()
