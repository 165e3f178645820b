"""Texts that are the dotted names of functions and classes of the project."""

from __future__ import annotations

from dealix_lint.link import ModuleNames, Symbols


class DottedNames:
    """Tells them from other texts."""

    def __init__(self, names: ModuleNames, symbols: Symbols) -> None:
        self._names = names
        self._symbols = symbols
        self._known: dict[str, bool] = {}

    def has(self, text: str | None) -> bool:
        """True for `"app.pay.Wallet"` and `"app.pay:Wallet"`."""
        if text is None:
            return False
        found = self._known.get(text)
        if found is None:
            module, _, name = text.replace(":", ".").rpartition(".")
            meant = self._symbols.member(module, name) if self._names.is_module(module) else ()
            found = self._known[text] = any(definition.kind in ("function", "class") for definition in meant)
        return found
