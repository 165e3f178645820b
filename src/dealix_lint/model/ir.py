"""The instruction language of summaries: what one scope does, as a tuple of small instructions.

A scope's code is a tuple of instructions in evaluation order. The *register* of an instruction is its index;
operands are registers of the same scope. Reaching definitions are already applied: a use of a local variable is
the register of the assignment that reaches it, or of a `PHI` that joins several (its operands may lie ahead where
a loop closes). There are no source positions; `(scope, register)` identifies a place and is looked up on demand.

Instruction layouts (`r` = register, `-r-1` = the spread `*r` of it):

    (NOP,)                             (BLOCK, block)          what follows belongs to that control block; a third element, of
                                       a `finally`: the block in which its `try` begins
    (CONST, value)                     str, int, float, bool, None
    (PARAM, index)                     (PHI, (r, ...))         any of these values; a third element "and" or "or": the
                                       operands of that operator in order
    (NAME, name)                       global or builtin       (FREE, name, owner_scope) of an enclosing function
    (ATTR, r, name)                    (SUBSCRIPT, r, key_r)
    (CALL, callee_r, (arg_r | -r-1, ...), ((keyword | None, r), ...))     None: a `**` spread
    (TEXT, (str | r, ...))             f-string                (BINARY, op, left_r, right_r)    `+=`: in place
    (LOGIC, op, (r, ...))              comparison, `not`: a truth value computed from those; also "bool" (a condition),
                                       "repr" (`{x!r}`), "slice" (a fourth element: where it begins), "match" (position
                                       of a class pattern), "fits" (the shape that a pattern asks for), "delitem", "delattr",
                                       "assert" (what follows is run only where it is true)
    (TUPLE | LIST | SET, (r | -r-1, ...))
    (DICT, ((key_r | None, value_r), ...))                     None: a `**` spread
    (COLLECT, kind, element_r, key_r | -1)                     comprehension of kind "list" "set" "dict" "generator"
    (FUNCTION, scope, ((param_index, default_r), ...))         (CLASS, scope, (base_r, ...), ((keyword, r), ...))
    (DECORATE, decorator_r, target_r)  the decorator applied   (IMPORT, module, level, binds_top)
    (IMPORT_FROM, module, level, name) (IMPORT_STAR, module, level)
    (SET_ATTR, r, name, value_r)       (SET_ITEM, r, key_r, value_r)
    (SET_NAME, name, value_r)          `global` write          (SET_FREE, name, owner_scope, value_r)  `nonlocal` write
    (RETURN, r) (YIELD, r) (YIELD_FROM, r) (RAISE, r) (AWAIT, r)
    (ITERATE, r, is_async)             one element of r        (ENTER, r, is_async)  what `with r as x` binds
    (ITEM, r, index)                   unpacking, may be < 0   (REST, r, start, stop)  starred target of unpacking
    (CAUGHT, r)                        `except r as e`: the e  (NARROW, r, type_r, positive)  isinstance() held / failed;
                                       with a fifth element, `(NARROW, r, wanted_r, True, attribute_r)`: that attribute of r
                                       is equal to what is wanted ("in" for True: to an item of that display); with a CALL
                                       that r is handed to for the type: what that says of the class of r
    (DECLARED, type_expr, r | -1)      annotated variable and its value
    (LOCALS,)                          unresolved: value unknown
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

Instruction: TypeAlias = tuple[Any, ...]
Register: TypeAlias = int

(
    NOP,
    BLOCK,
    CONST,
    PARAM,
    PHI,
    NAME,
    FREE,
    ATTR,
    SUBSCRIPT,
    CALL,
    TEXT,
    BINARY,
    LOGIC,
    TUPLE,
    LIST,
    SET,
    DICT,
    COLLECT,
    FUNCTION,
    CLASS,
    DECORATE,
    IMPORT,
    IMPORT_FROM,
    IMPORT_STAR,
    SET_ATTR,
    SET_ITEM,
    SET_NAME,
    SET_FREE,
    RETURN,
    YIELD,
    YIELD_FROM,
    RAISE,
    AWAIT,
    ITERATE,
    ENTER,
    ITEM,
    REST,
    CAUGHT,
    NARROW,
    DECLARED,
    LOCALS,
) = range(41)

OPCODE_COUNT: Final = 41
