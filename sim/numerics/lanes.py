"""Lanes: two loops written as vector instructions for LLVM, which doesn't find them by itself.

On processors without such instructions they are plain ones; the results are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.compiler.compiled import instruction

NUMBERS = 16
"""Flags that `append_places` looks at together; as many 32-bit numbers fill the widest register."""
COMPRESSES = "+avx512f"
"""The feature of processors that write chosen lanes side by side."""
SUMS = 4
"""Lanes of `sums_by_lane`."""


@instruction
def append_places(context: Any, mask: Any, first: Any, places: Any, n: Any) -> Any:
    """Write those of the places first .. first + 15 where `mask` (u8) is not 0 to places[n], places[n + 1], ... (i32).

    Returns n and how many there are. Up to `NUMBERS` numbers from places[n] on are written, whatever `mask` holds: there is
    room for them wherever `places` is as long as `mask`. first, n : int64.
    """
    from llvmlite import ir
    from numba import types
    from numba.core import cgutils

    number, flags, numbers = (
        ir.IntType(32),
        ir.VectorType(ir.IntType(8), NUMBERS),
        ir.VectorType(ir.IntType(32), NUMBERS),
    )
    chosen = ir.VectorType(ir.IntType(1), NUMBERS)

    def write(context: Any, builder: Any, signature: Any, values: Sequence[Any]) -> Any:
        mask, places = (context.make_array(signature.args[k])(context, builder, values[k]).data for k in (0, 2))
        if COMPRESSES not in context.codegen().magic_tuple()[-1]:  # LLVM would make a branch on each flag
            n = values[3]
            for k in range(NUMBERS):
                place = builder.add(values[1], values[1].type(k))
                builder.store(builder.trunc(place, number), builder.gep(places, [n]))  # the next one may write over it
                is_set = builder.icmp_unsigned("!=", builder.load(builder.gep(mask, [place])), ir.IntType(8)(0))
                n = builder.add(n, builder.zext(is_set, n.type))
            return n
        group = builder.load(builder.bitcast(builder.gep(mask, [values[1]]), flags.as_pointer()), align=1)
        is_set = builder.icmp_unsigned("!=", group, flags([0] * NUMBERS))
        start = builder.insert_element(numbers(ir.Undefined), builder.trunc(values[1], number), number(0))
        start = builder.shuffle_vector(start, numbers(ir.Undefined), numbers([0] * NUMBERS))
        # Into a register, and from there to memory: compressing into memory takes some processors a hundred cycles.
        kind = ir.FunctionType(numbers, [numbers, numbers, chosen])
        compress = cgutils.get_or_insert_function(builder.module, kind, f"llvm.x86.avx512.mask.compress.v{NUMBERS}i32")
        side_by_side = builder.call(
            compress, [builder.add(start, numbers([*range(NUMBERS)])), numbers([0] * NUMBERS), is_set]
        )
        builder.store(side_by_side, builder.bitcast(builder.gep(places, [values[3]]), numbers.as_pointer()), align=4)
        set_ = builder.ctpop(builder.bitcast(is_set, ir.IntType(NUMBERS)))
        return builder.add(values[3], builder.zext(set_, values[3].type))

    return types.int64(mask, types.int64, places, types.int64), write


@instruction
def sums_by_lane(context: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    """Return of each of four columns (f64) of one length four sums: of every fourth number from the k-th on, k = 0..3.

    Numbers behind the last whole four are left out.
    """
    from llvmlite import ir
    from numba import types
    from numba.core import cgutils

    lanes, kind = ir.VectorType(ir.DoubleType(), SUMS), types.UniTuple(types.float64, SUMS)

    def write(context: Any, builder: Any, signature: Any, values: Sequence[Any]) -> Any:
        columns = [context.make_array(k)(context, builder, v) for k, v in zip(signature.args, values, strict=True)]
        totals = [cgutils.alloca_once_value(builder, lanes([0.0] * SUMS)) for _ in columns]
        size = columns[0].nitems
        with cgutils.for_range(builder, builder.udiv(size, size.type(SUMS))) as loop:
            at = builder.mul(loop.index, size.type(SUMS))
            for column, total in zip(columns, totals, strict=True):
                place = builder.bitcast(builder.gep(column.data, [at]), lanes.as_pointer())
                builder.store(builder.fadd(builder.load(total), builder.load(place, align=8)), total)
        sums = [builder.load(total) for total in totals]
        numbers = [[builder.extract_element(four, ir.IntType(32)(k)) for k in range(SUMS)] for four in sums]
        return context.make_tuple(
            builder, signature.return_type, [context.make_tuple(builder, kind, four) for four in numbers]
        )

    return types.UniTuple(kind, 4)(a, b, c, d), write
