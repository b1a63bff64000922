"""Threefry2x32-20 (Salmon, Moraes, Dror and Shaw 2011), a counter-based generator of random words.

It is written as LLVM instructions, which LLVM vectorises in any loop; Numba would take seconds to compile its 115 steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.compiler.compiled import instruction

ROUNDS = 20
ROTATIONS = (13, 15, 26, 6, 17, 29, 16, 24)
PARITY = 0x1BD11BDA
"""The third word of a key is the exclusive or of this constant and the other two."""


@instruction
def words(context: Any, c0: Any, c1: Any, k0: Any, k1: Any) -> Any:
    """Return two random 32-bit words for a counter and a key, of two 32-bit words each."""
    from llvmlite import ir
    from numba import types

    word = ir.IntType(32)

    def write(context: Any, builder: Any, signature: Any, values: Sequence[Any]) -> Any:
        x, y, *key = values
        key.append(builder.xor(builder.xor(*key), word(PARITY)))
        x, y = builder.add(x, key[0]), builder.add(y, key[1])
        for k in range(ROUNDS):
            x = builder.add(x, y)
            left = ROTATIONS[k % 8]
            turned = builder.or_(builder.shl(y, word(left)), builder.lshr(y, word(32 - left)))
            y = builder.xor(turned, x)
            if k % 4 == 3:
                n = k // 4 + 1
                x = builder.add(x, key[n % 3])
                y = builder.add(y, builder.add(key[(n + 1) % 3], word(n)))
        return context.make_tuple(builder, signature.return_type, (x, y))

    return types.UniTuple(types.uint32, 2)(*[types.uint32] * 4), write
