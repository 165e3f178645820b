"""Questions later stages may ask the resolved program; answered by `callgraph.Resolution`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from dealix_lint.model.frameworks import Argument
from dealix_lint.model.graph import CallGraph, ExternalCall, Place
from dealix_lint.model.program import Program
from dealix_lint.model.text import ArgumentValue


@dataclass(frozen=True, slots=True)
class Decorator:
    """A decorator as written: dotted names it may resolve to (first-party function or class, or external access path, without the
    call), its arguments' possible values, the place of the decorator expression, whether it was called (`@d(...)`), and the
    calls among its arguments (`@method_decorator(d(...))`)."""

    names: tuple[str, ...]
    arguments: tuple[tuple[ArgumentValue, ...], ...]
    keywords: tuple[tuple[str, tuple[ArgumentValue, ...]], ...]
    place: Place
    is_call: bool
    handed: tuple[Decorator, ...] = ()


Given = tuple[tuple[tuple[ArgumentValue, ...], ...], tuple[tuple[str, tuple[ArgumentValue, ...]], ...]]
"""Possible values of positional arguments, and of keywords by name."""


class CallView:
    """One call site of a node: dotted names of what may be called (first-party functions or classes, external access paths), possible values of
    its arguments; `**` spreads of known dicts are merged into `keywords`. `spelling` is the last name written (`audit` in `self.x.audit(...)`).
    Most calls are never asked what they are given: that is found out when it is."""

    __slots__ = ("_describe", "_given", "names", "place", "spelling")

    def __init__(self, place: Place, names: tuple[str, ...], spelling: str, describe: Callable[[], Given]) -> None:
        self.place = place
        self.names = names
        self.spelling = spelling
        self._describe = describe
        self._given: Given | None = None

    @property
    def arguments(self) -> tuple[tuple[ArgumentValue, ...], ...]:
        """Possible values of the positional arguments."""
        return self._described()[0]

    @property
    def keywords(self) -> tuple[tuple[str, tuple[ArgumentValue, ...]], ...]:
        """Possible values of the arguments given by name."""
        return self._described()[1]

    def _described(self) -> Given:
        if self._given is None:
            self._given = self._describe()
        return self._given


@dataclass(frozen=True, slots=True, order=True)
class Registration:
    """First-party code handed to a framework: a unit (`slot` "unit", with its registered `name` and the index of its rule in
    `Frameworks.units`), or a callable remembered in another slot ("nodes", "tools", ...). `function` is its dotted name (a class: the class's).
    `on`: the class (module, scope) of a unit that is an object, which may inherit the function."""

    framework: str
    mechanism: str
    slot: str
    function: str
    place: Place
    name: str = ""
    rule: int = -1
    on: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Packing:
    """How a call hands arguments to what it runs: those from a position on (`rest_from`), with its keywords where they are not
    the library's own (`takes_keywords`), or all in one (`arguments`, `keywords`). `targets`: which of its arguments say what runs;
    `leading`: how many arguments the library puts in front of them."""

    rest_from: int | None = None
    arguments: Argument | None = None
    keywords: Argument | None = None
    takes_keywords: bool = False
    targets: tuple[Argument, ...] = ()
    leading: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Kept:
    """A callable that may have been made of a function and some of its arguments: the dotted name of what runs in the end, and the
    calls that made it (node, -1 if it is in none, and place), the first one first; none for the function itself."""

    function: str
    makers: tuple[tuple[int, Place], ...] = ()


Attributes = tuple[tuple[str, tuple[ArgumentValue, ...]], ...]
Fields = tuple[str, Attributes]
"""Dotted name of a class, and attributes of an instance with their possible values."""


class Resolution(Protocol):
    """The resolved program."""

    program: Program
    graph: CallGraph

    def values(self, node: int, register: int) -> tuple[ArgumentValue, ...]:
        """Possible values of a register of the node's function, sorted; empty when unknown."""

    def fields(self, node: int, register: int, names: frozenset[str]) -> tuple[Fields, ...]:
        """For each first-party instance among the values of a register: its class, and those of the named attributes
        that its constructor or later assignments set."""

    def kept(self, node: int, register: int) -> tuple[Kept, ...]:
        """The callables that a register of the node's function may be, sorted, with what made them of functions and arguments."""

    def calls(self, node: int) -> tuple[CallView, ...]:
        """All call sites of the node in register order."""

    def call_in_class(self, place: Place) -> CallView | None:
        """The call at a place in the body of a class."""

    def decorators(self, module: int, scope: int) -> tuple[Decorator, ...]:
        """Decorators of a function or class scope, outermost first."""

    def bases(self, module: int, scope: int) -> tuple[str, ...]:
        """Dotted names of all base classes of a class scope in MRO order, itself first; external ones by access path."""

    def protocols(self, module: int, scope: int) -> tuple[str, ...]:
        """Dotted names of the protocols of which a class has all the methods, sorted."""

    def class_attributes(self, module: int, scope: int) -> tuple[tuple[str, tuple[ArgumentValue, ...]], ...]:
        """Names assigned in the class body with their possible values (own body only), sorted."""

    def module_variable(self, module: int, name: str) -> tuple[ArgumentValue, ...]:
        """Possible values of a module-level name."""

    def wrapped(self, node: int) -> tuple[int, int] | None:
        """The function (module, scope) that the closure of a node was made to look like (`functools.wraps`), if any."""

    def is_entered(self, node: int) -> bool:
        """True for a node that is there because a framework runs the method on classes that inherit it."""

    def entered_on(self, node: int) -> tuple[int, int] | None:
        """The class (module, scope) on which a framework runs a method that it may inherit, where the node is there for that,
        or for an object of it that is a unit."""

    def registrations(self) -> tuple[Registration, ...]:
        """Everything handed to a framework, sorted."""

    def creation(self, call: ExternalCall) -> int:
        """The object that an external call is a method of, else the one that it makes."""

    def remembered(self, creation: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """What was handed to a library's object to be run by it: dotted names of functions (of an object's methods), and
        further objects of libraries."""

    def outside_values(self, path: str) -> tuple[ArgumentValue, ...]:
        """Values assigned to an attribute of external objects, by access path (`celery.Celery().conf.beat_schedule`)."""

    def outside_calls(self, node: int) -> tuple[tuple[int, str], ...]:
        """Register and external access path of every call that leaves the analysed code in the node's function; the path
        of a callee that is not known is `<unknown>`."""

    def calls_on_strangers(self, node: int, on_classes: bool = False) -> frozenset[int]:
        """Registers of calls of methods in the node's function that are not known to reach anything, on objects that may be
        the project's, for all that is known; `on_classes`: on what may be its classes."""

    def sides_never_taken(self, node: int) -> frozenset[tuple[int, int]]:
        """Sides of tests in the node's function that it never takes with these arguments: the block of the test, and the one that
        the side leads to."""

    def never_reached(self, node: int) -> frozenset[int]:
        """Registers of the node's function that are on such sides alone."""

    def is_unheld(self, node: int) -> bool:
        """True for a node of a function that came to a place that holds too much to tell what is called out of it."""

    def handed_on_from(self, path: str) -> int | None:
        """From which positional argument on a call of that external access path hands its arguments to the function that it
        is given and runs; None where it hands on none, or that is not known."""

    def packings(self, path: str, attribute: str) -> tuple[Packing, ...]:
        """How a call of that external access path (of that attribute on a task or the like) hands arguments to what it
        dispatches; empty where that is not known."""

    def external_calls(self, is_wanted: Callable[[str], bool]) -> tuple[ExternalCall, ...]:
        """Calls of external access paths that `is_wanted`, with what is known of their arguments, in node and place order."""
