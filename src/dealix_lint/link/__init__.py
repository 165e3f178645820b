"""Names to definitions across files."""

from dealix_lint.link.classes import Classes, ClassId, ClassInfo
from dealix_lint.link.imports import ModuleNames
from dealix_lint.link.linker import link
from dealix_lint.link.mentions import Mentions, mentions
from dealix_lint.link.parts import parts
from dealix_lint.link.symbols import Definition, Symbols

__all__ = [
    "ClassId",
    "ClassInfo",
    "Classes",
    "Definition",
    "Mentions",
    "ModuleNames",
    "Symbols",
    "link",
    "mentions",
    "parts",
]
