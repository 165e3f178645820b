"""Which calls ask for an approval, and what their result says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dealix_lint.facts.definitions import ScopeId
from dealix_lint.facts.endings import is_left_to_others, raised_name
from dealix_lint.facts.names import Phrases
from dealix_lint.facts.signals import Signals, written
from dealix_lint.facts.sites import NO_SITE, Sites
from dealix_lint.facts.verdicts import FAVOURABLE, UNDECIDED, Lexicon, Sides
from dealix_lint.model import ir
from dealix_lint.model.ir import Instruction
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import GateNames
from dealix_lint.model.resolved import CallView
from dealix_lint.model.summary import Scope, TypeExpr

_RAISING_DEPTH = 3
_EVERYTHING = frozenset({"Exception", "BaseException"})


@dataclass(frozen=True, slots=True)
class Decision:
    """A call that asks: whether it refuses by raising, and what its result says. `topic`: the kind of effect it is
    about ("" for all)."""

    raises: bool
    sides: Sides
    topic: str = ""


class Decisions:
    """Recognises gates by the names of what is called, by policy engines' calls, and by waits for a human."""

    __slots__ = (
        "_engines",
        "_functions",
        "_ignored",
        "_interrupts",
        "_leaving",
        "_raising",
        "_speaking",
        "_spoken",
        "_topics",
        "_waited",
        "_waits",
        "lexicon",
        "signals",
        "sites",
    )

    def __init__(self, sites: Sites, names: GateNames) -> None:
        self.sites = sites
        self.lexicon = Lexicon(names)
        self.signals = Signals(sites, names, self.lexicon)
        self._topics = [("", Phrases(names.topics)), *((kind, Phrases(words)) for kind, words in names.topics_of)]
        self._waited = Phrases((*names.topics, *names.waited))
        self._ignored = Phrases(names.ignored)
        self._raising = frozenset(names.raising)
        self._engines, self._interrupts, self._waits, self._functions = (
            PatternIndex((pattern, True) for pattern in patterns)
            for patterns in (names.engines, names.interrupts, names.waits, names.functions)
        )
        listed = (*names.engines, *names.interrupts, *names.waits, *names.functions)
        self._spoken = frozenset(part.strip("{}()") for path in listed for part in path.split(".")[-1].split(","))
        self._speaking: dict[str, bool] = {}
        self._leaving: dict[int, frozenset[str]] = {}

    def speaks(self, word: str) -> bool:
        """Whether code written with this word may ask for an approval: a cheap look before anything is resolved."""
        known = self._speaking.get(word)
        if known is None:
            known = word in self._spoken or any(phrases.are_in(word) for _, phrases in self._topics)
            self._speaking[word] = known
        return known

    def of(self, node: int, view: CallView) -> Decision | None:
        """The gate that a call is."""
        if any(self._interrupts.find(name) for name in view.names):
            return Decision(False, UNDECIDED)
        if any(self._waits.find(name) for name in view.names):
            is_yes = self._waits_for_approval(node, view) and self.signals.ends_with_yes(node, view)
            return Decision(True, UNDECIDED) if is_yes else None
        targets = tuple(edge.target for edge in self.sites.edges(node).get(view.place.register, ()))
        return self._of_any(self._names(node, view), targets) or self._of_handed(node, view, targets)

    def of_functions(self, targets: tuple[int, ...]) -> Decision | None:
        """The gate that functions are which a framework runs to fill a parameter."""
        return self._of_any(tuple(dict.fromkeys(self.sites.graph.nodes[t].function for t in targets)), targets)

    def _of_any(self, names: tuple[str, ...], targets: tuple[int, ...]) -> Decision | None:
        for name in names:
            topic = self._topic(name)
            if topic is not None:
                return Decision(self._refuses_by_raising(name, targets), self._sides(name, targets), topic)
        return None

    def _of_handed(self, node: int, view: CallView, targets: tuple[int, ...]) -> Decision | None:
        """A function that a decorator was made with, and calls around what it decorates: how the decorator is called tells
        what it is about (`@prepolicy(check_amount)`)."""
        if not targets or not self._is_handed_to_decorator(node, view.place.register):
            return None
        topic = self._spoken_topic(self.names_around(node))
        return (
            None if topic is None else Decision(self._refuses_by_raising("", targets), self._sides("", targets), topic)
        )

    def names_around(self, node: int) -> list[str]:
        """The name of a function inside another one, and the names of what it stands in; none for others."""
        module, index = self.sites.scope_of(node)
        scopes, found = self.sites.definitions.program.summaries[module].scopes, list[str]()
        while index > 0:
            found.append(scopes[index].name)
            index = scopes[index].parent
        return found if len(found) > 1 and scopes[self.sites.code(node).scope.parent].kind == "function" else []

    def _is_handed_to_decorator(self, node: int, call: int) -> bool:
        """Whether what is called is an attribute of the object around, or a parameter of a function further out than the
        one that is handed what it decorates."""
        scope = self.sites.code(node).scope
        callee = scope.code[scope.code[call][1]]
        if callee[0] == ir.ATTR:
            callee = scope.code[callee[1]]
            return bool(callee[0] == ir.FREE and callee[2] == scope.parent)
        return bool(callee[0] == ir.FREE and callee[2] != scope.parent)

    def is_gate_that_raises(self, name: str, targets: tuple[int, ...], kind: str) -> bool:
        """Whether something of that name that runs those nodes refuses, for effects of that kind, by raising."""
        return self._topic(name) in ("", kind) and self._refuses_by_raising(name, targets)

    def _names(self, node: int, view: CallView) -> tuple[str, ...]:
        """What the call may run, but not what it constructs; of what a decorator puts around a function, the function."""
        nodes, definitions = self.sites.graph.nodes, self.sites.definitions
        targets = [edge.target for edge in self.sites.edges(node).get(view.place.register, ())]
        inner = {nodes[t].function: around for t in targets if (around := self.sites.resolution.wrapped(t)) is not None}
        said = (*view.names, *(nodes[target].function for target in targets))
        program = definitions.program
        names = dict.fromkeys(program.function_name(*inner[name]) if name in inner else name for name in said)
        names |= dict.fromkeys(name for target in targets for name in self._interfaces(target))
        made = {name for name in names if definitions.find_class(name) is not None}
        return tuple(n for n in names if n not in made and n.rpartition(".")[0] not in made and n[:1] != "<")

    def _interfaces(self, node: int) -> Iterator[str]:
        """A method as the protocols call it that its class is made for."""
        definitions, place = self.sites.definitions, self.sites.scope_of(node)
        owner = definitions.enclosing_class(place)
        for protocol in self.sites.resolution.protocols(*owner) if owner is not None else ():
            name = f"{protocol}.{definitions.scope(place).name}"
            if definitions.find(name) is not None:
                yield name

    def _topic(self, name: str) -> str | None:
        if self._functions.find(name) or self._engines.find(name):
            return ""
        parts = name.replace("()", "").split(".")[-2:]
        if self.lexicon.is_measure(parts[-1]):
            return None
        if self.sites.definitions.find(name) is None:
            parts = parts[-1:] if self._is_raising_name(name) else []  # a client of something else than a policy engine
        return self._spoken_topic(parts)

    def topic_of(self, name: str) -> str | None:
        """The kind of effect that a name speaks of approval for; "" for all, None where it does not."""
        return self._spoken_topic([name])

    def _spoken_topic(self, names: list[str]) -> str | None:
        spoken = [name for name in names if not self._ignored.are_in(name)]
        return next((kind for kind, phrases in self._topics if any(map(phrases.are_in, spoken))), None)

    def _is_raising_name(self, name: str) -> bool:
        return name.rpartition(".")[2].replace("()", "").lstrip("_").split("_")[0] in self._raising

    # -- verdicts -----------------------------------------------------------------------------------------------

    def _sides(self, name: str, targets: tuple[int, ...]) -> Sides:
        """What it says that the result is true: by the function's name, else by what it gives back."""
        said = self.lexicon.sides_of(name.rpartition(".")[2].replace("()", ""))
        if said != UNDECIDED:
            return said
        given = {_kind_of(self.sites.code(target).scope) for target in targets}
        if given == {"bool"}:
            return FAVOURABLE
        return FAVOURABLE.opposite if given == {"reason"} else UNDECIDED

    def _refuses_by_raising(self, name: str, targets: tuple[int, ...]) -> bool:
        """A `require_` name whose body, where there is one, raises; or a function that does nothing but raise or
        return."""
        bodies = [target for target in targets if not _is_stub(self.sites.code(target).scope)]
        if bodies and not all(self.raises(target, _RAISING_DEPTH) for target in bodies):
            return False
        if self._is_raising_name(name):
            return True
        return bool(bodies) and all(_says_nothing(self.sites.code(target).scope) for target in bodies)

    def raises(self, node: int, depth: int) -> bool:
        """Whether something that the function raises, or one that it calls, leaves it."""
        return bool(self._raised(node, depth))

    def _raised(self, node: int, depth: int) -> frozenset[str]:
        """The names of errors that leave a function; "" for one that is not known."""
        known = self._leaving.get(node)
        if known is None:
            self._leaving[node] = frozenset()
            known = self._leaving[node] = frozenset(self._find_raised(node, depth))
        return known

    def _find_raised(self, node: int, depth: int) -> Iterator[str]:
        code = self.sites.code(node).scope
        for place, instruction in enumerate(code.code):
            if instruction[0] == ir.RAISE or _asserts(code.code, instruction):
                name = raised_name(code, instruction[1]) if instruction[0] == ir.RAISE else "AssertionError"
                if self._escapes(node, place, name):
                    yield name
        for edge in self.sites.graph.out[node] if depth > 0 else ():
            register = self.sites.register(node, edge.place)
            for name in self._raised(edge.target, depth - 1):
                if register == NO_SITE or self._escapes(node, register, name):
                    yield name
        if depth > 0 and self.sites.endings(node):
            yield ""

    def _escapes(self, node: int, place: int, raised: str) -> bool:
        """Whether what is raised at a place leaves the function: no handler around it catches that or everything, and
        raises nothing itself."""
        flow, code = self.sites.flow(node), self.sites.code(node)
        for handler in flow.handlers(flow.block_of(place)):
            caught = flow.caught_at(handler)
            parts = code.closure((code.scope.code[caught][1],)) if caught >= 0 else frozenset[int]()
            names = {name for part in parts for name in code.identifiers(part)}
            catches = caught < 0 or not names.isdisjoint({raised, *_EVERYTHING})
            if catches and not flow.raised_in(handler):
                return False
        return True

    # -- waits --------------------------------------------------------------------------------------------------

    def _waits_for_approval(self, node: int, view: CallView) -> bool:
        """Whether the condition speaks of an approval, or of something that a handler called like one writes."""
        instruction = self.sites.code(node).scope.code[view.place.register]
        handed = [*instruction[2][:1], *(value for _, value in instruction[3])]
        return any(self._waited.are_in(word) for value in handed if value >= 0 for word in self._spoken_by(node, value))

    def _spoken_by(self, node: int, register: int) -> Iterator[str]:
        code, around = self.sites.code(node), self.sites.scope_of(node)
        definitions, vocabulary = self.sites.definitions, self.sites.vocabulary
        for part in code.closure((register,)):
            instruction = code.scope.code[part]
            words = frozenset(code.identifiers(part))
            if instruction[0] == ir.FUNCTION:
                words = vocabulary.of((around[0], instruction[1]))
            methods = (definitions.method_around(around, word) for word in words)
            words = words.union(*(vocabulary.of(method) for method in methods if method is not None))
            yield from words
            yield from self._writers(around, words)

    def _writers(self, around: ScopeId, words: frozenset[str]) -> Iterator[str]:
        """Names of methods of the same class that set or fill an attribute called like one of the words."""
        owner = self.sites.definitions.class_around(around)
        for method in self.sites.definitions.methods(owner) if owner is not None else ():
            if not words.isdisjoint(written(self.sites.code_of(method))):
                yield self.sites.definitions.scope(method).name


