"""Stretches of columns, cut out in compiled code.

Numba takes ten times as many instructions over a slice, which may count from the end and reach beyond it, and seconds
over the hundred that building the world would have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.compiled import instruction


@instruction
def stretch(context: Any, block: Any, row: Any, first: Any, stop: Any) -> Any:
    """Return ``block[row, first:stop]`` of a C-ordered block; first and stop lie within it, and first isn't beyond stop."""
    from numba import types
    from numba.core import cgutils

    view = types.Array(block.dtype, 1, "C")

    def write(context: Any, builder: Any, signature: Any, values: Sequence[Any]) -> Any:
        whole, part = context.make_array(block)(context, builder, values[0]), context.make_array(view)(context, builder)
        _, row, first, stop = values
        columns = builder.extract_value(whole.shape, 1)
        part.data = builder.gep(whole.data, [builder.add(builder.mul(row, columns), first)])
        part.nitems, part.itemsize = builder.sub(stop, first), whole.itemsize
        part.meminfo, part.parent = whole.meminfo, whole.parent
        part.shape = cgutils.pack_array(builder, [part.nitems])
        part.strides = cgutils.pack_array(builder, [part.itemsize])
        return part._getvalue()

    return view(block, types.int64, types.int64, types.int64), write
