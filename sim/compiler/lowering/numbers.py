"""Operations on numbers of one type as the one LLVM instruction that Numba, after some searching, comes to as well."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from llvmlite import ir
from numba import types

Builder = Any

_COMPARISONS = {
    operator.lt: "<", operator.le: "<=", operator.gt: ">", operator.ge: ">=", operator.eq: "==", operator.ne: "!=",
    min: "<", max: ">",
}  # fmt: skip
_OF_FLOATS = {operator.add: "fadd", operator.sub: "fsub", operator.mul: "fmul"}
_OF_INTEGERS = {
    operator.add: "add", operator.sub: "sub", operator.mul: "mul", operator.and_: "and_", operator.or_: "or_",
    operator.xor: "xor", operator.lshift: "shl",
}  # fmt: skip
EXTREMES = (min, max)
NUMBERS = (types.Integer, types.Float, types.Boolean)


def binary(builder: Builder, operation: Any, kind: Any, result: Any) -> Callable[[Any, Any], Any] | None:
    """Return what writes an operation on two numbers; None for one that isn't a single instruction.

    kind : the type of both numbers; result : the type of what the operation returns.
    """
    if operation in _COMPARISONS:
        compare = _comparing(builder, operation, kind)
        return compare and partial(compare, _COMPARISONS[operation])
    if kind != result:
        return None
    if isinstance(kind, types.Float):
        name = _OF_FLOATS.get(operation)
    elif isinstance(kind, types.Integer):
        shift = "ashr" if kind.signed else "lshr"
        name = shift if operation is operator.rshift else _OF_INTEGERS.get(operation)
    else:
        name = None
    return getattr(builder, name) if name else None


def _comparing(builder: Builder, operation: Any, kind: Any) -> Any:
    if isinstance(kind, types.Float):
        return builder.fcmp_unordered if operation is operator.ne else builder.fcmp_ordered
    if isinstance(kind, types.Integer):
        return builder.icmp_signed if kind.signed else builder.icmp_unsigned
    return None


def extreme(builder: Builder, function: Any, kind: Any, numbers: Sequence[Any]) -> Any:
    """Return the least or the greatest of two numbers of one type; the first, if the second isn't beyond it."""
    first, second = numbers
    compare = _comparing(builder, function, kind)
    return builder.select(compare(_COMPARISONS[function], second, first), second, first)


def truth(builder: Builder, kind: Any, number: Any) -> Any:
    """Return whether a number isn't 0."""
    if isinstance(kind, types.Boolean):
        return number
    compare = builder.fcmp_unordered if isinstance(kind, types.Float) else builder.icmp_unsigned
    return compare("!=", number, number.type(0))


def literal(context: Any, kind: Any, wanted: Any) -> Any:
    """Return the constant that a literal number is, as a number of another type; None for anything else."""
    if isinstance(kind, types.IntegerLiteral) and isinstance(wanted, types.Integer | types.Float):
        of_floats = isinstance(wanted, types.Float)
        return ir.Constant(context.get_value_type(wanted), (float if of_floats else int)(kind.literal_value))
    return None
