"""Calls of the engine's own functions, and of a few of Python's. Each returns a value, or None to leave it to Numba."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from numba import types
from numba.core import cgutils

from sim.compiler.lowering.arrays import SLICE
from sim.compiler.lowering.numbers import EXTREMES, NUMBERS, extreme, truth
from sim.compiler.lowering.pieces import WORD, Pieces, whole
from sim.compiler.lowering.ranges import range_
from sim.compiler.lowering.variables import Variables


def call(lower: Variables, resty: Any, expr: Any) -> Any:
    """Return what a function returns."""
    function, signature = lower.typeof(expr.func.name), lower.fndesc.calltypes[expr]
    if expr.kws or expr.vararg or len(expr.args) != len(signature.args):
        return None
    if isinstance(function, types.Dispatcher):
        return _call_of_ours(lower, resty, expr, function.dispatcher.overloads.get(tuple(signature.args)))
    known = _KNOWN.get(function.typing_key) if isinstance(function, types.Function) else None
    return known and known(lower, resty, expr, signature)


def _call_of_ours(lower: Variables, resty: Any, expr: Any, compiled: Any) -> Any:
    """Call a compiled function. Its code is 0, or the number of an error, which is handed on."""
    signature = lower.fndesc.calltypes[expr]
    if compiled is None or isinstance(signature.return_type, types.Optional):
        return None
    builder, context = lower.builder, lower.context
    callee = context.declare_function(builder.module, compiled.fndesc)
    place = _place_of(lower, lower.call_conv.get_return_type(signature.return_type).pointee)
    arguments = [place, lower.call_conv._get_excinfo_argument(lower.function)]
    for variable, kind in zip(expr.args, signature.args, strict=True):
        arguments += _handed_over(lower, variable, kind)
    code = builder.call(callee, arguments)
    with cgutils.if_unlikely(builder, builder.icmp_unsigned("!=", code, code.type(0))):
        builder.ret(code)
    context.add_linking_libs((compiled.library,))
    found = context.get_returned_value(builder, signature.return_type, builder.load(place))
    return context.cast(builder, found, signature.return_type, resty)


def _place_of(lower: Variables, kind: Any) -> Any:
    """Return where functions write what they return, of a type; it is read at once, and so one place will do."""
    if kind not in lower.returned:
        with lower.builder.goto_entry_block():
            lower.returned[kind] = lower.builder.alloca(kind)
    return lower.returned[kind]


def _handed_over(lower: Variables, variable: Any, kind: Any) -> list[Any]:
    """Return the words by which a variable's value is handed over as an argument of a type."""
    if isinstance(kind, NUMBERS):
        value = lower.number_of(variable, kind)
    else:
        value, own = lower.value_of(variable), lower.typeof(variable.name)
        if isinstance(value, Pieces) and isinstance(kind, types.Array) and own == kind:
            return value.flat()
        value = lower.context.cast(lower.builder, whole(value), own, kind)
    return list(_flat(lower.context.data_model_manager[kind].as_argument(lower.builder, value)))


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple | list):
        for element in value:
            yield from _flat(element)
    else:
        yield value


def _bool(lower: Variables, resty: Any, expr: Any, signature: Any) -> Any:
    kind = lower.typeof(expr.args[0].name)
    return truth(lower.builder, kind, lower.loadvar(expr.args[0].name)) if isinstance(kind, NUMBERS) else None


def _int(lower: Variables, resty: Any, expr: Any, signature: Any) -> Any:
    return lower.number_of(expr.args[0], resty) if isinstance(signature.args[0], NUMBERS) else None


def _extreme(lower: Variables, resty: Any, expr: Any, signature: Any) -> Any:
    kind = signature.return_type
    if len(expr.args) != 2 or not isinstance(kind, types.Integer | types.Float):
        return None
    function = lower.typeof(expr.func.name).typing_key
    found = extreme(lower.builder, function, kind, [lower.number_of(one, kind) for one in expr.args])
    return lower.context.cast(lower.builder, found, kind, resty)


def _slice(lower: Variables, resty: Any, expr: Any, signature: Any) -> Any:
    """Return a slice: its start, end and step."""
    if signature.return_type != SLICE or len(expr.args) != 2:
        return None
    start, stop = (
        WORD(default) if kind is types.none else lower.number_of(one, types.intp)
        for one, kind, default in zip(expr.args, signature.args, (0, types.intp.maxval), strict=True)
    )
    kind = lower.context.get_value_type(SLICE)
    return Pieces(lower.builder, kind, {(0,): start, (1,): stop, (2,): WORD(1)})


_KNOWN: dict[Any, Callable[[Variables, Any, Any, Any], Any]] = {
    bool: _bool, int: _int, range: range_, slice: _slice, **dict.fromkeys(EXTREMES, _extreme),
}  # fmt: skip
