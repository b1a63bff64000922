"""Loops over ranges with a constant step upwards. Each function returns a value, or None to leave it to Numba."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.core import cgutils
from numba.core import ir as numba_ir

from sim.compiler.lowering.pieces import Parts, Pieces, part
from sim.compiler.lowering.variables import Variables

_RANGES = (types.range_state32_type, types.range_state64_type)
_ITERATORS = (types.range_iter32_type, types.range_iter64_type)
_NEXT, _STOP, _STEP, _LEFT = range(4)
"""Places of an iterator's parts."""


def range_(lower: Variables, resty: Any, expr: Any, signature: Any) -> Any:
    """Return a range: its start, stop and step."""
    if resty not in _RANGES or _step_of(lower, expr) is None:
        return None
    number = lower.context.get_value_type(resty.dtype)
    given = [lower.number_of(one, resty.dtype) for one in expr.args]
    start, stop, step = [number(0), *given, number(1)] if len(given) == 1 else [*given, number(1)][:3]
    kind = lower.context.get_value_type(resty)
    return Pieces(lower.builder, kind, {(0,): start, (1,): stop, (2,): step})


def _step_of(lower: Variables, call: Any) -> int | None:
    """Return the step of a range, if it is constant and leads upwards."""
    kind = lower.typeof(call.args[2].name) if len(call.args) == 3 else types.literal(1)
    return kind.literal_value if isinstance(kind, types.IntegerLiteral) and kind.literal_value > 0 else None


def getiter(lower: Variables, resty: Any, expr: Any) -> Any:
    """Return the iterator of a range: places of the next number and of how many are left."""
    call = lower.func_ir.get_definition(expr.value) if resty in _ITERATORS else None
    by = _step_of(lower, call) if isinstance(call, numba_ir.Expr) and call.op == "call" else None
    if by is None:
        return None
    builder = lower.builder
    start, stop = (part(builder, lower.value_of(expr.value), k) for k in (0, 1))
    left, none = builder.sub(stop, start), start.type(0)
    left = builder.select(builder.icmp_signed(">", left, none), left, none)
    if by > 1:
        left = builder.udiv(builder.add(left, start.type(by - 1)), start.type(by))
    next_at, left_at = (cgutils.alloca_once(builder, start.type) for _ in range(2))
    builder.store(start, next_at)
    builder.store(left, left_at)
    parts: Parts = {(_NEXT,): next_at, (_STOP,): stop, (_STEP,): start.type(by), (_LEFT,): left_at}
    return Pieces(builder, lower.context.get_value_type(resty), parts)


def iternext(lower: Variables, resty: Any, expr: Any) -> Any:
    """Return the pair of a range's next number and whether there is one."""
    if lower.typeof(expr.value.name) not in _ITERATORS:
        return None
    builder = lower.builder
    next_at, step, left_at = (part(builder, lower.value_of(expr.value), place) for place in (_NEXT, _STEP, _LEFT))
    number, left = builder.load(next_at), builder.load(left_at)
    builder.store(builder.add(number, step), next_at)
    builder.store(builder.sub(left, left.type(1)), left_at)
    more = builder.icmp_signed(">", left, left.type(0))
    return Pieces(builder, lower.context.get_value_type(resty), {(0,): number, (1,): more})
