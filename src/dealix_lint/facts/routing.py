"""The ways through a graph: which node may come after which, and whether an answer decides about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dealix_lint.facts.listed import literals
from dealix_lint.facts.names import last_segment
from dealix_lint.facts.sites import Sites
from dealix_lint.facts.stored import Stored
from dealix_lint.facts.verdicts import NO, Verdicts
from dealix_lint.model import ir
from dealix_lint.model.graph import ExternalCall, Place
from dealix_lint.model.patterns import PatternIndex
from dealix_lint.model.policy import GraphNames
from dealix_lint.model.text import ArgumentValue, Symbol, Text

_START, _END = "START", "END"
_ENDS = {"__start__": _START, "__end__": _END}
Values = tuple[ArgumentValue, ...]


@dataclass(slots=True)
class Ways:
    """A graph: functions by the names of its nodes, what always comes next (`edges`), what a function chooses (`choices`:
    source, function, the call that says so), and whether something of it is not known."""

    functions: dict[str, str] = field(default_factory=dict)
    edges: list[tuple[str, str]] = field(default_factory=list)
    choices: list[tuple[str, str, ExternalCall]] = field(default_factory=list)
    is_open: bool = False


class Routing:
    """Which nodes of graphs are reached without an answer that lets them."""

    __slots__ = ("_graphs", "_index", "_jumps", "_names", "_run", "_ungated", "sites", "stored")

    def __init__(self, sites: Sites, stored: Stored, names: GraphNames) -> None:
        self.sites, self.stored, self._names = sites, stored, names
        self._index = {
            name: PatternIndex((pattern, True) for pattern in patterns)
            for name, patterns in (
                ("node", names.nodes), ("edge", names.edges), ("choice", names.choices),
                ("entry", names.entries), ("jump", names.jumps), ("open", names.build), ("run", names.run),
            )
        }  # fmt: skip
        self._graphs: dict[int, Ways] | None = None
        self._run: dict[tuple[int, Place], int] = {}
        self._jumps: dict[int, list[ExternalCall]] = {}
        self._ungated: dict[int, frozenset[str] | None] = {}

    def run_at(self, node: int, place: Place) -> tuple[int, ...]:
        """The graph that a call runs."""
        self._survey()
        found = self._run.get((node, place), 0)
        return (found,) if found else ()

    def graphs_of(self, function: str) -> tuple[int, ...]:
        """The graphs in which a function is a node."""
        return tuple(creation for creation, ways in self._survey().items() if function in ways.functions.values())

    def is_gated(self, graph: int, function: str) -> bool | None:
        """Whether every way through the graph to a node leads by an answer that may refuse it; None if that is not known."""
        ways = self._survey().get(graph)
        if ways is None or ways.is_open or function not in ways.functions.values():
            return None
        if graph not in self._ungated:
            self._ungated[graph] = self._walk(ways)
        reached = self._ungated[graph]
        return None if reached is None else function not in reached

    def _walk(self, ways: Ways) -> frozenset[str] | None:
        """Functions of the nodes that are reached without such an answer."""
        keys = frozenset(key for function in ways.functions.values() for key in self.stored.keys(function))
        pending, seen = [(_START, False)], {(_START, False)}
        while pending:
            source, is_asked = pending.pop()
            function = ways.functions.get(source, "")
            is_asked = is_asked or self.stored.asks(function)
            for target, is_decided in self._after(ways, source, keys):
                if target != _END and target not in ways.functions:
                    return None
                state = str(target), is_asked
                if not (is_decided and is_asked) and state not in seen:
                    seen.add(state)
                    pending.append(state)
        return frozenset(ways.functions[name] for name, _ in seen if name in ways.functions)

    def _after(self, ways: Ways, source: str, keys: frozenset[str]) -> Iterator[tuple[str | None, bool]]:
        """What may come after a node, each with whether an answer decides about it; None for what is not known."""
        yield from ((target, False) for before, target in ways.edges if before == source)
        for before, function, call in ways.choices:
            if before == source:
                for node in self.sites.nodes_of(function)[:1]:
                    yield from self._chosen(node, self._mapped(call.node, call.place), keys)
        for node in self.sites.nodes_of(ways.functions.get(source, ""))[:1]:
            places = {call.place.register: call for call in self._jumps.get(node, ())}
            given = self.stored.answered(node) | self.stored.read(node, keys)
            guarded = self.stored.are_guarded(node, places, given)
            for register, call in places.items():
                targets = _names(_argument(call, 9, "goto"))
                if targets or not dict(call.keywords).get("goto", (Text(("",)),)):
                    yield from ((target, guarded[register]) for target in (targets or ("",)))

    def _mapped(self, node: int, place: Place) -> dict[object, str | None] | None:
        """What a path map says: a name by what the function gives back; None where there is none."""
        code = self.sites.code(node).scope.code
        call = code[place.register]
        maps = [value for key, value in call[3] if key == "path_map"] + [*call[2][2:3]]
        if not maps or maps[0] < 0 or code[maps[0]][0] != ir.DICT:
            return None
        items = code[maps[0]][1]
        return {code[k][1]: self._named(node, v) for k, v in items if k is not None and code[k][0] == ir.CONST}

    def _named(self, node: int, register: int) -> str | None:
        """The one name that a register holds."""
        names = _names(self.sites.resolution.values(node, register))
        return names[0] if len(names) == 1 else None

    def _chosen(
        self, node: int, mapped: dict[object, str | None] | None, keys: frozenset[str]
    ) -> Iterator[tuple[str | None, bool]]:
        """What a function chooses by what it gives back."""
        code, given = self.sites.code(node), self.stored.read(node, keys)
        leaves = [leaf for i in code.scope.code if i[0] == ir.RETURN for leaf in _leaves(code.scope.code, i[1])]
        guarded = self.stored.are_guarded(node, leaves, given)
        sides, is_tested = Verdicts(code, given, self.stored.lexicon), any(b.test >= 0 for b in code.scope.blocks)
        for leaf in leaves:
            name = self._named(node, leaf)
            if mapped is None or name is not None:
                target = name if mapped is None or name is None else mapped.get(name, name)
                yield target, guarded[leaf] or (is_tested and not keys)
            elif mapped.keys() <= {True, False}:
                said = sides.given_back(leaf)
                for key, target in mapped.items():
                    is_decided = (said.holds if key else said.fails) != NO
                    yield target, is_decided or guarded[leaf] or not keys
            else:
                yield from ((target, leaf in given or not keys) for target in mapped.values())

    # -- what is put together where -----------------------------------------------------------------------------

    def _survey(self) -> dict[int, Ways]:
        if self._graphs is None:
            self._graphs = {}
            is_wanted = self._index.values()
            for call in self.sites.resolution.external_calls(lambda path: any(i.find(path) for i in is_wanted)):
                creation = self.sites.resolution.creation(call)
                if self._index["jump"].find(call.path):
                    self._jumps.setdefault(call.node, []).append(call)
                elif self._index["run"].find(call.path):
                    self._run[call.node, call.place] = creation
                elif creation:
                    self._add(self._graphs.setdefault(creation, Ways()), call)
        return self._graphs

    def _add(self, ways: Ways, call: ExternalCall) -> None:
        values = [*call.arguments]
        if self._index["node"].find(call.path):
            functions = [*_symbols(_argument(call, 1, "action"))] or [*_symbols(_argument(call, 0, "node"))]
            names = [*literals(_argument(call, 0, "node"))] or [last_segment(name) for name in functions[:1]]
            ways.is_open |= len(functions) != 1 or len(names) != 1 or names[0] in ways.functions
            ways.functions.update(zip(names[:1], functions[:1], strict=False))
        elif self._index["edge"].find(call.path):
            sources, targets = _names(_argument(call, 0, "start_key")), _names(_argument(call, 1, "end_key"))
            ways.is_open |= not sources or not targets
            ways.edges += [(source, target) for source in sources for target in targets]
        elif self._index["choice"].find(call.path):
            sources, functions = _names(values[0] if values else ()), [*_symbols(_argument(call, 1, "path"))]
            ways.is_open |= len(sources) != 1 or len(functions) != 1
            ways.choices += [(source, function, call) for source in sources for function in functions]
        elif self._index["entry"].find(call.path):
            names = _names(_argument(call, 0, "key"))
            ways.is_open |= not names
            ways.edges += [(_START, name) for name in names]
        else:
            ways.is_open = True


def _argument(call: ExternalCall, position: int, keyword: str) -> Values:
    given = dict(call.keywords).get(keyword, ())
    return given or (call.arguments[position] if position < len(call.arguments) else ())


def _symbols(values: Values) -> Iterator[str]:
    """Names that are handed over alone."""
    return (value.name for value in values if isinstance(value, Symbol))


def _names(values: Values) -> list[str]:
    """Names of nodes, and of the start and the end."""
    return [_ENDS.get(name, name) for name in (*literals(values), *map(last_segment, _symbols(values)))]


def _leaves(code: tuple[ir.Instruction, ...], register: int) -> Iterator[int]:
    """What a value may be."""
    if code[register][0] == ir.PHI and len(code[register]) == 2:
        for part in code[register][1]:
            yield from _leaves(code, part)
    else:
        yield register
