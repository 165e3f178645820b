"""Questions about classes that are asked again and again: which override what, which only declare, which are alike."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from dealix_lint.callgraph import tables
from dealix_lint.callgraph.bypassing import Bypassing
from dealix_lint.callgraph.state import State
from dealix_lint.callgraph.values import Value
from dealix_lint.link import ClassId
from dealix_lint.model import ir
from dealix_lint.model.summary import Scope

_TUPLE = "NamedTuple"
Code = tuple[ir.Instruction, ...]


class Hierarchy:
    """The classes of a program, with what was found out about them. One per analysis."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.bypassing = Bypassing(state.program, state.classes)
        self._polymorphic: dict[Value, bool] = {}
        self._related: dict[tuple[Value, ClassId], bool] = {}
        self._alone: dict[ClassId, frozenset[ClassId]] = {}
        self._overriding: dict[tuple[ClassId, str], dict[ClassId, ClassId]] = {}
        self._declarations: dict[tuple[ClassId, str], bool] = {}
        self._left_to: dict[tuple[ClassId, str], frozenset[ClassId] | None] = {}
        self._abstract: dict[tuple[ClassId, str], bool] = {}
        self._assigned: dict[ClassId, frozenset[str]] = {}
        self._places: dict[ClassId, list[str]] = {}
        self._renamed: dict[ClassId, dict[str, str]] = {}
        self._keeping: dict[ClassId, bool] = {}
        self._holdings: dict[ClassId, tables.Holding] = {}
        self._data: dict[str, bool] = {}

    def is_polymorphic(self, instance: Value) -> bool:
        """True for instances of classes that share a first-party base: which one it is decides what is called."""
        found = self._polymorphic.get(instance)
        if found is None:
            class_index, key = self._state.table.data[instance]
            info = self._state.classes.info(self._state.class_list[class_index])
            heirs = self._state.classes.subclasses
            has_siblings = any(len(heirs.get(base, ())) > 1 for base in info.ancestry[1:])
            found = self._polymorphic[instance] = key == 0 and ("__call__" in info.members or has_siblings)
        return found

    def is_related(self, instance: Value, owner: ClassId | None) -> bool:
        """True if an instance's class shares a first-party ancestor with a class (a composite holding its own kind)."""
        if owner is None:
            return False
        found = self._related.get((instance, owner))
        if found is None:
            classes = self._state.classes
            own = classes.info(self._state.class_list[self._state.table.data[instance][0]]).ancestry
            found = self._related[instance, owner] = not set(own).isdisjoint(classes.info(owner).ancestry)
        return found

    def overriding(self, identity: ClassId, definer: ClassId | None, name: str) -> dict[ClassId, ClassId]:
        """Subclasses that have another definition of a member than `definer`'s -> the class that defines it."""
        found = self._overriding.get((identity, name))
        if found is None:
            found = {}
            for subclass in self._state.classes.subclasses.get(identity, ()):
                owner = self._state.classes.definer(subclass, name)
                if owner is not None and owner != definer:
                    found[subclass] = owner
            self._overriding[identity, name] = found
        return found

    def keeps_functions(self, identity: ClassId) -> bool:
        """True for a class whose objects keep functions that they are handed, and call them: which object it is decides."""
        found = self._keeping.get(identity)
        if found is None:
            classes = self._state.classes
            info = classes.info(identity)
            members = frozenset(n for c in info.ancestry for n in classes.info(c).members if self.is_method(c, n))
            is_made_here = classes.definer(identity, "__new__") is not None  # and is given its functions there
            found = not is_made_here and tables.keeps_functions(
                [self._holding(ancestor) for ancestor in info.ancestry], self._assigned_by_others, members
            )
            self._keeping[identity] = found
        return found

    def _holding(self, identity: ClassId) -> tables.Holding:
        """What the methods that a class defines itself keep and call."""
        found = self._holdings.get(identity)
        if found is None:
            module, index = identity
            scopes = self._state.program.summaries[module].scopes
            methods = [scope for scope in scopes if scope.parent == index and scope.kind == "function"]
            found = self._holdings[identity] = tables.holding(methods)
        return found

    def alone(self, identity: ClassId) -> frozenset[ClassId]:
        """A class as a set: always the same object for the same class."""
        return self._alone.setdefault(identity, frozenset((identity,)))

    def is_declaration(self, definer: ClassId, name: str) -> bool:
        """True if the class body only declares the name (`x: T`) or gives it a plain default."""
        found = self._declarations.get((definer, name))
        if found is None:
            registers = self._state.symbols.exports(*definer).get(name, ())
            code = self._state.program.summaries[definer[0]].scopes[definer[1]].code
            found = bool(registers) and all(code[r][0] in (ir.DECLARED, ir.CONST) for r in registers)
            self._declarations[definer, name] = found
        return found

    def is_abstract_method(self, definer: ClassId, name: str) -> bool:
        """True if the member is a method without a body of its own (`raise NotImplementedError`, `...`, abstract)."""
        found = self._abstract.get((definer, name))
        if found is None:
            found = self._abstract[definer, name] = self._is_abstract(definer, name)
        return found

    def _is_abstract(self, definer: ClassId, name: str) -> bool:
        method = self._method(definer, name)
        return method is not None and has_no_body(method.code)

    def _method(self, definer: ClassId, name: str) -> Scope | None:
        module, scope = definer
        for register in self._state.symbols.exports(module, scope).get(name, ()):
            for definition in self._state.symbols.at(module, scope, register):
                if definition.kind == "function" and definition.module == module:
                    return self._state.program.summaries[module].scopes[definition.scope]
        return None

    def left_to(self, identity: ClassId, definer: ClassId, name: str) -> frozenset[ClassId] | None:
        """For a method that its class leaves to subclasses (it is abstract, or raises NotImplementedError, and they have
        others): the class itself and those below it that have this very method, of which there should be no instances. None
        for other methods."""
        key = (identity, name)
        if key not in self._left_to:
            others = self.overriding(identity, definer, name) or self.is_protocol(definer)
            is_left = bool(others) and self._is_left(definer, name)
            heirs = self._state.classes.heirs(identity, name) if is_left else ()
            self._left_to[key] = frozenset((identity, *heirs)) if is_left else None
        return self._left_to[key]

    def is_abstract(self, identity: ClassId) -> bool:
        """True for a class that leaves a method to its subclasses."""
        classes = self._state.classes
        names = dict.fromkeys(n for base in classes.info(identity).ancestry for n in classes.info(base).members)
        return any(self.left_to(identity, classes.definer(identity, n) or identity, n) is not None for n in names)

    def is_protocol(self, identity: ClassId) -> bool:
        """Whether a class is derived from `typing.Protocol`."""
        return any(base.endswith(".Protocol") for base in self._state.classes.info(identity).external)

    def _is_left(self, definer: ClassId, name: str) -> bool:
        method = self._method(definer, name)
        if method is None:
            return False
        body = self._state.program.summaries[definer[0]].scopes[definer[1]].code
        names = [body[r][-1] for r in method.decorators if body[r][0] in (ir.NAME, ir.ATTR)]
        if any(name.startswith("abstract") for name in names):
            return True
        is_raising = any(i[0] == ir.NAME and i[1] == "NotImplementedError" for i in method.code)
        return (is_raising or self.is_protocol(definer)) and has_no_body(method.code)

    def field_names(self, identity: ClassId) -> list[str]:
        """Fields of a class whose constructor is generated, in the order of its positional parameters."""
        return list(dict.fromkeys(name for name, _, _ in self._field_declarations(identity)))

    def _field_declarations(self, identity: ClassId) -> Iterator[tuple[str, Code, ir.Instruction]]:
        """The declarations of fields of a class, those of its last base first, each with the name and the code it stands in."""
        for ancestor in reversed(self._state.classes.info(identity).ancestry):
            code = self._state.program.summaries[ancestor[0]].scopes[ancestor[1]].code
            for name, registers in self._state.symbols.exports(*ancestor).items():
                yield from ((name, code, code[r]) for r in registers if code[r][0] == ir.DECLARED)

    def renamed_fields(self, identity: ClassId) -> dict[str, str]:
        """Arguments of a generated constructor that are not called as their fields are -> the field: by an alias
        (`field(alias="base_url")`), and by a name without the underscore before it, as attrs has it."""
        found = self._renamed.get(identity)
        if found is None:
            fields = self.field_names(identity)
            is_library = bool(self._state.classes.info(identity).external)
            bare = {name.lstrip("_"): name for name in fields if name.startswith("_") and not is_library}
            found = self._renamed[identity] = {name: field for name, field in bare.items() if name not in fields}
            for name, code, declared in self._field_declarations(identity):
                if (alias := _alias(code, declared)) and alias not in fields:
                    found[alias] = name
        return found

    def parameters_of(self, identity: ClassId, method: str) -> list[str]:
        """Names of the parameters of a method after the first: of `__post_init__`, those of the fields that are only handed
        to it."""
        definer = self._state.classes.definer(identity, method)
        if definer is None:
            return []
        scopes = self._state.program.summaries[definer[0]].scopes
        found = (scope.parameters for scope in scopes if scope.parent == definer[1] and scope.name == method)
        return [parameter.name for parameters in found for parameter in parameters[1:]]

    def places(self, identity: ClassId) -> list[str]:
        """Fields of a named tuple, in the order in which it is unpacked; nothing for other classes, and for those that say
        themselves what they give."""
        found = self._places.get(identity)
        if found is None:
            info = self._state.classes.info(identity)
            is_tuple = any(base.rpartition(".")[2] == _TUPLE for base in info.external)
            is_tuple = is_tuple and self._state.classes.definer(identity, "__iter__") is None
            found = self._places[identity] = self.field_names(identity) if is_tuple else []
        return found

    def is_filled(self, identity: ClassId, name: str) -> bool:
        """True for a field that a constructor from outside fills: that of a library's base, or one that a decorator makes."""
        info = self._state.classes.info(identity)
        scopes = (self._state.program.summaries[module].scopes[index] for module, index in info.ancestry)
        is_made = bool(info.external) or any(scope.decorators for scope in scopes)
        return is_made and name in self.field_names(identity)

    def is_assigned(self, identity: ClassId, name: str) -> bool:
        """True if a method of the class or of a base of it assigns the attribute to `self`."""
        return any(name in self._assigned_by(base) for base in self._state.classes.info(identity).ancestry)

    def _assigned_by(self, identity: ClassId) -> frozenset[str]:
        found = self._assigned.get(identity)
        if found is None:
            module, index = identity
            methods = [s.code for s in self._state.program.summaries[module].scopes if s.parent == index]
            found = self._assigned[identity] = frozenset(
                i[2] for code in methods for i in code if i[0] == ir.SET_ATTR and code[i[1]][:2] == (ir.PARAM, 0)
            )
        return found

    def keeps(self, method: Scope) -> bool:
        """True if a method assigns attributes to its first parameter."""
        return any(i[0] == ir.SET_ATTR and method.code[i[1]][:2] == (ir.PARAM, 0) for i in method.code)

    def is_method(self, identity: ClassId, name: str) -> bool:
        """True if the class defines a function of that name."""
        return any(d.kind == "function" for d in self._state.symbols.class_member(identity, name))

    def is_data(self, name: str) -> bool:
        """True if something other than a method is an attribute of that name somewhere: a class has it, or it is assigned."""
        found = self._data.get(name)
        if found is None:
            owners = self._state.classes.by_member.get(name, ())
            is_assigned = name in self._all_assigned and not any(self._is_there_twice(c, name) for c in owners)
            found = self._data[name] = is_assigned or not all(self.is_method(c, name) for c in owners)
        return found

    def _is_there_twice(self, identity: ClassId, name: str) -> bool:
        """True for a property that can be set: the setter has its name, too."""
        scopes = self._state.program.summaries[identity[0]].scopes
        return sum(scope.parent == identity[1] and scope.name == name for scope in scopes) > 1

    @cached_property
    def _assigned_by_others(self) -> frozenset[str]:
        """Names of attributes that are assigned to something other than the first parameter of a function."""
        scopes = [scope.code for summary in self._state.program.summaries for scope in summary.scopes]
        return frozenset(i[2] for code in scopes for i in code if i[0] == ir.SET_ATTR and code[i[1]] != (ir.PARAM, 0))

    def is_assigned_outside(self, name: str) -> bool:
        """True if something other than a method assigns an attribute of that name to its object."""
        return name in self._assigned_outside

    @cached_property
    def _assigned_outside(self) -> frozenset[str]:
        found = set(self._assigned_by_others)
        for summary in self._state.program.summaries:
            for scope in summary.scopes:
                code, is_method = scope.code, scope.parent >= 0 and summary.scopes[scope.parent].kind == "class"
                found.update(i[2] for i in code if i[0] == ir.SET_ATTR and not is_method)
                named = [
                    code[i[2][1]] for i in code if i[0] == ir.CALL and len(i[2]) > 1 and i[2][1] >= 0 and _sets(code, i)
                ]
                found.update(i[1] for i in named if i[0] == ir.CONST and isinstance(i[1], str))
        return frozenset(found)

    @cached_property
    def _all_assigned(self) -> frozenset[str]:
        return frozenset(
            i[2]
            for summary in self._state.program.summaries
            for scope in summary.scopes
            for i in scope.code
            if i[0] == ir.SET_ATTR
        )


def _sets(code: tuple[ir.Instruction, ...], call: ir.Instruction) -> bool:
    return code[call[1]] == (ir.NAME, "setattr")


def has_no_body(code: tuple[ir.Instruction, ...]) -> bool:
    """True for a function that does nothing, or leaves what it does to others (`raise NotImplementedError`)."""
    doing = (ir.CALL, ir.SET_ATTR, ir.SET_ITEM, ir.YIELD, ir.RETURN)
    if not any(i[0] in doing for i in code):
        return True
    names = [i[1] for i in code if i[0] == ir.NAME]
    return "NotImplementedError" in names and not any(i[0] in (ir.RETURN, ir.SET_ATTR) for i in code)


def _alias(code: Code, declared: ir.Instruction) -> str:
    """What the constructor's argument for a field is called instead, if its declaration says so."""
    if declared[2] < 0 or code[declared[2]][0] != ir.CALL:
        return ""
    named = (code[operand] for keyword, operand in code[declared[2]][3] if keyword == "alias")
    return next((str(given[1]) for given in named if given[0] == ir.CONST and isinstance(given[1], str)), "")
