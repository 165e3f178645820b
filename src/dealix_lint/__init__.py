"""dealix-lint: whole-program checks of the paths that lead to external effects."""

from typing import Final

__version__: Final = "0.1.0"
