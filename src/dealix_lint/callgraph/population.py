"""Which classes have instances, as far as anything tells, and who asked for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator
from typing import TYPE_CHECKING

from dealix_lint.callgraph.values import Slot, Value, Values
from dealix_lint.link import ClassId

if TYPE_CHECKING:
    from dealix_lint.callgraph.state import State


class _Question:
    """Which of the `wanted` subclasses of a class there are: asked by all who call one member through that class.
    `admitted`: further ones, which count for this member alone; `slot` grows when there are more, and `receivers` is the answer
    as long as it holds `known`."""

    __slots__ = ("admitted", "known", "receivers", "slot", "wanted")

    def __init__(self, wanted: Container[ClassId]) -> None:
        self.wanted = wanted
        self.admitted: set[ClassId] = set()
        self.slot = Slot()
        self.known: Values | None = None
        self.receivers: dict[ClassId, Value] = {}


class Population:
    """The instances of first-party classes that were seen being made or that something unknown makes."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._instances: dict[
            ClassId, dict[ClassId, list[Value]]
        ] = {}  # class -> subclass (or itself) -> its instances
        self._seen: set[Value] = set()
        self._defaults: dict[Value, set[tuple[int, int]]] = {}  # only seen as defaults -> of which parameters
        self._made_unseen: set[ClassId] = set()
        self._questions: dict[ClassId, dict[int, _Question]] = {}
        self._untold: dict[_Question, set[Value]] = {}  # instances that those who asked do not know of yet
        self._newcomers: set[ClassId] = set()  # the classes of these, and their bases

    def has(self, identity: ClassId) -> bool:
        """True if a class or a subclass of it has instances."""
        return bool(self._instances.get(identity))

    def is_seen(self, identity: ClassId) -> bool:
        """True if instances of a class or a subclass of it were seen being made."""
        return any(self._made(identity))

    def count(self, identity: ClassId) -> int:
        """Of how many classes, a class and its subclasses, instances were seen being made."""
        return sum(self._made(identity))

    def _made(self, identity: ClassId) -> Iterator[bool]:
        """For a class and each of its subclasses, whether instances were seen being made."""
        data = self._state.table.data
        return (any(data[v][1] >= 0 for v in made) for made in self._instances.get(identity, {}).values())

    def note(self, owner: ClassId, value: Value, place: tuple[int, int] | None = None) -> None:
        """An instance of a class is made, as the default of a parameter if there is one (`place`)."""
        if value in self._seen:
            if value in self._defaults:
                self._note_again(owner, value, place)
            return
        self._seen.add(value)
        if place is not None:
            self._defaults[value] = {place}
        for ancestor in self._state.classes.info(owner).ancestry:
            known = self._instances.setdefault(ancestor, {}).setdefault(owner, [])
            known.append(value)
            if len(known) <= 2:  # one is the receiver of calls through a base, several are one declared instance
                for question in self._questions.get(ancestor, {}).values():
                    if owner in question.wanted:
                        self._untold.setdefault(question, set()).add(value)
                        self._newcomers.update(self._state.classes.info(owner).ancestry)

    def _note_again(self, owner: ClassId, value: Value, place: tuple[int, int] | None) -> None:
        """What was only seen as a default is made again."""
        if place is not None:
            self._defaults[value].add(place)
            return
        del self._defaults[value]
        for ancestor in self._state.classes.info(owner).ancestry:
            for question in self._questions.get(ancestor, {}).values():
                if owner in question.wanted:
                    self._untold.setdefault(question, set()).add(value)

    def are_defaults(
        self, identity: ClassId, owners: Collection[ClassId], is_needed: Callable[[tuple[int, int]], bool]
    ) -> bool:
        """True if there are objects of some subclasses of a class only as defaults of parameters which no call leaves to them:
        others may be handed in."""
        if not self._defaults or not owners:
            return False
        made = self._instances.get(identity, {})
        return all(made.get(owner) and all(self._is_default(v, is_needed) for v in made[owner]) for owner in owners)

    def _is_default(self, value: Value, is_needed: Callable[[tuple[int, int]], bool]) -> bool:
        return not any(map(is_needed, self._defaults[value])) if value in self._defaults else False

    def tell(self) -> bool:
        """Let those who asked know of the instances that were made since; false if there are none. The handlers of an
        application are made one by one: what calls them all is told of many at a time, or it would be evaluated as often as
        there are handlers."""
        untold, self._untold = self._untold, {}
        self._newcomers.clear()
        for question, values in untold.items():
            self._state.grow(question.slot, values)
        return bool(untold)

    def is_newcomer(self, identity: ClassId) -> bool:
        """True for a class of which those who asked are still to learn that there are instances, or of a subclass."""
        return identity in self._newcomers

    def made_unseen(self, identity: ClassId) -> None:
        """Something unknown makes instances of a class (`getattr(module, name)()` where a `Wallet` is declared): the
        subclasses that nothing known instantiates are what it is for."""
        if identity in self._made_unseen:
            return
        self._made_unseen.add(identity)
        for subclass in sorted(self._state.classes.subclasses.get(identity, ())):
            if not self.has(subclass):
                self.note(subclass, self._state.declared(subclass))

    def among(self, identity: ClassId, wanted: Container[ClassId]) -> dict[ClassId, Value]:
        """A receiver for each of the `wanted` subclasses of a class that is instantiated anywhere; who asks is evaluated
        again when there are more. The same `wanted` object has to be handed in for the same class and member."""
        questions = self._questions.setdefault(identity, {})
        question = questions.get(id(wanted))
        if question is None:
            question = questions[id(wanted)] = _Question(wanted)
        self._state.read(question.slot)
        if question.known is not question.slot.values:
            question.known = question.slot.values
            question.receivers = self._receivers(identity, question)
        return question.receivers

    def _receivers(self, identity: ClassId, question: _Question) -> dict[ClassId, Value]:
        made = self._instances.get(identity, {})
        owners = sorted(owner for owner in {*made, *question.admitted} if owner in question.wanted)
        return {
            owner: made[owner][0] if len(made.get(owner, ())) == 1 else self._state.declared(owner) for owner in owners
        }

    def admit(
        self,
        owner: ClassId,
        identity: ClassId,
        wanted: Container[ClassId],
        is_made_outside: bool,
        is_needed: Callable[[tuple[int, int]], bool],
    ) -> None:
        """Let a class of which no instance is seen count for those who ask for the `wanted` subclasses of one of its bases,
        unless instances of that base or of such subclasses are seen: what is asked about is one of them. A framework makes
        objects of its classes (`is_made_outside`) whatever else is seen."""
        question = self._questions.get(identity, {}).get(id(wanted))
        if question is None or owner in question.admitted:
            return
        seen_made = () if is_made_outside else self._instances.get(identity, ())
        seen = [made for made in seen_made if made == identity or made in wanted]
        if seen and (identity in seen or not self.are_defaults(identity, seen, is_needed)):
            return
        question.admitted.add(owner)
        self._state.grow(question.slot, {self._state.declared(owner)})