def _asserts(code: tuple[Instruction, ...], instruction: Instruction) -> bool:
    """Whether an instruction asserts something that is not said for those who read types (`x is not None`)."""
    if instruction[0] != ir.LOGIC or instruction[1] != "assert":
        return False
    test = code[instruction[2][0]]
    if test[0] == ir.LOGIC and test[1] == "bool":
        test = code[test[2][0]]
    is_isinstance = test[0] == ir.CALL and code[test[1]] == (ir.NAME, "isinstance")
    return not is_isinstance and not (test[0] == ir.LOGIC and (ir.CONST, None) in (code[r] for r in test[2]))


def _is_stub(scope: Scope) -> bool:
    """An interface: nothing but a docstring, `...`, or the error that says so."""
    if any(i[0] == ir.RAISE for i in scope.code):
        return is_left_to_others(scope)
    return not any(i[0] in (ir.CALL, ir.SET_ATTR) for i in scope.code) and _kind_of(scope) == "nothing"


def _kind_of(scope: Scope) -> str:
    """What a function gives back: "bool", "reason" (a text or nothing), "nothing", or "" for anything else."""
    names = frozenset(_annotated(scope.returns)) if scope.returns is not None else frozenset()
    if names == {"bool"}:
        return "bool"
    if names == {"str", "None"}:
        return "reason"
    given = {_value_kind(scope.code[i[1]]) for i in scope.code if i[0] == ir.RETURN} or {"nothing"}
    if given <= {"bool"}:
        return "bool"
    if given == {"nothing"}:
        return "nothing"
    return "reason" if given == {"nothing", "text"} else ""


def _says_nothing(scope: Scope) -> bool:
    """Whether a function gives nothing back, or `True` whenever it returns."""
    returned = {scope.code[instruction[1]] for instruction in scope.code if instruction[0] == ir.RETURN}
    return _kind_of(scope) == "nothing" or returned == {(ir.CONST, True)}


def _value_kind(instruction: Instruction) -> str:
    if instruction[0] == ir.CONST:
        value = instruction[1]
        return "nothing" if value is None else "bool" if isinstance(value, bool) else "text"
    if instruction[0] == ir.LOGIC:
        return "bool"
    return "text" if instruction[0] == ir.TEXT else ""


def _annotated(annotation: TypeExpr) -> Iterator[str]:
    """Names in an annotation, without the operators that join them."""
    if annotation[0] in ("name", "const"):
        yield str(annotation[1])
    elif annotation[0] in ("or", "sub"):
        for part in annotation[1:]:
            for inner in part if part and isinstance(part[0], tuple) else (part,):
                yield from _annotated(inner)
    else:
        yield ""
