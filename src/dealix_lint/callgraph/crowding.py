"""How many contexts a function may have, and how many instances of a class are told apart: as many as keep the code that is
analysed again in proportion to the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import CALLABLE_KINDS, CONST, INST, Value
from dealix_lint.link import ClassId

if TYPE_CHECKING:
    from dealix_lint.callgraph.state import Function, State

MOST_CONTEXTS = 250  # per function, then callers share one
MOST_CONTEXT_CODE = 2000  # instructions per function over all its contexts
MOST_CALLBACK_CODE = 40_000  # the same where contexts tell callables apart: a decorator that the whole application uses
CALLBACK_SHARE = 8  # the same as a part of the program's instructions
COMMON_SHARE = 2  # the part of them that all functions have together for more such contexts than that
LEAST_COMMON_CODE = 10_000  # the same in a small program
MOST_PRODUCTS = 64  # contexts for each pair of such a callable and an object that it is used on
SMALL = 40  # instructions of a function that may have as many: one that looks a setting up
MIDDLING = 3 * SMALL  # the same of one that a base class shares with many: what makes the client of each connector
MOST_KEYED_CODE = 500  # the same where contexts tell instances of one class apart
MOST_INSTANCE_CONTEXTS = 32  # the same for contexts that tell instances apart
MOST_RECEIVERS = 8  # instances per function that get a context of their own
MOST_KEYS = 40  # instances of a class that are told apart by what they are made with
VARIADIC_BASE = 1000  # the index of the first element of `*args`, behind those of parameters
FLAG_BASE = 1_000_000  # in a context, what is added to the index of a parameter that is known exactly, see `branches`
SITE_BASE = 2 * FLAG_BASE  # the same for one that is handed many functions at one place, see `contexts`
MOST_BODIES = 3  # parameters of a function that decide what a request does
HTTP_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"))
DEEPEST_CONTEXT = 6  # a stack of decorators, closures in closures


def most_callback_code(size: int) -> int:
    """Instructions that a function may have over all contexts that tell callables apart, in a program of `size`."""
    return max(MOST_CALLBACK_CODE, size // CALLBACK_SHARE)


class Reserve:
    """Instructions that all functions of a program of `size` have together for contexts beyond their own bounds."""

    __slots__ = ("_left",)

    def __init__(self, size: int) -> None:
        self._left = max(LEAST_COMMON_CODE, size // COMMON_SHARE)

    def has_room(self, code: int) -> bool:
        """Whether there is room for so many more instructions; takes it."""
        if code > self._left:
            return False
        self._left -= code
        return True


def fitting(state: State, info: Function, environment: int, context: tuple[int, ...], depth: int) -> tuple[int, ...]:
    """A context, or as much of it as there is room for. Of one that is one too many what tells callables apart (the one that
    a descriptor was made with) is kept, without the objects that it is used on; of a method, if that is too much as well, the
    class of its receiver."""
    if depth > DEEPEST_CONTEXT or not context:
        return ()
    if not _is_crowded(state, info, (environment, *context)):
        return context
    plain = _parts(context, lambda index, v: index < FLAG_BASE or _has_no_body(state, info, index, v))
    if plain != context:
        return fitting(state, info, environment, plain, depth)
    kinds, data = state.table.kinds, state.table.data
    kept = _parts(context, lambda _, v: kinds[v] != INST or data[v][1] > 0)
    if kept not in ((), context) and not _is_crowded(state, info, (environment, *kept)):
        return kept
    least = _parts(context, lambda index, v: _is_verb(state, v) or _has_no_body(state, info, index, v))
    fewer = (*_receiver_alone(state, info, context), *least)
    if fewer not in (least, context) and not _is_crowded(state, info, (environment, *fewer), may_be_large=True):
        return fewer
    return least


def _receiver_alone(state: State, info: Function, context: tuple[int, ...]) -> tuple[int, ...]:
    """What of the context of a method says of which class its receiver is, where objects of each class are made with others,
    or hand it others of their methods."""
    kinds, data = state.table.kinds, state.table.data
    if info.receivers_before == 0 or context[0] != 0 or kinds[context[1]] != INST:
        return ()
    if data[context[1]][1] <= 0 and not any(kinds[value] in CALLABLE_KINDS for value in context[3::2]):
        return ()
    receiver = state.without_key(context[1])
    return () if state.class_list[data[receiver][0]] == info.owner else (0, receiver)


def _parts(context: tuple[int, ...], is_kept: Callable[[int, Value], bool]) -> tuple[int, ...]:
    return tuple(
        p for index, v in zip(context[::2], context[1::2], strict=True) if is_kept(index, v) for p in (index, v)
    )


def verbs(state: State, context: tuple[int, ...]) -> tuple[int, ...]:
    """What of a context says by which method a request is made: those who read never share one with those who write."""
    return _parts(context, lambda _, v: _is_verb(state, v))


def _is_verb(state: State, value: Value) -> bool:
    return (state.table.text_of(value) or "").upper() in HTTP_METHODS


def _has_no_body(state: State, info: Function, index: int, value: Value) -> bool:
    """Whether a part of a context says that one of the few parameters that decide what a request does is None."""
    if index - FLAG_BASE not in info.bodies or len(info.bodies) > MOST_BODIES:
        return False
    return state.table.kinds[value] == CONST and state.table.data[value] == ("NoneType", None)


def _is_crowded(state: State, info: Function, key: tuple[int, ...], may_be_large: bool = False) -> bool:
    """True if a new context would be one too many. Small functions (decorators, retry helpers, executors) may have many
    contexts, large ones few (unless they `may_be_large`): what counts is the code to be analysed again."""
    known = len(info.contexts)
    if key in info.contexts:
        return False
    if state.is_coarse:
        return True
    if known < 4:
        return False
    kinds, data = state.table.kinds, state.table.data
    values = [value for index, value in zip(key[1::2], key[2::2], strict=True) if index < FLAG_BASE] or key[2::2]
    others = [v for v in values if kinds[v] not in CALLABLE_KINDS and v not in state.identities]
    if any(
        state.dotted.has(state.table.text_of(v)) or (kinds[v] == INST and data[v][1] > 0) for v in others
    ):  # there are no more than places
        others = [value for value in others if kinds[value] != CONST]
    instances = [value for value in others if kinds[value] == INST]
    keyed = [value for value in instances if data[value][1] > 0]
    is_small, code = info.size <= SMALL, known * info.size
    if not others or (is_small and len(keyed) == len(others)):
        if code <= state.most_callback_code or state.spare_code.has_room(info.size):
            return False
        return bool(others) or not state.callback_code.has_room(info.size)  # there is one for each place that makes one
    if is_small:
        is_product = len(others) - len(keyed) < len(values)
        return code > MOST_CALLBACK_CODE or known >= (MOST_PRODUCTS if is_product else MOST_CONTEXTS)
    is_new_receiver = not info.receivers.issuperset(instances) and len(info.receivers) >= MOST_INSTANCE_CONTEXTS
    if code <= (MOST_KEYED_CODE if keyed else MOST_CONTEXT_CODE) and not is_new_receiver:
        return False
    tells_requests = info.sends and (keyed or len(others) > len(instances))
    tells_classes = instances and not keyed and (info.size <= MIDDLING or may_be_large)
    tells_apart = tells_requests or tells_classes or (keyed and known < MOST_RECEIVERS)
    return known >= MOST_CONTEXTS or not (tells_apart and state.spare_code.has_room(info.size))


def has_enough_keys(state: State, identity: ClassId, context: tuple[Value, ...], known: int) -> bool:
    """True if no more instances of a class are told apart than those `known`. Of a small class that wraps callables (a
    property of the project's own) there is one for each place that makes one."""
    if known < MOST_KEYS:
        return False
    kinds = state.table.kinds
    deciding = [value for value in context[1::2] if kinds[value] != CONST] or context[1::2]
    if any(kinds[value] not in CALLABLE_KINDS for value in deciding):
        return True
    return known >= state.most_callback_code // _code_of_class(state, identity)


def _code_of_class(state: State, identity: ClassId) -> int:
    """Instructions of the methods of a class, inherited ones included."""
    found = state.class_code.get(identity)
    if found is None:
        ancestry = set(state.classes.info(identity).ancestry)
        found = state.class_code[identity] = 1 + sum(f.size for f in state.functions if f.owner in ancestry)
    return found
