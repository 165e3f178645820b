"""Names that a package offers without importing them: tables that say which of its modules has each."""

from __future__ import annotations

from collections.abc import Iterator

from dealix_lint.model import ir
from dealix_lint.model.summary import Scope

_SEQUENCES = frozenset((ir.LIST, ir.TUPLE, ir.SET))


def lazy_names(scope: Scope) -> dict[str, tuple[str, str]]:
    """By the name that importers use: the module, as it is written, and what it is called there. Read from `{"Wallet":
    "app.pay"}`, `{"Wallet": (".pay", "Purse")}` and `{"pay": ["Wallet"]}`, for names that a package does not bind itself which
    says what it has of others: by `__getattr__`, or by an object in its place."""
    own = dict(scope.exports)
    if "__getattr__" not in own and not _replaces_itself(scope):
        return {}
    found: dict[str, tuple[str, str]] = {}
    for name, module, attribute in _entries(scope):
        if name.isidentifier() and attribute.isidentifier() and name not in own:
            found.setdefault(name, (module, attribute))
    return found


def _replaces_itself(scope: Scope) -> bool:
    """True for `sys.modules[__name__] = LazyModule(__name__)`."""
    return any(i[0] == ir.SET_ITEM and scope.code[i[2]] == (ir.NAME, "__name__") for i in scope.code)


def _entries(scope: Scope) -> Iterator[tuple[str, str, str]]:
    for instruction in scope.code:
        if instruction[0] == ir.DICT:
            pairs = [(key, value) for key, value in instruction[1] if key is not None]
        elif instruction[0] == ir.SET_ITEM:
            pairs = [instruction[2:4]]
        else:
            continue
        for key_register, value_register in pairs:
            key, texts = _text(scope, key_register), _texts(scope, value_register)
            if key is None:
                continue
            if scope.code[value_register][0] not in _SEQUENCES:
                yield from ((key, text.replace(":", "."), key) for text in texts)
                continue
            yield from ((text, key, text) for text in texts)
            if len(texts) == 2:
                yield key, *texts


def _texts(scope: Scope, register: int) -> tuple[str, ...]:
    """A text, or those of a sequence that holds nothing else."""
    instruction = scope.code[register]
    registers = instruction[1] if instruction[0] in _SEQUENCES else (register,)
    found = [_text(scope, item) for item in registers]
    texts = tuple(text for text in found if text is not None)
    return texts if len(texts) == len(found) else ()


def _text(scope: Scope, register: int) -> str | None:
    instruction = scope.code[register] if register >= 0 else (ir.NOP,)
    return instruction[1] if instruction[0] == ir.CONST and isinstance(instruction[1], str) else None
