"""Elements, attributes, tuples and operators. Each function returns an expression's value, or None to leave it to Numba.

resty : the type of the value.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core.errors import UnsupportedError

from sim.compiler.lowering.arrays import Array, kinds_of
from sim.compiler.lowering.held import Element, Held
from sim.compiler.lowering.numbers import binary
from sim.compiler.lowering.pieces import ITEMS, Several, part
from sim.compiler.lowering.variables import Variables

FUNCTIONS = (types.Dispatcher, types.Function)


def indexed(lower: Variables, value: Any, index: Any) -> tuple[Array, list[Any], list[Any]] | None:
    """Return an array, and the types and values of an index into it, one a dimension."""
    kind, index_kind = lower.typeof(value.name), lower.typeof(index.name)
    kinds = kinds_of(index_kind)
    if not isinstance(kind, types.Array) or kind.layout not in "CA" or kind.ndim > 2 or not kinds:
        return None
    found = lower.value_of(index)
    if not isinstance(index_kind, types.BaseTuple):
        indices = [found]
    elif isinstance(found, Several):
        indices = list(found.values)
    else:
        indices = [part(lower.builder, found, k) for k in range(len(kinds))]
    return Array(lower.context, lower.builder, kind, lower.value_of(value)), kinds, indices


def _item(lower: Variables, resty: Any, value: Any, index: Any) -> Any:
    found = indexed(lower, value, index)
    if found is None:
        return None
    array, kinds, indices = found
    if not array.has_place(kinds):
        return array.stretch(resty, kinds, indices) if array.has_stretch(kinds) else None
    place, align = array.place(kinds, indices), None if array.kind.aligned else 1
    item = lower.context.unpack_value(lower.builder, array.kind.dtype, place, align=align)
    return lower.context.cast(lower.builder, item, array.kind.dtype, resty)


def getitem(lower: Variables, resty: Any, expr: Any) -> Any:
    """Return an element, a row, a column or a part of one."""
    return _item(lower, resty, expr.value, expr.index)


def static_getitem(lower: Variables, resty: Any, expr: Any) -> Any:
    """Return the same of an array, or an element of a tuple, at a constant place."""
    kind = lower.typeof(expr.value.name)
    if isinstance(kind, types.BaseTuple) and isinstance(expr.index, int) and kind[expr.index] == resty:
        value, index = lower.kept_value_of(expr.value), expr.index % len(kind)
        return value.values[index] if isinstance(value, Several) else part(lower.builder, value, index)
    return None if expr.index_var is None else _item(lower, resty, expr.value, expr.index_var)


def getattr_(lower: Variables, resty: Any, expr: Any) -> Any:
    """Return an element of a held tuple, an array's size, or a module's function, which takes nothing to find."""
    kind = lower.typeof(expr.value.name)
    if isinstance(kind, Held):
        return _element(lower, kind, lower.loadvar(expr.value.name), expr.attr)
    if isinstance(kind, types.Array) and expr.attr == "size":
        return part(lower.builder, lower.value_of(expr.value), ITEMS)
    if isinstance(kind, types.Module) and isinstance(resty, FUNCTIONS):
        return lower.context.get_dummy_value()
    return None


def _element(lower: Variables, kind: Held, address: Any, name: str) -> Element:
    if not isinstance(address, ir.Argument):
        raise UnsupportedError("a named tuple reaches a function as one of its arguments only", loc=lower.loc)
    if (address, name) not in lower.elements:
        lower.elements[address, name] = Element(lower.context, lower.builder, kind, address, name)
    return lower.elements[address, name]


def build_tuple(lower: Variables, resty: Any, expr: Any) -> Any:
    """Return a tuple of values."""
    if any(lower.typeof(item.name) != kind for item, kind in zip(expr.items, resty, strict=True)):
        return None
    values = [lower.kept_value_of(item) for item in expr.items]
    return Several(lower.builder, lower.context.get_value_type(resty), values)


def pair_first(lower: Variables, resty: Any, expr: Any) -> Any:
    """Return an iterator's next value."""
    return part(lower.builder, lower.value_of(expr.value), 0)


def pair_second(lower: Variables, resty: Any, expr: Any) -> Any:
    """Return whether an iterator had one."""
    return part(lower.builder, lower.value_of(expr.value), 1)


def binop(lower: Variables, resty: Any, expr: Any) -> Any:
    """Return what an operator makes of two numbers."""
    operation = expr.immutable_fn if expr.op == "inplace_binop" else expr.fn
    signature = lower.fndesc.calltypes[expr]
    kind, other = signature.args
    write = binary(lower.builder, operation, kind, signature.return_type) if kind == other else None
    if write is None:
        return None
    found = write(lower.number_of(expr.lhs, kind), lower.number_of(expr.rhs, kind))
    return lower.context.cast(lower.builder, found, signature.return_type, resty)
